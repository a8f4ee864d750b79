"""Repairing a case: where it stands, what to do there and why, and what would follow, before it is done."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.cases.queries import tasks_of_case, units_by_id
from staffel.api.cases.service import read_case
from staffel.api.cases.values import form_of
from staffel.engine.actor import Actor
from staffel.engine.cases import preview_repair, repair_case, repairable
from staffel.engine.cases.repair_places import RepairPlace
from staffel.engine.cases.repairing import Action, Outcome, Repairable, Wish
from staffel.engine.cases.running import model_of
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.library.forms import ValuesRefused
from staffel.engine.library.typed import raw_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case
from staffel.ui.forms import Field
from staffel.ui.forms.corrections import Corrections
from staffel.ui.forms.entry import Entry
from staffel.ui.forms.fields import Raw, faults_of
from staffel.ui.forms.filling import ADD, REMOVE, errors_of
from staffel.ui.language import Language
from staffel.ui.language import marked as _
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text
from staffel.ui.words import word

router = APIRouter(prefix="/reparatur", include_in_schema=False)
ACTIONS = {
    Action.MOVE: _("Zu einem anderen Schritt verschieben, oder ihn neu beginnen"),
    Action.CANCEL: _("Diese Stelle des Ablaufs beenden, ohne dass etwas folgt"),
    Action.VARIABLES: _("Nur Angaben berichtigen"),
}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A case with what its repair needs: names of the Stellen, and the inputs for values where they may be set."""

    case: Repairable
    units: Mapping[UUID, str]
    corrections: Corrections | None

    @property
    def marks(self) -> Mapping[str, Any]:
        """What the diagram marks."""
        return {"positions": [{"element": place.element, "label": "●"} for place in self.case.places]}


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was sent, read."""

    entry: Entry
    raw: Raw
    values: Mapping[str, Any]
    errors: Mapping[str, str]

    @property
    def wish(self) -> Wish:
        """What it asks for."""
        action = Action(self.entry["_was"])
        keeps = {} if action is not Action.VARIABLES else self.values
        return Wish(action=action, place=self.entry["_stelle"], target=self.entry["_ziel"], variables=keeps)


@router.get("/{stuck_case_id}")
def show_repair(stuck_case_id: UUID, visit: Visited) -> Response:
    """Where the case stands, and the form."""
    bench = visit.ask(_bench, case_id=stuck_case_id, language=visit.language)
    return _page(visit, bench, Entry(_about(visit, bench), visit.language))


@router.post("/{stuck_case_id}/vorschau")
def preview(stuck_case_id: UUID, visit: Visited, sent: Sent) -> Response:
    """What would follow; nothing is changed."""
    bench = visit.ask(_bench, case_id=stuck_case_id, language=visit.language)
    typed = _read(visit, bench, sent)
    if (rows := text(sent, ADD)) or text(sent, REMOVE):
        return _page(visit, bench, typed.entry, raw=typed.raw, rows=rows)
    if typed.errors or not typed.entry.fits:
        return _page(visit, bench, typed.entry, raw=typed.raw, errors=typed.errors)
    try:
        told = visit.ask(preview_repair, now=visit.now, case_id=stuck_case_id, wish=typed.wish)
    except Refusal as refusal:
        return _refused(visit, bench, typed, refusal)
    return _told(visit, bench, typed, told)


@router.post("/{stuck_case_id}")
def repair(stuck_case_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Do what the preview showed."""
    bench = visit.ask(_bench, case_id=stuck_case_id, language=visit.language)
    typed = _read(visit, bench, sent)
    if "zurueck" in sent or typed.errors or not typed.entry.fits:
        return _page(visit, bench, typed.entry, raw=typed.raw, errors=typed.errors)
    seq = text(sent, "_stand")
    try:
        done = visit.do(
            repair_case,
            case_id=stuck_case_id,
            wish=typed.wish,
            reason=typed.entry["_grund"],
            seq=int(seq) if seq.isdecimal() else None,
        )
    except Refusal as refusal:
        return _refused(visit, bench, typed, refusal)
    stays = visit.ask(may_repair, case_id=stuck_case_id) and not done.ends
    return go(f"/reparatur/{stuck_case_id}" if stays else "/stoerungen", "case-repaired")


def may_repair(tx: Transaction, *, actor: Actor, case_id: UUID) -> bool:
    """Whether pages offer the repair."""
    try:
        repairable(tx, actor=actor, case_id=case_id)
    except Refusal:
        return False
    return True


def _bench(tx: Transaction, *, actor: Actor, case_id: UUID, language: Language) -> Bench:
    """Raises `NotFound`, `NotAllowed`, `CaseClosed`."""
    case = repairable(tx, actor=actor, case_id=case_id)
    corrections = None
    if case.values:
        row = tx.session.get_one(Case, case_id)
        stored = read_case(tx, actor=actor, case_id=case_id).variables
        tasks = tasks_of_case(tx, actor=actor, case_id=case_id)
        asked = [name for task in tasks if (form := form_of(tx, row, task)) for name in form.names]
        corrections = Corrections(
            (*stored, *asked), forms=model_of(tx, row).forms.values(), stored=stored, language=language
        )
    names = units_by_id(tx, {place.unit for place in case.places})
    return Bench(case=case, units={unit: ref.name for unit, ref in names.items()}, corrections=corrections)


