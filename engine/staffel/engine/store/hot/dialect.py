"""What the two databases do differently around a transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from staffel.engine.store.hot.shapes import Hot


class Dialect(NamedTuple):
    """`driver` arguments are the driver's own connection, not SQLAlchemy's."""

    hot: type[Hot]
    prepare_connection: Callable[[Any, Any], None]
    begin: Callable[[Any], None]
    begin_reading: Callable[[Any], None]
    end_reading: Callable[[Any], None]
    commit: Callable[[Any], None]
    rollback: Callable[[Any], None]
    is_passing: Callable[[BaseException | None], bool]
    is_lost: Callable[[Any], bool]
    mark: Callable[[Any], str]
