"""Repairing a case: move a token, cancel a step, set variables; first as a preview, then with a reason.

Nobody pushes work into another Stelle: a token moves within the lanes of one Stelle, and what another Stelle has open
stays. Where work has to go elsewhere, that is a handover.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from sqlmodel import col, select

from staffel.engine.actor import Actor, Role
from staffel.engine.cases import policy
from staffel.engine.cases.calendars import calendars_of
from staffel.engine.cases.care import OthersAtWork, need_reason
from staffel.engine.cases.corrections import tell_receivers
from staffel.engine.cases.handover_fristen import follow_case
from staffel.engine.cases.repair_places import Lanes, Named, RepairPlace, place_id, places_of
from staffel.engine.cases.running import find_case, model_of, need_running, save_step
from staffel.engine.errors import NotAllowed, NotFound, Refusal
from staffel.engine.kernel import (
    CancelElement,
    CancelToken,
    Command,
    CommandRefused,
    Instance,
    MoveToken,
    Program,
    SetVariables,
    Step,
    advance,
    decode_state,
    positions,
)
from staffel.engine.kernel import events as ev
from staffel.engine.kernel.events import Ending
from staffel.engine.library.forms import read_corrections
from staffel.engine.store import Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import Case


class Action(StrEnum):
    """What a repair does."""

    MOVE = "move"
    CANCEL = "cancel"
    VARIABLES = "variables"


class PlaceGone(Refusal):
    """The case does not stand there (any more); look where it stands now."""

    code = "place-gone"
    text_de = "Der Vorgang steht dort nicht (mehr). Bitte neu ansehen, wo er steht."


class CaseMovedOn(Refusal):
    """The case has gone on since the preview; look at a new one."""

    code = "case-moved-on"
    text_de = "Der Vorgang ist seit der Vorschau weitergegangen. Bitte die Vorschau neu ansehen."


class NoSuchTarget(Refusal):
    """A token can be moved to steps of the same Stelle in the same (sub-)process; to another Stelle leads a handover."""

    status, code = 422, "no-such-target"
    text_de = (
        "Verschoben wird nur zu Schritten derselben Stelle im selben (Teil-)Prozess. "
        "Zu einer anderen Stelle führt eine Übergabe."
    )


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What to do: `place` is the id of a place (for moving and cancelling), `target` an element, `variables` JSON."""

    action: Action
    place: str = ""
    target: str = ""
    variables: Mapping[str, Any] = {}


