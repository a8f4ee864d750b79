"""The own account: whether and how often notices come by mail."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from staffel.engine import cases
from staffel.engine.errors import Refusal
from staffel.engine.store.tables import MailChoice
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited

router = APIRouter(prefix="/konto", include_in_schema=False)


@router.get("")
def show_own_account(visit: Visited) -> Response:
    """What I have chosen, as a form."""
    return _page(visit, _entry(visit))


@router.post("/mail")
def choose_mail(visit: Visited, sent: Sent) -> Response:
    """Keep the choice; when something does not fit, the form comes back with what was typed."""
    entry = _entry(visit, sent)
    if entry.fits:
        try:
            visit.do(cases.choose_mail, address=entry["adresse"], choice=MailChoice(entry["wann"]))
        except Refusal as refusal:
            entry.take(refusal, {"mail-address": "adresse"})
        else:
            return go("/konto", "mail-chosen")
    return _page(visit, entry)


def _entry(visit: Visit, sent: Sent | None = None) -> Entry:
    say = visit.language.text
    address, choice = visit.ask(cases.mail_setting)
    options = [
        (MailChoice.NONE.value, say("Keine E-Mails")),
        (MailChoice.EACH.value, say("Bald nach jedem Ereignis")),
        (MailChoice.DAILY.value, say("Einmal am Tag um 7 Uhr")),
    ]
    fields = [
        Field(name="wann", widget="radio", label=say("Hinweise per E-Mail"), required=True, options=options),
        Field(
            name="adresse", widget="text", label=say("Dienstliche E-Mail-Adresse"), limits={"maxLength": 254}
        ),
    ]
    if sent is None:
        fields[0].values, fields[1].value = [choice.value], address
    return Entry(fields, visit.language, sent)


def _page(visit: Visit, entry: Entry) -> Response:
    return visit.page("own_account.html", status=200 if entry.fits else 422, entry=entry)
