"""A Frist in full: how its end was computed, and the forms to suspend, resume and extend it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.deadlines.queries import find_deadline
from staffel.api.deadlines.schemas import DeadlineOut
from staffel.engine import cases
from staffel.engine.calendar import ZONE
from staffel.engine.errors import Refusal
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited

router = APIRouter(prefix="/vorgaenge/{case_id}/fristen/{key}/{place}", include_in_schema=False)
LEGAL = ("gesetzlich", "soll")


@router.get("")
def show_deadline(case_id: UUID, key: int, place: int, visit: Visited) -> Response:
    """The Frist as it runs."""
    return _page(visit, case_id, _find(visit, case_id, key, place))


@router.post("/hemmen")
def suspend(case_id: UUID, key: int, place: int, visit: Visited, sent: Sent) -> Response:
    """Say that it stands still."""
    frist = _find(visit, case_id, key, place)
    entry = _suspension(visit, frist, sent)
    given = {"since": _day(entry, "ab"), "until": _day(entry, "bis"), **_why(entry)}
    return _done(visit, (case_id, frist), ("suspension", entry), cases.suspend_deadline, **given)


@router.post("/weiterlaufen")
def resume(case_id: UUID, key: int, place: int, visit: Visited, sent: Sent) -> Response:
    """Say that it runs on."""
    frist = _find(visit, case_id, key, place)
    entry = _resumption(visit, sent)
    given = {"until": _day(entry, "ende"), "reason": entry["anlass"]}
    return _done(visit, (case_id, frist), ("resumption", entry), cases.resume_deadline, **given)


@router.post("/verlaengern")
def extend(case_id: UUID, key: int, place: int, visit: Visited, sent: Sent) -> Response:
    """The one Verlängerung."""
    frist = _find(visit, case_id, key, place)
    entry = _prolongation(visit, frist, sent)
    new_end = _day(entry, "neu")
    given = {
        "by": new_end.isoformat() if new_end else "",
        "reason": entry["begruendung"],
        "legal_basis": entry["norm"],
    }
    return _done(visit, (case_id, frist), ("prolongation", entry), cases.extend_deadline, **given)


def _find(visit: Visit, case_id: UUID, key: int, place: int) -> DeadlineOut:
    return visit.ask(find_deadline, now=visit.now, case_id=case_id, key=key, place=place)


def _done(
    visit: Visit,
    about: tuple[UUID, DeadlineOut],
    form: tuple[str, Entry],
    change: Callable[..., None],
    **given: Any,
) -> Response:
    """Carry it out; when something does not fit, the form comes back with what was typed."""
    (case_id, frist), (name, entry) = about, form
    if entry.fits:
        try:
            visit.do(change, case_id=case_id, key=frist.key, place=frist.place, **given)
        except Refusal as refusal:
            entry.take(refusal, {})
        else:
            return go(f"/vorgaenge/{case_id}/fristen/{frist.key}/{frist.place}", "deadline-changed")
    return _page(visit, case_id, frist, **{name: entry})


def _suspension(visit: Visit, frist: DeadlineOut, sent: FormData | None = None) -> Entry:
    say = visit.language.text
    law = Field(name="grundlage", widget="text", label=say("Rechtsgrundlage"), limits={"maxLength": 200})
    law.help = (
        say("Bei gesetzlichen Fristen nötig, wenn das Modell keine nennt. Zum Beispiel: § 6 Abs. 4 BQFG")
        if frist.kind in LEGAL
        else ""
    )
    fields = [
        Field(name="ab", widget="date", label=say("Erster Tag, der nicht zählt"), required=True),
        Field(
            name="bis",
            widget="date",
            label=say("Letzter Tag, der nicht zählt"),
            help=say("Leer: bis auf Weiteres"),
        ),
        Field(
            name="grund",
            widget="text",
            label=say("Grund"),
            required=True,
            help=say("Steht in der Akte; keine Angaben zur Gesundheit oder Familie."),
            limits={"maxLength": 500},
        ),
        law,
    ]
    if sent is None:
        fields[0].value = visit.now.astimezone(ZONE).date().isoformat()
    return Entry(fields, visit.language, sent)


def _resumption(visit: Visit, sent: FormData | None = None) -> Entry:
    say = visit.language.text
    last = Field(name="ende", widget="date", label=say("Letzter Tag, der nicht zählte"), required=True)
    why = Field(name="anlass", widget="text", label=say("Anlass"), limits={"maxLength": 500})
    if sent is None:
        last.value = visit.now.astimezone(ZONE).date().isoformat()
    return Entry([last, why], visit.language, sent)


def _prolongation(visit: Visit, frist: DeadlineOut, sent: FormData | None = None) -> Entry:
    say = visit.language.text
    fields = [
        Field(
            name="neu",
            widget="date",
            label=say("Neuer letzter Tag"),
            help=say(
                "Leer: so weit, wie das Modell es erlaubt (%(length)s)", length=frist.can_be_extended_by
            ),
        ),
        Field(
            name="begruendung",
            widget="text",
            label=say("Begründung"),
            required=True,
            limits={"maxLength": 500},
        ),
        Field(
            name="norm",
            widget="text",
            label=say("Rechtsgrundlage der Verlängerung"),
            limits={"maxLength": 200},
        ),
    ]
    return Entry(fields, visit.language, sent)


def _why(entry: Entry) -> dict[str, str]:
    return {"reason": entry["grund"], "legal_basis": entry["grundlage"]}


def _day(entry: Entry, name: str) -> date | None:
    """The day typed into a field; what is none is said at the field."""
    if not entry[name]:
        return None
    try:
        return date.fromisoformat(entry[name])
    except ValueError:
        message = entry.language.text("Bitte einen Tag angeben.")
        entry.refuse(name, message)
        return None


def _page(visit: Visit, case_id: UUID, frist: DeadlineOut, **entries: Entry) -> Response:
    forms = {
        "suspension": _suspension(visit, frist) if frist.can_be_suspended else None,
        "resumption": _resumption(visit) if frist.can_be_resumed else None,
        "prolongation": _prolongation(visit, frist) if frist.can_be_extended_by else None,
        **entries,
    }
    shown = [each for each in forms.values() if each is not None]
    return visit.page(
        "deadline.html",
        status=200 if all(each.fits for each in shown) else 422,
        nav="/vorgaenge",
        case_id=case_id,
        frist=frist,
        faults=[fault for each in shown for fault in each.faults],
        general=" ".join(each.general for each in shown if each.general),
        **forms,
    )
