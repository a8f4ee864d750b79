"""Cases: the list, a new one, and one in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.added_tasks.queries import read_added_tasks
from staffel.api.cases.linking import origin, takeable
from staffel.api.cases.queries import CaseFilter, find_case, holdings, list_cases, tasks_of_case, units_by_id
from staffel.api.cases.schemas import CaseDetail
from staffel.api.cases.service import read_case, read_timeline
from staffel.api.changes.marks import mark_of
from staffel.api.comments.queries import read_comments
from staffel.api.corrections.queries import read_corrections
from staffel.api.deadlines.queries import list_deadlines
from staffel.api.documents.queries import read_documents
from staffel.api.handovers.queries import handovers_of_case
from staffel.api.messages.queries import read_awaited
from staffel.api.models.service import startable as in_force
from staffel.api.references import UnitRef
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases import start_case, start_linked_case
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.library import deployed, version_for
from staffel.engine.library.forms import Form, ValuesDoubtful, ValuesRefused
from staffel.engine.store import Transaction
from staffel.engine.store.tables import CaseStatus, Unit
from staffel.ui import formats
from staffel.ui.charts.band import Stretch, band, holders, swatch
from staffel.ui.forms.fields import faults_of
from staffel.ui.forms.filling import Filling, errors_of
from staffel.ui.language import Language
from staffel.ui.pages.repairs import may_repair
from staffel.ui.pages.standing import standing_of
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)
PAGE = 25
CONFERENCE = "fallkonferenz"
"""The process that the page of a case offers to start from it, where it is in force."""


@router.get("/vorgaenge")
def show_cases(
    *, visit: Visited, stand: str = "running", az: str = "", weiter: str | None = None
) -> Response:
    """The cases with which one's Stellen have to do, the youngest first."""
    status = CaseStatus(stand) if stand in set(CaseStatus) else None
    wanted = CaseFilter(status=status, reference=az.strip() or None)
    found = visit.ask(list_cases, wanted=wanted, cursor=weiter, limit=PAGE)
    query = {"stand": stand, "az": az.strip()}
    return visit.page(
        "cases.html",
        cases=found,
        chosen=status,
        statuses=list(CaseStatus),
        stand=stand,
        reference=az,
        more=f"/vorgaenge?{urlencode(query | {'weiter': found.next})}" if found.next else "",
    )


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A comment that was typed, for the own Stelle `unit` and the `receiver`, and why it was not kept."""

    text: str = ""
    receiver: str = ""
    unit: str = ""
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """A task that was typed to be added, as it was sent, and why it was not: `field` is the one at fault."""

    title: str = ""
    text: str = ""
    due: str = ""
    unit: str = ""
    team: str = ""
    fault: str = ""
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class FailedUpload:
    """A document that was sent as of a kind for the own Stelle `unit`, and why it was not taken."""

    kind: str = ""
    unit: str = ""
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """A process that can be started, with its form and the Stellen that may start it.

    `starts` are the start events to choose from, by id and name; `start` the one chosen, None while it is to be chosen.
    """

    key: str
    name: str
    starts: Sequence[tuple[str, str]]
    start: str | None
    form: Form | None
    units: Sequence[UnitRef]


@router.get("/vorgaenge/neu")
def new_case(visit: Visited, prozess: str = "", start: str = "", von: UUID | None = None) -> Response:
    """Choose a process (and its start event, where it has several), then fill in its start form.

    With `von` it is a case linked to that one, with the form filled in from there as far as it asks for the same.
    """
    parent = visit.ask(origin, case_id=von) if von else None
    if parent is None:
        return _new_case_page(visit, process=prozess, start=start)
    reference = f"{parent.reference}/{sum(not each.is_parent for each in parent.links) + 1}"
    page = partial(_new_case_page, visit, process=prozess, start=start, parent=parent, reference=reference)
    if not prozess:
        return page()
    known = visit.ask(takeable, now=visit.now, case_id=parent.id, process=prozess, element=start or None)
    return page(values=known)


@router.post("/vorgaenge/neu")
def begin_case(sent: Sent, visit: Visited) -> Response:
    """Start the case; when something does not fit, the form comes back with what was typed."""
    process, reference, unit = text(sent, "_prozess"), text(sent, "_aktenzeichen"), text(sent, "_stelle")
    start, reason = text(sent, "_start"), text(sent, "_anlass")
    parent = visit.ask(origin, case_id=_case_id(text(sent, "_von"))) if text(sent, "_von") else None
    page = partial(
        _new_case_page, visit, process=process, start=start, reference=reference, sent=sent, parent=parent,
        reason=reason,
    )  # fmt: skip
    beginning = _ask_beginning(visit, process, start, parent)
    filling = _filling(visit, beginning.form, sent)
    if filling and (filling.only_looks or filling.has_more):
        return page(grown=not filling.only_looks)
    try:
        begin = (
            partial(start_linked_case, case_id=parent.id, reason=reason)
            if parent
            else partial(start_case, unit_id=_unit(beginning, unit))
        )
        case_id = visit.do(
            begin,
            process_key=process,
            reference=reference,
            element=start or None,
            values=filling.values if filling else {},
            confirmed=bool(filling and filling.is_confirmed),
        )
    except ValuesDoubtful as refusal:
        return page(doubts=errors_of(refusal, visit.language))
    except ValuesRefused as refusal:
        return page(errors=errors_of(refusal, visit.language))
    except NotFound:
        raise
    except Refusal as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        return page(fault=fault)
    return go(f"/vorgaenge/{case_id}", "case-started")


@router.get("/vorgaenge/{case_id}")
def show_case(case_id: UUID, visit: Visited) -> Response:
    """A case: who holds it, what happened, where it stands, what comes next."""
    return case_page(visit, case_id)


def case_page(
    visit: Visit,
    case_id: UUID,
    comment: Attempt = Attempt(),
    upload: FailedUpload = FailedUpload(),
    task: NewTask = NewTask(),
) -> Response:
    """The page of a case; `comment`, `upload` and `task` are what could not be kept of a comment, document or added task."""
    mark = visit.ask(
        mark_of, case_id=case_id
    )  # before all else: what changes meanwhile is told, if anything twice
    case = visit.ask(read_case, case_id=case_id)
    return visit.page(
        "case.html",
        status=422 if comment.fault or upload.fault or task.fault else 200,
        nav="/vorgaenge",
        mark=mark,
        case=case,
        noted=visit.ask(read_comments, case_id=case_id),
        comment=comment,
        corrections=visit.ask(read_corrections, case_id=case_id),
        papers=visit.ask(read_documents, case_id=case_id),
        upload=upload,
        added=visit.ask(read_added_tasks, case_id=case_id),
        new_task=task,
        tasks=visit.ask(_open_tasks, case_id=case_id),
        offers=[
            offer
            for offer in visit.ask(handovers_of_case, now=visit.now, case_id=case_id)
            if offer.closed_at is None
        ],
        fristen=visit.ask(list_deadlines, now=visit.now, case_id=case_id),
        awaited=visit.ask(read_awaited, case_id=case_id),
        timeline=visit.ask(read_timeline, case_id=case_id),
        standing=visit.ask(standing_of, case_id=case_id),
        is_ours=visit.actor.works_in(case.responsible.id),
        repairable=visit.ask(may_repair, case_id=case_id),
        may_link=(may_link := visit.actor.works_in(case.responsible.id) and case.ended_at is None),
        conference=may_link and CONFERENCE in dict(visit.ask(startable, now=visit.now)),
        **_holding(visit, case),
    )


def _holding(visit: Visit, case: CaseDetail) -> dict[str, Any]:
    """Who had the case when: the band, its legend with seconds by holder, and the stretches it is drawn from."""
    stretches = visit.ask(_stretches, case_id=case.id, now=visit.now, language=visit.language)
    end = case.ended_at or visit.now
    drawn = band(
        stretches,
        title=visit.language.text("Wer den Vorgang wann hatte"),
        description="; ".join(f"{stretch.holder}: {stretch.note}" for stretch in stretches),
        begin=formats.day(case.started_at, visit.language),
        end=formats.day(end, visit.language) if case.ended_at else visit.language.text("heute"),
    )
    legend = [
        (swatch(index, f"legende-{index}"), name, sum(s.end - s.begin for s in stretches if s.holder == name))
        for index, name in enumerate(holders(stretches))
    ]
    return {
        "band": drawn,
        "legend": legend,
        "stretches": stretches,
        "total": (end - case.started_at).total_seconds(),
        "held_since": stretches[-1].begin,
    }


def _new_case_page(
    visit: Visit,
    *,
    process: str,
    start: str = "",
    reference: str = "",
    fault: str = "",
    sent: FormData | None = None,
    errors: Mapping[str, str] = MappingProxyType({}),
    doubts: Mapping[str, str] = MappingProxyType({}),
    grown: bool = False,
    parent: CaseDetail | None = None,
    reason: str = "",
    values: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    beginning = _ask_beginning(visit, process, start, parent) if process else None
    filling = _filling(visit, beginning.form, sent, values) if beginning else None
    parts = filling.parts(errors) if filling else []
    faults = list(faults_of(parts))
    shown = {each.name for each in faults}
    rest = " ".join(message for field, message in errors.items() if field not in shown)
    return visit.page(
        "case_new.html",
        status=422 if errors or doubts or fault else 200,
        nav="/vorgaenge",
        processes=visit.ask(startable, now=visit.now),
        process=process,
        beginning=beginning,
        parts=parts,
        faults=faults,
        fault=fault or rest,
        doubts=doubts,
        grown=grown,
        reference=reference,
        unit_chosen=text(sent, "_stelle") if sent else "",
        parent=parent,
        reason=reason,
    )


def _case_id(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError as err:
        raise NotFound from err


def _filling(
    visit: Visit,
    form: Form | None,
    sent: FormData | None,
    stored: Mapping[str, Any] = MappingProxyType({}),
) -> Filling | None:
    if form is None:
        return None
    return Filling(form, language=visit.language, now=visit.now, stored=stored, sent=sent)


def startable(tx: Transaction, *, actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """The processes of which a version is in force here, by key and name."""
    actor.need(*CASEWORK)
    found = in_force(tx, actor=actor, now=now)
    return sorted(((each.key, each.name) for each in found), key=lambda each: each[1].casefold())


def _ask_beginning(visit: Visit, process: str, start: str, parent: CaseDetail | None) -> Beginning:
    where = parent.municipality if parent else visit.actor.municipality
    return visit.ask(_beginning, process=process, start=start, now=visit.now, municipality=where)


def _beginning(
    tx: Transaction, *, actor: Actor, process: str, start: str, now: datetime, municipality: str
) -> Beginning:
    actor.need(*CASEWORK)
    version = version_for(tx, process_key=process, municipality=municipality, key_date=now)
    model = deployed(tx, version)
    starts = {each.element: each.title or each.element for each in model.program.choices()}
    chosen = start if start in starts or len(starts) < 2 else None
    return Beginning(
        key=process,
        name=model.program.name or process,
        starts=list(starts.items()),
        start=chosen,
        form=model.form(model.program.start_form(chosen or None)),
        units=own_units(tx, actor=actor),
    )


def own_units(tx: Transaction, *, actor: Actor) -> list[UnitRef]:
    """The Stellen in which the actor does casework."""
    mine = col(Unit.id).in_(actor.units_as(*CASEWORK))
    return [
        UnitRef.model_validate(unit)
        for unit in tx.session.exec(select(Unit).where(mine).order_by(col(Unit.name)))
    ]


def _unit(beginning: Beginning, chosen: str) -> UUID | None:
    """The Stelle that starts: the one that was chosen, or the only one."""
    own = {str(unit.id): unit.id for unit in beginning.units}
    return own.get(chosen) or (next(iter(own.values())) if len(own) == 1 else None)


def _open_tasks(tx: Transaction, *, actor: Actor, case_id: UUID) -> list[Any]:
    return [task for task in tasks_of_case(tx, actor=actor, case_id=case_id) if task.closed_at is None]


def _stretches(
    tx: Transaction, *, actor: Actor, case_id: UUID, now: datetime, language: Language
) -> list[Stretch]:
    """Who held the case from when to when; everybody who sees the case may know this."""
    case, _ = find_case(tx, actor=actor, case_id=case_id)
    held = [(case.starter_unit, case.started_at), *_accepted(holdings(tx, case_id=case_id))]
    units = units_by_id(tx, {unit for unit, _ in held})
    ends = [*(since for _, since in held[1:]), case.ended_at or now]
    return [
        _stretch(units[unit].name, case.started_at, since, until, language)
        for (unit, since), until in zip(held, ends, strict=True)
    ]


def _accepted(found: Iterable[tuple[UUID, datetime | None]]) -> list[tuple[UUID, datetime]]:
    return [(unit, at) for unit, at in found if at is not None]


def _stretch(
    holder: str, beginning: datetime, since: datetime, until: datetime, language: Language
) -> Stretch:
    return Stretch(
        holder=holder,
        begin=(since - beginning).total_seconds(),
        end=(until - beginning).total_seconds(),
        note=formats.span(until - since, language),
    )
