"""Agreements as people read them: the parties of a version in a municipality, its rules, and which of them are agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlmodel import col, select

from staffel.engine.actor import Actor, Role
from staffel.engine.agreements.need import handovers, open_signatures, parties
from staffel.engine.errors import NotFound
from staffel.engine.kernel.handover_rule import FRISTEN, EscalationLevel
from staffel.engine.kernel.program import HandoverPlan, Program
from staffel.engine.library import deployed
from staffel.engine.store import Transaction
from staffel.engine.store.tables import (
    Competence,
    ModelVersion,
    Municipality,
    Process,
    Signature,
    Unit,
    VersionState,
)

SIGNABLE = frozenset({VersionState.FREIGEGEBEN, VersionState.IN_KRAFT})
"""A draft may still change, and nobody starts cases on what was superseded."""


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A Stelle of an agreement. `may_sign`: the reader signs for it."""

    unit_id: UUID
    name: str
    municipality: str
    kind: str
    signatory: str = ""
    signed_at: datetime | None = None
    may_sign: bool = False


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """A handover rule between two Stellen. `ruled` False: nothing was agreed, so the general Fristen hold.

    `active`: both have signed. `further` are its other terms, by the keys of `wording.TERMS`, as text. Lengths are such as `2AT`; `extend` gives those of the one Verlängerung by the names of the
    Fristen (`acknowledge_by`, …), `extended_by` and `suspended_by` say which side does it, `kinds` the Fristen's kinds.
    While one of the steps `paused_by` (their names) runs, the Frist of the result stands still.
    """

    flow: str
    name: str
    rule: str
    ruled: bool
    kind: str
    sender: str
    receiver: str
    fields: tuple[str, ...]
    consent_fields: tuple[str, ...]
    documents: tuple[str, ...]
    legal_bases: tuple[str, ...]
    acknowledge_within: str
    complete_within: str
    result_within: str | None
    extend: Mapping[str, str]
    kinds: Mapping[str, str]
    extended_by: Mapping[str, str]
    suspended_by: str
    paused_by: tuple[str, ...]
    return_reasons: tuple[str, ...]
    max_returns: int
    escalation: tuple[EscalationLevel, ...]
    delete_after: str
    further: tuple[tuple[str, str], ...]
    active: bool


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """A version as the agreement of the Stellen that serve a municipality. `signed` counts parties."""

    version_id: UUID
    process: str
    process_name: str
    version_name: str
    number: int
    state: str
    municipality: str
    municipality_name: str
    parties: tuple[Party, ...]
    rules: tuple[RuleLine, ...] = ()

    @property
    def signed(self) -> int:
        """How many parties have signed."""
        return sum(party.signed_at is not None for party in self.parties)

    @property
    def is_complete(self) -> bool:
        """Whether all have."""
        return self.signed == len(self.parties)


def list_agreements(tx: Transaction, *, actor: Actor) -> list[Agreement]:
    """Of the own municipality, and of others that a Stelle of the actor serves; without the rules."""
    versions = select(ModelVersion, Process).join(Process, col(Process.id) == col(ModelVersion.process_id))
    versions = versions.where(col(ModelVersion.state).in_(SIGNABLE))
    rows = tx.session.exec(versions.order_by(col(Process.name), col(ModelVersion.number).desc())).all()
    found = []
    for ags in _served(tx, actor):
        for version, process in rows:
            if version.municipality in {None, ags}:
                agreement = _agreement(tx, actor, version, process, ags)
                if _concerns(actor, agreement):
                    found.append(agreement)
    return found


def read_agreement(tx: Transaction, *, actor: Actor, version_id: UUID, municipality: str) -> Agreement:
    """One with its rules. Raises `NotFound`."""
    version = tx.session.get(ModelVersion, version_id)
    if version is None or municipality not in _served(tx, actor):
        raise NotFound
    if version.municipality not in {None, municipality} or version.state not in SIGNABLE:
        raise NotFound
    process = tx.session.get_one(Process, version.process_id)
    agreement = _agreement(tx, actor, version, process, municipality)
    if not _concerns(actor, agreement):
        raise NotFound
    signed = {party.kind for party in agreement.parties if party.signed_at}
    model = deployed(tx, version_id)
    lines = (
        _line(model.program, flow, plan, active={plan.sender, plan.receiver} <= signed)
        for flow, plan in handovers(model)
    )
    return msgspec.structs.replace(agreement, rules=tuple(lines))


