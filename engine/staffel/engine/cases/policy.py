"""Who may do what to a case. There is no Weisung between Stellen: no role acts on another Stelle's task or handover."""

from __future__ import annotations

from uuid import UUID

from staffel.engine.actor import CASEWORK, Actor, Role, Scope
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.store.hot import CaseHead, HandoverHead, TaskHead, WorkHead


def work_on_task(actor: Actor, task: TaskHead) -> None:
    """A task is worked on by the people of its Stelle; for everybody else it does not exist."""
    work_for(actor, task.unit_id)


def led_by(actor: Actor) -> frozenset[UUID]:
    """The Stellen whose team the actor leads."""
    return actor.units_as(Role.TEAMLEITUNG)


def receive_handover(actor: Actor, handover: HandoverHead) -> None:
    """Only the receiving Stelle acknowledges, accepts and returns; the sender sees the handover, so it is told why."""
    one_side(actor, handover.receiver_unit, other=handover.sender_unit)


def send_handover(actor: Actor, handover: HandoverHead) -> None:
    """Only the sending Stelle withdraws and offers again."""
    one_side(actor, handover.sender_unit, other=handover.receiver_unit)


def lead_case(actor: Actor, case: CaseHead) -> None:
    """What concerns the case as a whole is for the responsible Stelle."""
    work_for(actor, case.responsible_unit)


def help_case(actor: Actor, case: CaseHead) -> None:
    """Incidents are retried by the responsible Stelle, or by those who look after cases in the municipality."""
    if actor.works_in(case.responsible_unit):
        return
    if actor.municipality != case.municipality or not actor.has(Role.KOORDINATION, Role.PROZESSDESIGN):
        raise NotFound


def start_for(actor: Actor, unit_id: UUID | None) -> UUID:
    """The Stelle that the actor starts a case for: the one named, or the only one there is."""
    mine = actor.units_as(*CASEWORK)
    if unit_id is not None:
        if unit_id not in mine:
            raise NotAllowed(
                "You may start cases for your own Stelle only.",
                text_de="Vorgänge können nur für die eigene Stelle begonnen werden.",
            )
        return unit_id
    if not mine:
        raise NotAllowed(
            "You do casework in no Stelle, so there is none to start a case for. The administration can give you the role.",
            text_de="Sie arbeiten in keiner Stelle; Vorgänge beginnt die Sachbearbeitung einer Stelle. "
            "Die Rolle vergibt die Administration.",
        )
    if len(mine) != 1:
        raise NotAllowed(
            f"Say for which Stelle: you do casework in {len(mine)}.",
            text_de=f"Bitte die Stelle angeben: Sie arbeiten in {len(mine)} Stellen.",
            units=[str(unit) for unit in sorted(mine)],
        )
    return next(iter(mine))


def send_messages(actor: Actor) -> frozenset[UUID] | None:
    """The Stellen whose cases may receive the actor's messages: a program's all (None), a person's the own ones.

    A message moves a case on, so a person's message to another Stelle's case would be a Weisung.
    """
    if Scope.MESSAGES in actor.scopes:
        return None
    actor.need(*CASEWORK)
    return actor.units_as(*CASEWORK)


def send_signals(actor: Actor) -> None:
    """Signals reach the cases of every Stelle, so they come from programs only."""
    actor.need_scope(Scope.MESSAGES)


def do_work(actor: Actor, work: WorkHead | None = None) -> None:
    """Work items are for machines of the case's municipality."""
    actor.need_scope(Scope.WORK)
    if work is not None and work.municipality != actor.municipality:
        raise NotFound


def work_for(actor: Actor, unit: UUID) -> None:
    """What the people of a Stelle do; for everybody else it does not exist."""
    if actor.works_in(unit):
        return
    if unit in actor.units:
        actor.need(*CASEWORK)
    raise NotFound


def one_side(actor: Actor, side: UUID, *, other: UUID) -> None:
    """What only the Stelle `side` of a handover does; the other one sees the handover, so it is told why not."""
    if actor.works_in(side):
        return
    if actor.works_in(other):
        raise NotAllowed(
            "This is for the other Stelle of the handover to do.",
            text_de="Das kann nur die andere Stelle der Übergabe tun.",
        )
    work_for(actor, side)
