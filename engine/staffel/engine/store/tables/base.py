"""What the columns of all tables share."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlmodel import Field, MetaData, SQLModel

from staffel.engine.store.types import BYTES, JSON, TEXT, UtcTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """A row of a Staffel table."""

    metadata = MetaData(naming_convention=NAMING)


def id_column() -> Any:
    """The row's own id, a UUIDv7 made by `store.ids`."""
    return Field(sa_type=Uuid, primary_key=True)


def text(**options: Any) -> Any:
    """Text of any length."""
    return Field(sa_type=TEXT, **options)


def moment(**options: Any) -> Any:
    """A time in UTC."""
    return Field(sa_type=UtcTime, **options)


def json(**options: Any) -> Any:
    """A JSON document."""
    return Field(sa_type=JSON, **options)


def data(**options: Any) -> Any:
    """Bytes."""
    return Field(sa_type=BYTES, **options)


def link(target: str, **options: Any) -> Any:
    """A reference to `table.column`."""
    return Field(sa_type=Uuid, foreign_key=target, **options)


__all__ = ["UUID", "Any", "Row", "data", "datetime", "id_column", "json", "link", "moment", "text"]
