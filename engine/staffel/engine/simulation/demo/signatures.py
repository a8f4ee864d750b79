"""The Stellen of the demo have signed what they work by; their municipalities let others be tried without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from staffel.engine.agreements.need import parties
from staffel.engine.agreements.reading import competent
from staffel.engine.library import deployed, version_for
from staffel.engine.simulation.demo.organisation import Organisation, Town
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Signature


def sign_all(
    tx: Transaction, towns: Sequence[Town], organisation: Organisation, keys: Iterable[str], now: datetime
) -> None:
    """Every Stelle signs the version in force of each process, by those who lead it."""
    for town in towns:
        units = competent(tx, town.ags)
        for key in keys:
            version = version_for(tx, process_key=key, municipality=town.ags, key_date=now)
            for unit in sorted(parties(deployed(tx, version), units)):
                leader = organisation.staff[UUID(unit)][-1]
                tx.session.add(
                    Signature(
                        id=new_id(now),
                        version_id=version,
                        municipality=town.ags,
                        unit_id=UUID(unit),
                        signatory=f"{leader.name}, Leitung",
                        signed_at=now,
                        signed_by=leader.account,
                    )
                )
