"""Shapes of webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from staffel.api.schemas import Input, JsonValues, Output

MessageName = Annotated[str, Field(min_length=1, max_length=200)]


class NewWebhook(Input):
    """A system that sends signed messages."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Fachverfahren", "messages": ["Bescheid eingegangen"]}]}
    )

    name: str = Field(min_length=1, max_length=200)
    messages: list[MessageName] = Field(min_length=1, max_length=50, description="The names it may send")


class WebhookOut(Output):
    """A source of signed messages."""

    id: UUID
    name: str
    messages: list[str]
    created_at: datetime
    ended_at: datetime | None


class MadeWebhook(WebhookOut):
    """A new source, with the secret that it signs with."""

    secret: str = Field(description="`whsec_…`; shown this once")


class WebhookMessage(Input):
    """The body of a webhook."""

    type: str = Field(min_length=1, max_length=200, description="Name of the message")
    correlation: str = Field(default="", max_length=500, description="Usually the Aktenzeichen")
    data: JsonValues = Field(default={})
    timestamp: datetime | None = Field(default=None, description="When it happened; taken, not used")
