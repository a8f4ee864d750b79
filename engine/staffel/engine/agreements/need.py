"""Where a municipality wants it, cases start only when all Stellen that hand over to each other have signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from staffel.engine.actor import Actor, Role
from staffel.engine.errors import Refusal
from staffel.engine.kernel.program import HandoverPlan
from staffel.engine.library import Deployed
from staffel.engine.store import Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Municipality, Signature, Unit

_SETTING = "agreements_needed"


class NotAgreed(Refusal):
    """Not all Stellen that hand over to each other have signed this version; ask them to, under Agreements."""

    code = "not-agreed"
    text_de = "Noch nicht alle beteiligten Stellen haben diese Version gezeichnet."


def handovers(model: Deployed) -> Iterator[tuple[str, HandoverPlan]]:
    """The handovers of a version, by flow; those of called versions are agreed on with these."""
    for flow in model.program.flows.values():
        if flow.handover is not None and not _is_called(model, flow.id):
            yield flow.id, flow.handover


def _is_called(model: Deployed, flow: str) -> bool:
    steps = flow.split("/")
    calls = (model.program.elements.get("/".join(steps[:depth])) for depth in range(1, len(steps)))
    return any(call is not None and call.node.called_element in model.called for call in calls)


def parties(model: Deployed, units: Mapping[str, str]) -> set[str]:
    """The Stellen that hand over to each other, of those that do the work (`units`: kind → id)."""
    kinds = {kind for _, plan in handovers(model) for kind in (plan.sender, plan.receiver)}
    return {units[kind] for kind in kinds if kind in units}


_SETTINGS = select(Municipality.settings).where(col(Municipality.ags) == bindparam("ags"))


def are_needed(tx: Transaction, municipality: str) -> bool:
    """Whether cases of the municipality start only on versions that all parties have signed."""
    tx.flush()
    settings = tx.connection.execute(_SETTINGS, {"ags": municipality}).scalar()
    return bool(settings and settings.get(_SETTING))


def set_needed(tx: Transaction, *, actor: Actor, now: datetime, needed: bool) -> None:
    """Say whether the actor's municipality wants signatures before cases start. Running cases go on."""
    actor.need(Role.ADMINISTRATION)
    municipality = tx.session.get_one(Municipality, actor.municipality)
    municipality.settings = {**municipality.settings, _SETTING: needed}
    tx.session.add(municipality)
    record(tx, actor=actor, now=now, action="agreements.needed", subject=actor.municipality, needed=needed)
    tx.flush()


def need_agreed(tx: Transaction, model: Deployed, municipality: str, units: Mapping[str, str]) -> None:
    """Raise `NotAgreed` when a case could meet a handover that is not agreed on; called processes count too."""
    if not are_needed(tx, municipality):
        return
    missing = set[str]()
    for each in _with_called(model):
        open_parties = parties(each, units)
        if open_parties:
            missing |= open_parties - {
                str(unit) for unit in open_signatures(tx, each.version_id, municipality)
            }
    if missing:
        query = select(Unit.name).where(col(Unit.id).in_([UUID(unit) for unit in missing]))
        names = sorted(tx.session.exec(query))
        raise NotAgreed(
            f"Not signed yet by: {', '.join(names)}. Ask them to sign under Agreements.",
            text_de=f"Noch nicht gezeichnet haben: {', '.join(names)}. Bitten Sie sie, unter „Vereinbarungen“ zu zeichnen.",
            missing=names,
        )


def open_signatures(tx: Transaction, version_id: UUID, municipality: str) -> dict[UUID, Signature]:
    """The signatures that count, by Stelle."""
    query = select(Signature).where(
        Signature.version_id == version_id,
        Signature.municipality == municipality,
        col(Signature.withdrawn_at).is_(None),
    )
    return {row.unit_id: row for row in tx.session.exec(query)}


def _with_called(model: Deployed) -> Iterator[Deployed]:
    yield model
    for called in model.called.values():
        yield from _with_called(called)
