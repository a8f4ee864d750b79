"""Sources of signed messages of the own municipality: made, their secret shown once, ended."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.api.webhooks import service
from staffel.api.webhooks.schemas import MadeWebhook
from staffel.engine.accounts.webhooks import end_webhook_as
from staffel.engine.errors import Refusal
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.pages.accounts import LONGEST, Administrator
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit

router = APIRouter(prefix="/verwaltung/webhooks", include_in_schema=False)
CREATED, MOST_MESSAGES = 201, 50


@router.get("")
def show_webhooks(visit: Administrator) -> Response:
    """The sources without their secrets, and a form for a new one."""
    return _page(visit, _new_webhook(visit))


@router.post("")
def create_webhook(visit: Administrator, sent: Sent) -> Response:
    """A new source. Its secret stands in this answer and nowhere else, so there is no redirection."""
    entry = _new_webhook(visit, sent)
    messages = [line.strip() for line in entry["nachrichten"].splitlines() if line.strip()]
    if entry.fits and (len(messages) > MOST_MESSAGES or max(map(len, messages)) > LONGEST["maxLength"]):
        fault = visit.language.text(
            "Höchstens %(number)s Namen mit je höchstens %(longest)s Zeichen.",
            number=MOST_MESSAGES,
            longest=LONGEST["maxLength"],
        )
        entry.refuse("nachrichten", fault)
    if entry.fits:
        try:
            made = visit.do(service.make, name=entry["name"], messages=messages, key=_key(visit))
        except Refusal as refusal:
            entry.take(refusal, {})
        else:
            return _page(visit, _new_webhook(visit), made=made)
    return _page(visit, entry)


@router.post("/{webhook_id}/beenden")
def end_webhook(webhook_id: UUID, visit: Administrator) -> Response:
    """From now on nothing of the source is taken."""
    visit.do(end_webhook_as, webhook_id=webhook_id)
    return go("/verwaltung/webhooks", "webhook-ended")


def _key(visit: Visit) -> bytes:
    key: bytes = visit.request.app.state.settings.webhook_key
    return key


def _new_webhook(visit: Visit, sent: Sent | None = None) -> Entry:
    say = visit.language.text
    fields = [
        Field(name="name", widget="text", label=say("Name des Systems"), required=True, limits=LONGEST),
        Field(
            name="nachrichten",
            widget="textarea",
            label=say("Nachrichten, die es senden darf"),
            help=say("Je Zeile der Name einer Nachricht, wie er im Modell steht"),
            required=True,
        ),
    ]
    return Entry(fields, visit.language, sent)


def _page(visit: Visit, entry: Entry, *, made: MadeWebhook | None = None) -> Response:
    status = CREATED if made else 200 if entry.fits else 422
    return visit.page(
        "webhooks.html",
        status=status,
        nav="/verwaltung",
        webhooks=visit.ask(service.list_all),
        address=f"{(visit.request.app.state.settings.url or str(visit.request.base_url)).rstrip('/')}/api/v1/hooks/",
        is_on=bool(_key(visit)),
        made=made,
        entry=entry,
    )