def _served(tx: Transaction, actor: Actor) -> list[str]:
    """The own municipality and those that the actor's Stellen serve, the own one first."""
    query = select(Competence.municipality).where(col(Competence.unit_id).in_(actor.units))
    others = set(tx.session.exec(query)) - {actor.municipality} if actor.units else set()
    return [actor.municipality, *sorted(others)]


def _concerns(actor: Actor, agreement: Agreement) -> bool:
    """Agreements between at least two Stellen, of the own municipality or with an own Stelle as party."""
    own = agreement.municipality == actor.municipality
    return bool(agreement.parties) and (
        own or any(party.unit_id in actor.units for party in agreement.parties)
    )


def _agreement(
    tx: Transaction, actor: Actor, version: ModelVersion, process: Process, municipality: str
) -> Agreement:
    units = competent(tx, municipality)
    involved = parties(deployed(tx, version.id), units)
    signatures = open_signatures(tx, version.id, municipality)
    rows = tx.session.exec(select(Unit).where(col(Unit.id).in_([UUID(unit) for unit in involved])))
    return Agreement(
        version_id=version.id,
        process=process.key,
        process_name=process.name,
        version_name=version.name,
        number=version.number,
        state=version.state,
        municipality=municipality,
        municipality_name=tx.session.get_one(Municipality, municipality).name,
        parties=tuple(
            _party(actor, unit, signatures.get(unit.id)) for unit in sorted(rows, key=lambda each: each.name)
        ),
    )


def _party(actor: Actor, unit: Unit, signature: Signature | None) -> Party:
    return Party(
        unit_id=unit.id,
        name=unit.name,
        municipality=unit.municipality,
        kind=unit.kind,
        signatory=signature.signatory if signature else "",
        signed_at=signature.signed_at if signature else None,
        may_sign=unit.id in signs_for(actor),
    )


def _line(program: Program, flow: str, plan: HandoverPlan, *, active: bool) -> RuleLine:
    rule, fields = plan.rule, plan.fields or ()
    found = program.flows[flow]
    return RuleLine(
        flow=flow,
        name=found.name or f"{found.source.name} → {found.target.name}",
        rule=rule.id,
        ruled=plan.ruled,
        kind=rule.kind,
        sender=plan.sender,
        receiver=plan.receiver,
        fields=tuple(field.name for field in fields if not field.consent),
        consent_fields=tuple(field.name for field in fields if field.consent),
        documents=tuple(each.title or each.kind for each in rule.documents),
        legal_bases=rule.legal_bases,
        acknowledge_within=rule.acknowledge_within,
        complete_within=rule.complete_within,
        result_within=rule.result_within,
        extend=rule.extend,
        kinds={name: rule.kind_of(name) for name in FRISTEN},
        extended_by={name: rule.extending(name) for name in rule.extend},
        suspended_by=rule.suspended_by,
        paused_by=tuple(program.elements[each].name or each for each in sorted(plan.result_paused_by)),
        return_reasons=rule.return_reasons,
        max_returns=rule.max_returns,
        escalation=rule.escalation,
        delete_after=rule.delete_after,
        further=tuple(_further(plan)),
        active=active,
    )


def _further(plan: HandoverPlan) -> Iterator[tuple[str, str]]:
    """The other terms of a rule, each with its text; fields by their names."""
    rule, fields = plan.rule, plan.fields or ()
    optional = [field.name for field in fields if not field.required] if plan.ruled else []
    follow_up = plan.follow_up
    said = {
        "nicht_zwingend": ", ".join(optional),
        **{
            kind: ", ".join(field.name for field in fields if field.sensitivity == kind)
            for kind in ("sozialdaten", "art9", "par203")
        },
        "bedingung": rule.condition,
        "ergebnis_bis": rule.result_until,
        "rueckmeldung": ", ".join(rule.answer),
        "warme_uebergabe": rule.warm if rule.warm != "nein" else "",
        "information_person": ", ".join(rule.information),
        "danach": (follow_up.name or follow_up.id) if follow_up is not None else "",
        **rule.agreed,
    }
    yield from ((key, text) for key, text in said.items() if text)


def competent(tx: Transaction, municipality: str) -> dict[str, str]:
    """The Stelle (id) that serves the municipality, by kind."""
    query = select(Competence.kind, Competence.unit_id).where(Competence.municipality == municipality)
    return {kind: str(unit) for kind, unit in tx.session.exec(query)}


def signs_for(actor: Actor) -> frozenset[UUID]:
    """The Stellen that the actor signs for: those that the person leads; a machine signs for none."""
    return actor.units_as(Role.TEAMLEITUNG) if actor.account is not None else frozenset()
