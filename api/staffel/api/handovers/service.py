"""A handover with its data and the reasons that its rule allows for a return."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from staffel.api.cases.values import values_of_handover
from staffel.api.comments.queries import notes_of_handover
from staffel.api.deadlines.handovers import handover_deadlines
from staffel.api.documents.queries import documents_of_handover
from staffel.api.handovers.queries import find_handover
from staffel.api.handovers.schemas import Conversation, HandoverDetail, Missing, PathLevel
from staffel.api.municipalities.queries import contact_out
from staffel.engine.accounts.contacts import contacts_of
from staffel.engine.actor import Actor
from staffel.engine.cases import read_at
from staffel.engine.cases.running import model_of
from staffel.engine.kernel.handover_rule import DEFAULT_PATH, HandoverRule
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Handover


def read_handover(tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID) -> HandoverDetail:
    """The handover as both Stellen see it. Raises `NotFound`."""
    handover, case, summary = find_handover(tx, actor=actor, now=now, handover_id=handover_id)
    rule = rule_of(tx, case, handover)
    known = contacts_of(tx, (handover.sender_unit, handover.receiver_unit))
    return HandoverDetail(
        **summary.model_dump(),
        data=values_of_handover(handover),
        documents=documents_of_handover(tx, actor=actor, case=case, handover=handover),
        notes=notes_of_handover(tx, actor=actor, handover=handover),
        reason=handover.reason,
        reason_text=handover.reason_text,
        returned_to=handover.returned_to,
        return_reasons=list(rule.return_reasons) if rule else [],
        waits=handover.waits,
        result_by=handover.result_by,
        steps={name: list(terms["steps"]) for name, terms in (handover.due or {}).items()},
        sender_contact=contact_out(known.get(handover.sender_unit)),
        receiver_contact=contact_out(known.get(handover.receiver_unit)),
        deadlines=handover_deadlines(tx, actor=actor, now=now, case=case, key=handover.key),
        read_at=read_at(tx, case.id, handover.key),
        data_hash=handover.data_hash,
        data_deleted_by=handover.delete_data_at,
        receiver_reference=handover.receiver_reference,
        missing=Missing.model_validate(handover.missing) if handover.missing else None,
        conversation=Conversation.model_validate(handover.conversation) if handover.conversation else None,
        conversation_wanted=rule.warm if rule else "nein",
        information=dict(rule.information) if rule else {},
        person_informed_at=handover.person_informed_at,
        path=path_of(rule, handover.escalation_level),
    )


def path_of(rule: HandoverRule | None, level: int) -> list[PathLevel]:
    """The reminder and the levels of the rule, with what was told already."""
    agreed = rule.escalation if rule else DEFAULT_PATH
    steps = [("Team", "0T"), *((each.to, each.after) for each in agreed)]
    return [PathLevel(to=to, after=after, told=number < level) for number, (to, after) in enumerate(steps)]


def rule_of(tx: Transaction, case: Case, handover: Handover) -> HandoverRule | None:
    """The rule of the handover's flow in the version that the case runs on."""
    flow = model_of(tx, case).program.flows.get(handover.flow)
    return flow.handover.rule if flow and flow.handover else None
