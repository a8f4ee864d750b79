"""The domain's way of saying no (STYLE §6): an exception with a stable code, an HTTP status and a readable message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class Refusal(Exception):  # noqa: N818 - the domain word; these are answers, not errors
    """The request cannot be carried out; nothing was changed.

    A subclass states the rule in its docstring, which is the message. `text_de` is the German message; `details`
    carries what was found, for the problem document and the page.
    """

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    text_de: ClassVar[str] = "Das ist hier nicht möglich."

    def __init__(self, message: str = "", *, text_de: str = "", **details: Any) -> None:
        super().__init__(message or (self.__doc__ or "").strip().split("\n\n", maxsplit=1)[0])
        self.message_de = text_de or self.text_de
        self.details: Mapping[str, Any] = details


class NotFound(Refusal):
    """There is no such thing, or it is not visible to you."""

    status, code = 404, "not-found"
    text_de = "Das gibt es nicht, oder es ist für Sie nicht sichtbar."


class NotAllowed(Refusal):
    """Your role does not allow this."""

    status, code = 403, "not-allowed"
    text_de = "Ihre Rolle erlaubt das nicht."