def _about(visit: Visit, bench: Bench) -> list[Field]:
    say = visit.language.text
    own = [place for place in bench.case.places if place.mine]
    actions = [
        (action.value, say(ACTIONS[action]))
        for action in Action
        if (bench.case.values if action is Action.VARIABLES else own)
    ]
    fields = [
        Field(name="_was", widget="radio", label=say("Was ist zu tun?"), options=actions, required=True),
        *_where(visit, bench, own),
    ]
    if bench.case.values:
        advice = say('Weitere Angaben nach Name, als JSON: {"betrag": 120, "art": "wohnung"}')
        fields.append(Field(name="_json", widget="textarea", label=say("Weitere Angaben"), help=advice))
    reason = say("Bleibt beim Vorgang und im Protokoll")
    limits = {"maxLength": 1000}
    fields.append(
        Field(name="_grund", widget="textarea", label=say("Grund"), help=reason, required=True, limits=limits)
    )
    return [field for field in fields if field.options or field.widget == "textarea"]


def _where(visit: Visit, bench: Bench, own: list[RepairPlace]) -> list[Field]:
    """The place to repair and where its token goes."""
    say = visit.language.text
    targets = {target.element: target.name for place in own for target in place.targets}
    return [
        Field(
            name="_stelle",
            widget="radio",
            label=say("Wo?"),
            help=say("Zum Verschieben und Beenden"),
            options=[(place.id, _described(bench, place, visit.language)) for place in own],
            values=[own[0].id] if len(own) == 1 else (),
        ),
        Field(
            name="_ziel",
            widget="select",
            label=say("Wohin?"),
            help=say(
                "Zum Verschieben: ein Schritt derselben Stelle. Zu einer anderen Stelle führt eine Übergabe."
            ),
            options=sorted(targets.items(), key=lambda item: item[1].casefold()),
        ),
    ]


def _described(bench: Bench, place: Any, language: Language) -> str:
    waits = ", ".join(dict.fromkeys(word(language, each, "wait") for each in place.waits))
    told = f"{place.name} ({bench.units.get(place.unit, '')})"
    return f"{told}: {waits}" if waits else told


def _read(visit: Visit, bench: Bench, sent: FormData) -> Typed:
    entry = Entry(_about(visit, bench), visit.language, sent)
    raw = bench.corrections.typed(sent) if bench.corrections else raw_of(sent.multi_items())
    values, errors = bench.corrections.read(raw) if bench.corrections else ({}, {})
    if further := entry["_json"]:
        try:
            given = json.loads(further)
        except ValueError:
            given = None
        if isinstance(given, dict):
            values |= given
        else:
            entry.refuse("_json", visit.language.text('Das ist kein JSON-Objekt: { "name": Wert }.'))
    return Typed(entry=entry, raw=raw, values=values, errors=errors)


def _refused(visit: Visit, bench: Bench, typed: Typed, refusal: Refusal) -> Response:
    if isinstance(refusal, NotFound):
        raise refusal
    if isinstance(refusal, ValuesRefused):
        errors = errors_of(refusal, visit.language)
        return _page(visit, bench, typed.entry, raw=typed.raw, errors=errors)
    message = refusal.message_de if visit.language is Language.DE else str(refusal)
    if tasks := refusal.details.get("tasks"):
        message += " (" + ", ".join(tasks) + ")"
    return _page(visit, bench, typed.entry, raw=typed.raw, general=message)


def _told(visit: Visit, bench: Bench, typed: Typed, told: Outcome) -> Response:
    kept: Sequence[tuple[str, str]] = [
        (name, value) for name, values in typed.raw.items() for value in values if name != "_stand"
    ]
    return visit.page(
        "repair_preview.html",
        nav="/stoerungen",
        bench=bench,
        told=told,
        wish=typed.wish,
        reason=typed.entry["_grund"],
        kept=kept,
        action=ACTIONS[typed.wish.action],
    )


def _page(
    visit: Visit,
    bench: Bench,
    entry: Entry,
    *,
    raw: Raw | None = None,
    errors: Mapping[str, str] | None = None,
    rows: str = "",
    general: str = "",
) -> Response:
    parts = bench.corrections.parts(raw=raw, errors=errors, rows=rows) if bench.corrections else []
    faults = [*entry.faults, *faults_of(parts)]
    shown = {fault.name for fault in faults}
    unplaced = " ".join(message for name, message in (errors or {}).items() if name not in shown)
    *controls, reason = entry.fields
    return visit.page(
        "repair.html",
        status=422 if faults or general or unplaced else 200,
        nav="/stoerungen",
        bench=bench,
        controls=[field for field in controls if field.name != "_json"],
        free=[field for field in controls if field.name == "_json"],
        reason=reason,
        parts=parts,
        faults=faults,
        general=general or unplaced or entry.general,
        open_values=raw is not None,
        others=[place for place in bench.case.places if not place.mine],
    )