class Repairable(msgspec.Struct, frozen=True, kw_only=True):
    """A case that a person may repair. `seq` is its last event; `values` whether that person may set variables."""

    id: UUID
    reference: str
    version_id: UUID
    seq: int
    places: tuple[RepairPlace, ...]
    values: bool


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a repair leads to: the places that close and open, what is run through, where the case stops, how it ends.

    `seq` is the case's last event before it.
    """

    closes: tuple[Named, ...]
    opens: tuple[Named, ...]
    passes: tuple[Named, ...]
    incidents: tuple[Named, ...]
    ends: Ending | None
    seq: int


def repairable(tx: Transaction, *, actor: Actor, case_id: UUID) -> Repairable:
    """Where the case stands and what may be done about it there. Raises `NotFound`, `CaseClosed`."""
    case = _seen(tx, case_id)
    program, state = model_of(tx, case).program, decode_state(case.state)
    places = places_of(actor, case, program, state)
    _admit(actor, case, places)
    need_running(case)
    return Repairable(
        id=case.id,
        reference=case.reference,
        version_id=case.version_id,
        seq=case.seq,
        places=places,
        values=case.responsible_unit in policy.led_by(actor),
    )


def preview_repair(tx: Transaction, *, actor: Actor, now: datetime, case_id: UUID, wish: Wish) -> Outcome:
    """What the repair would lead to now; nothing is changed. Refuses what `repair_case` refuses."""
    return _carried_out(tx, actor=actor, now=now, case=_seen(tx, case_id), wish=wish, reason="?")[1]


def repair_case(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    wish: Wish,
    reason: str,
    seq: int | None = None,
) -> Outcome:
    """Do it, on record with its reason. With `seq` (of the preview) it is refused when the case has gone on since."""
    case = find_case(tx, case_id)
    step, outcome = _carried_out(tx, actor=actor, now=now, case=case, wish=wish, reason=reason)
    need_reason(reason)
    if seq is not None and seq != case.seq:
        raise CaseMovedOn
    facts = follow_case(tx, case, model_of(tx, case).program, step, now)
    save_step(tx, case=case, step=step, now=now, facts=facts)
    if wish.action is Action.VARIABLES:
        tell_receivers(tx, now=now, case=case, step=step)
    record(
        tx,
        actor=actor,
        now=now,
        action=f"case.repair.{wish.action}",
        subject=case_id,
        names=sorted(wish.variables),
        closes=[each.element for each in outcome.closes],
        opens=[each.element for each in outcome.opens],
        reason=reason,
    )
    return outcome


def _seen(tx: Transaction, case_id: UUID) -> CaseHead:
    """The case without a lock."""
    case = tx.session.exec(select(Case).where(col(Case.id) == case_id)).one_or_none()
    if case is None:
        raise NotFound
    encoded = {name: msgspec.json.encode(getattr(case, name)).decode() for name in ("units", "calls")}
    return CaseHead(**{name: encoded.get(name, getattr(case, name)) for name in CaseHead._fields})


def _admit(actor: Actor, case: CaseHead, places: tuple[RepairPlace, ...]) -> None:
    """Team leads of the Stelle that holds the case or has a place in it; at an incident the process design."""
    if case.responsible_unit in policy.led_by(actor) or any(place.mine for place in places):
        return
    if any(actor.works_in(unit) for unit in (case.responsible_unit, *(place.unit for place in places))):
        actor.need(Role.TEAMLEITUNG)
        raise NotAllowed(
            "Cases are repaired by the team lead of the Stelle that holds them.",
            text_de="Vorgänge repariert die Teamleitung der Stelle, bei der sie liegen.",
        )
    raise NotFound


def _carried_out(
    tx: Transaction, *, actor: Actor, now: datetime, case: CaseHead, wish: Wish, reason: str
) -> tuple[Step, Outcome]:
    """The step that the repair is, not written yet."""
    model = model_of(tx, case)
    program, state = model.program, decode_state(case.state)
    places = places_of(actor, case, program, state)
    _admit(actor, case, places)
    need_running(case)
    if wish.action is Action.VARIABLES:
        _need_values(actor, case, wish)
        values = read_corrections(model.forms.values(), wish.variables)
        command: Command = SetVariables(variables=values, reason=reason)
        place = None
    else:
        place = _chosen(places, wish)
        command = _command(place, wish, reason)
    step = advance(program, state, command, now, calendars_of(tx, case))
    lanes = Lanes(case, program)
    if place is not None:
        _spare_others(lanes, actor, state, step, place.unit)
    if step.state.ended is not None and case.responsible_unit not in policy.led_by(actor):
        raise NotAllowed(
            "The case would end by this; only the responsible Stelle's team lead may end it.",
            text_de="Der Vorgang würde damit enden; beenden darf ihn nur die Teamleitung der zuständigen Stelle.",
        )
    return step, _outcome(lanes, program, state, step, case.seq)


def _need_values(actor: Actor, case: CaseHead, wish: Wish) -> None:
    if case.responsible_unit not in policy.led_by(actor):
        raise NotAllowed(
            "Only the responsible Stelle's team lead may change values of the case.",
            text_de="Werte des Vorgangs darf nur die Teamleitung der zuständigen Stelle ändern.",
        )
    if not wish.variables:
        raise CommandRefused(
            "Expected at least one variable to set, found none.",
            text_de="Es ist keine Angabe geändert.",
        )


def _chosen(places: tuple[RepairPlace, ...], wish: Wish) -> RepairPlace:
    place = next((place for place in places if place.id == wish.place), None)
    if place is None:
        raise PlaceGone(
            f"Expected one of the places {', '.join(each.id for each in places)}, found '{wish.place}'. "
            "Look where the case stands now."
        )
    if not place.mine:
        raise NotAllowed(
            f"'{place.name}' is a step of another Stelle; nobody acts in its place.",
            text_de=f"„{place.name}“ ist ein Schritt einer anderen Stelle; an ihrer Stelle handelt niemand.",
        )
    return place


def _command(place: RepairPlace, wish: Wish, reason: str) -> Command:
    flow, on_flow, scope = place.id.rpartition("@")
    source = (
        CancelToken(flow=flow, scope=int(scope), reason=reason)
        if on_flow
        else CancelElement(key=int(place.id), reason=reason)
    )
    if wish.action is Action.CANCEL:
        return source
    possible = [target.element for target in place.targets]
    if wish.target not in possible:
        raise NoSuchTarget(target=wish.target, possible=possible)
    return MoveToken(element=wish.target, source=source)


def _spare_others(lanes: Lanes, actor: Actor, before: Instance, step: Step, unit: UUID) -> None:
    """Refuse to end what another Stelle has open, or people's tasks for somebody who does not lead their Stelle."""
    led = policy.led_by(actor)
    for event in step.events:
        match event:
            case ev.TaskClosed(element=element) if lanes.unit(element) not in led:
                touched = element
            case ev.ElementTerminated(element=element) if lanes.unit(element) not in led | {unit}:
                touched = element
            case ev.HandoverWithdrawn(key=key) if key in before.waits:
                touched = before.waits[key].element
            case _:
                continue
        raise OthersAtWork(tasks=[lanes.named(touched).name])


def _outcome(lanes: Lanes, program: Program, before: Instance, step: Step, seq: int) -> Outcome:
    was = Counter((place_id(at), at.element) for at in positions(program, before))
    will = Counter((place_id(at), at.element) for at in positions(program, step.state))
    closes = [element for _, element in was - will]
    opens = [element for _, element in will - was]
    completed = (event.element for event in step.events if isinstance(event, ev.ElementCompleted))
    raised = (event.element for event in step.events if isinstance(event, ev.IncidentRaised))

    def named(elements: Iterable[str]) -> tuple[Named, ...]:
        return tuple(lanes.named(element) for element in dict.fromkeys(elements))

    return Outcome(
        closes=named(closes),
        opens=named(opens),
        passes=named(element for element in completed if element not in closes),
        incidents=named(raised),
        ends=step.state.ended,
        seq=seq,
    )
