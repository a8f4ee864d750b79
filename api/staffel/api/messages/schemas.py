"""Shapes of messages and signals."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.schemas import CONFIRMED, Input, JsonValues, Output
from staffel.api.tasks.schemas import Form


class MessageIn(Input):
    """A message for exactly one receiver."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Bescheid eingegangen",
                    "correlation": "50.1-2026-0815",
                    "payload": {"bewilligt": True},
                    "key": "fachverfahren-4711",
                }
            ]
        }
    )

    name: str = Field(min_length=1, max_length=200)
    correlation: str = Field(default="", max_length=500, description="Usually the Aktenzeichen")
    payload: JsonValues = Field(default={})
    time_to_live: timedelta | None = Field(
        default=None,
        ge=timedelta(),
        le=timedelta(days=3650),
        description="How long it is kept for a receiver, as ISO 8601 (`P30D`, the default) or seconds; 0: not at all",
    )
    key: str | None = Field(
        default=None, max_length=200, description="Sent again with the same key, it is delivered once"
    )


class DeliveryOut(Output):
    """What became of the message."""

    message_id: UUID
    is_received: bool = Field(description="Whether a case has it; else it is kept until one waits for it")


class AwaitedOut(Output):
    """A message that a case waits for."""

    name: str = Field(examples=["Rechtsbehelf eingegangen"])
    element: str = Field(description="Where the case waits for it")
    form: Form | None = Field(description="What is asked with it; null: nothing")


class ArrivalIn(Input):
    """A message that somebody enters for a case of the own Stelle."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Rechtsbehelf eingegangen"}]})

    name: str = Field(min_length=1, max_length=200)
    values: JsonValues = Field(default={})
    confirmed: bool = CONFIRMED


class SignalIn(Input):
    """A signal for every case of the municipality that waits for it."""

    name: str = Field(min_length=1, max_length=200)
    payload: JsonValues = Field(default={})
    key: str | None = Field(
        default=None, max_length=200, description="Sent again with the same key, it is broadcast once"
    )


class SignalOut(Output):
    """What the signal reached."""

    cases: int = Field(description="How many cases it reached or started")
