"""Municipalities, their Stellen, and which Stelle serves which municipality for which kind of work."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from staffel.engine.errors import NotFound, Refusal
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Competence, Municipality, Unit

_AGS = re.compile(r"\d{5}(\d{3})?", re.ASCII)


class NoAgs(Refusal):
    """An AGS has eight digits, that of a Kreis may have five; it is text and keeps its leading zero."""

    status, code = 422, "ags-malformed"
    text_de = "Ein Gemeindeschlüssel (AGS) hat acht Ziffern, der eines Kreises auch fünf."


class MunicipalityExists(Refusal):
    """There is a municipality with this AGS already."""

    code = "municipality-exists"
    text_de = "Eine Kommune mit diesem Gemeindeschlüssel gibt es schon."


def create_municipality(
    tx: Transaction, *, ags: str, name: str, kind: str = "", parent_ags: str | None = None
) -> str:
    """Add a municipality. `kind`: `kreisfrei`, `kreis` or `kreisangehoerig`; `parent_ags` is the Kreis of a town."""
    if not _AGS.fullmatch(ags):
        raise NoAgs(found=ags)
    if tx.session.get(Municipality, ags) is not None:
        raise MunicipalityExists(ags=ags)
    if parent_ags is not None and tx.session.get(Municipality, parent_ags) is None:
        raise NotFound(f"There is no municipality {parent_ags}.", ags=parent_ags)
    tx.session.add(Municipality(ags=ags, name=name, kind=kind, parent_ags=parent_ags))
    tx.flush()
    return ags


def create_unit(
    tx: Transaction, *, now: datetime, municipality: str, kind: str, name: str, short_name: str = ""
) -> UUID:
    """Add a Stelle of `kind` (`ABH`, `JC`, …) and let it serve its municipality if nobody does that work there yet."""
    if tx.session.get(Municipality, municipality) is None:
        raise NotFound(f"There is no municipality {municipality}.", ags=municipality)
    unit = Unit(
        id=new_id(now), municipality=municipality, kind=kind, name=name, short_name=short_name, created_at=now
    )
    tx.session.add(unit)
    tx.flush()
    if tx.session.get(Competence, (municipality, kind)) is None:
        set_competence(tx, municipality=municipality, kind=kind, unit_id=unit.id)
    return unit.id


def set_competence(tx: Transaction, *, municipality: str, kind: str, unit_id: UUID) -> None:
    """From now on new cases of the municipality go to this Stelle for this kind of work; running ones stay."""
    unit = tx.session.get(Unit, unit_id)
    if unit is None or unit.kind != kind:
        raise NotFound(f"There is no Stelle of kind {kind} with this id.", unit=str(unit_id))
    if tx.session.get(Municipality, municipality) is None:
        raise NotFound(f"There is no municipality {municipality}.", ags=municipality)
    tx.session.merge(Competence(municipality=municipality, kind=kind, unit_id=unit_id))
    tx.flush()
