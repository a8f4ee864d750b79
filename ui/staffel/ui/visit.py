"""One visit of a signed-in person to a page: who, when, in which language, and the ways into the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.dependencies import Inquiry, inquiry
from staffel.engine.actor import Actor
from staffel.ui.language import Language, language_of
from staffel.ui.rendering import render

Result = TypeVar("Result")
_TYPED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page needs of its visitor."""

    request: Request
    inquiry: Inquiry

    @property
    def actor(self) -> Actor:
        """Who looks at the page."""
        return self.inquiry.actor

    @property
    def now(self) -> datetime:
        """When."""
        return self.inquiry.now

    @property
    def language(self) -> Language:
        """In which language."""
        return language_of(self.request)

    def ask(self, read: Callable[..., Result], /, **arguments: Any) -> Result:
        """Read something as this person."""
        return self.inquiry.database.read(read, actor=self.actor, **arguments)

    def do(self, change: Callable[..., Result], /, **arguments: Any) -> Result:
        """Change something as this person, now, in one transaction."""
        return self.inquiry.database.run(change, actor=self.actor, now=self.now, **arguments)

    def page(self, template: str, /, *, status: int = 200, **values: Any) -> Response:
        """The page for this person."""
        return render(
            self.request, f"pages/{template}", now=self.now, actor=self.actor, status=status, **values
        )


async def sent_form(request: Request) -> FormData:
    """Dependency: the fields of the form that was sent, kept for the page of a problem: what was typed must not be lost."""
    request.state.sent = sent = await request.form()
    return sent


async def kept_form(request: Request) -> None:
    """Dependency: keep what was typed (files apart) before it is looked who asks, for the session may have ended."""
    if request.headers.get("content-type", "").startswith(_TYPED):
        await sent_form(request)


def visit(
    request: Request,
    kept: Annotated[None, Depends(kept_form)],  # noqa: ARG001 - comes before the next one
    asked: Annotated[Inquiry, Depends(inquiry)],
) -> Visit:
    """Dependency of every page but the sign-in."""
    return Visit(request, asked)


Visited = Annotated[Visit, Depends(visit)]
Sent = Annotated[FormData, Depends(sent_form)]


def text(form: FormData, name: str) -> str:
    """A field of a sent form as text without outer blanks; empty when it is missing or a file."""
    found = form.get(name, "")
    return found.strip() if isinstance(found, str) else ""
