"""Starting a case: by a person, by a message, by a signal or by a timer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam
from sqlmodel import col, select

from staffel.engine.actor import Actor
from staffel.engine.agreements import need_agreed
from staffel.engine.cases import policy
from staffel.engine.cases.calendars import calendars_of
from staffel.engine.cases.consents import LANGUAGE, note_consent
from staffel.engine.cases.projection import no_unit
from staffel.engine.cases.running import KeyUsed, Opening, save_step
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.kernel import Start, advance
from staffel.engine.kernel.handover_data import CONSENT
from staffel.engine.library import Deployed, deployed, resolve_calls, version_for
from staffel.engine.library.forms import read_free_values
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import Case, CaseStatus, Competence, ModelVersion, Process, VersionState

MAX_REFERENCE = 200


class ReferenceTaken(Refusal):
    """There is a case of this process with this reference already."""

    code = "reference-taken"
    text_de = "Einen Vorgang dieses Prozesses mit diesem Aktenzeichen gibt es schon."


class ReferenceMissing(Refusal):
    """A case needs a reference (Aktenzeichen) of at most 200 characters."""

    status, code = 422, "reference-missing"
    text_de = "Ein Vorgang braucht ein Aktenzeichen mit höchstens 200 Zeichen."


class StartUnclear(Refusal):
    """The process has several start events, and none of them was chosen; name one (`element`)."""

    code = "start-unclear"
    text_de = "Der Prozess hat mehrere Startereignisse; bitte eines wählen."


def need_start(model: Deployed, element: str | None) -> None:
    """Raise `StartUnclear` where a person has several start events to choose from and names none (§10.5.2)."""
    choices = model.program.choices()
    if element is None and len(choices) > 1:
        ids = [each.element for each in choices]
        names = ", ".join(each.title or each.element for each in choices)
        raise StartUnclear(
            f"The process has {len(ids)} start events; say which (`element`): {', '.join(ids)}.",
            text_de=f"Der Prozess hat {len(ids)} Startereignisse; bitte eines wählen: {names}.",
            expected=ids,
        )


def start_case(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    process_key: str,
    reference: str,
    values: Mapping[str, Any] | None = None,
    unit_id: UUID | None = None,
    element: str | None = None,
    version_id: UUID | None = None,
    confirmed: bool = False,
    idempotency_key: str | None = None,
    municipality: str | None = None,
) -> UUID:
    """Start a case for a Stelle of the actor on the version in force now, and return its id.

    The case belongs to the actor's municipality, or to that of the case it is started from. `element` picks a start event of several, `version_id` another
    version in force; `confirmed`: what the form finds unusual is right. The same `idempotency_key` again returns the case it started first. Raises `ReferenceTaken`,
    `KeyUsed`, `StartUnclear`, `NoCompetentUnit`, `NotAgreed`, `ValuesRefused`, `ValuesDoubtful`, `NotFound` when no version is in force.
    """
    starter = policy.start_for(actor, unit_id)
    municipality = municipality or actor.municipality
    wanted = (process_key, reference.strip(), starter)
    if (earlier := _started_before(tx, municipality, idempotency_key, wanted)) is not None:
        return earlier
    model = _model_in_force(tx, process_key, version_id, municipality, now)
    need_start(model, element)
    variables = _read_form(model, element, values or {}, now, confirmed=confirmed)
    try:
        case_id = begin(
            tx,
            model=model,
            municipality=municipality,
            starter=starter,
            reference=reference,
            start=Start(variables=variables, element=element),
            now=now,
            idempotency_key=idempotency_key,
        )
    except ReferenceTaken:  # perhaps by the same request, which somebody else is carrying out at this moment
        if (earlier := _started_before(tx, municipality, idempotency_key, wanted)) is not None:
            return earlier
        raise
    if variables.get(CONSENT) is not None:
        note_consent(
            tx,
            actor=actor,
            now=now,
            case_id=case_id,
            unit_id=starter,
            purpose=model.program.name,
            given=variables[CONSENT],
            language=str(variables.get(LANGUAGE) or ""),
        )
    return case_id


def begin(
    tx: Transaction,
    *,
    model: Deployed,
    municipality: str,
    starter: UUID,
    reference: str,
    start: Start,
    now: datetime,
    idempotency_key: str | None = None,
) -> UUID:
    """Start a case on a version, whoever asks. Competences, agreement and called versions are fixed for its whole life."""
    reference = _checked_reference(tx, model, municipality, reference)
    calls = resolve_calls(tx, model.program, municipality=municipality, key_date=now)
    if calls:
        model = deployed(tx, model.version_id, msgspec.json.encode(calls).decode())
    units = _units(tx, municipality, model)
    need_agreed(tx, model, municipality, units)
    case = CaseHead(
        id=new_id(now),
        reference=reference,
        municipality=municipality,
        process_id=model.process_id,
        version_id=model.version_id,
        status=CaseStatus.RUNNING.value,
        starter_unit=starter,
        responsible_unit=starter,
        row_version=1,
        seq=0,
        state=b"",
        units=msgspec.json.encode(units).decode(),
        calls=msgspec.json.encode(calls).decode(),
    )
    command = msgspec.structs.replace(start, reference=reference, case_id=str(case.id))
    step = advance(model.program, None, command, now, calendars_of(tx, case))
    save_step(tx, case=case, step=step, now=now, opening=Opening(idempotency_key))
    return case.id


def starter_of(tx: Transaction, model: Deployed, municipality: str, element: str) -> UUID:
    """The Stelle that a case belongs to which begins by itself at `element`."""
    kind = model.program.elements[element].unit
    units = _units(tx, municipality, model)
    if kind is None:
        raise no_unit(f"({element})", municipality)
    return UUID(units[kind])


_STARTED_BEFORE = (
    select(Case.id, Process.key, Case.reference, Case.starter_unit)
    .join(Process, col(Process.id) == col(Case.process_id))
    .where(col(Case.municipality) == bindparam("municipality"), col(Case.idempotency_key) == bindparam("key"))
)
_TAKEN = select(Case.id).where(
    col(Case.municipality) == bindparam("municipality"),
    col(Case.process_id) == bindparam("process_id"),
    col(Case.reference) == bindparam("reference"),
)
_COMPETENT = select(Competence.kind, Competence.unit_id).where(
    col(Competence.municipality) == bindparam("municipality")
)


def _started_before(
    tx: Transaction, municipality: str, key: str | None, wanted: tuple[str, str, UUID]
) -> UUID | None:
    """The case that the idempotency key has started. Raises `KeyUsed` when that is another than the one wanted."""
    if key is None:
        return None
    tx.flush()
    found = tx.connection.execute(_STARTED_BEFORE, {"municipality": municipality, "key": key}).first()
    if found is None:
        return None
    case_id: UUID = found[0]
    if tuple(found[1:]) != wanted:
        raise KeyUsed(key=key)
    return case_id


def _model_in_force(
    tx: Transaction, process_key: str, version_id: UUID | None, municipality: str, now: datetime
) -> Deployed:
    """The version asked for, or else the one in force now. Raises `NotFound`."""
    if version_id is None:
        version_id = version_for(tx, process_key=process_key, municipality=municipality, key_date=now)
    else:
        _need_usable(tx, version_id, municipality)
    return deployed(tx, version_id)


def _need_usable(tx: Transaction, version_id: UUID, municipality: str) -> None:
    version = tx.session.get(ModelVersion, version_id)
    usable = version is not None and version.state == VersionState.IN_KRAFT
    if version is None or not usable or version.municipality not in {None, municipality}:
        raise NotFound(
            "There is no such model version in force.", text_de="Diese Modellversion ist nicht in Kraft."
        )


def _read_form(
    model: Deployed, element: str | None, values: Mapping[str, Any], now: datetime, *, confirmed: bool
) -> dict[str, Any]:
    """The values as the form of the start event reads them, or as they are where it has none."""
    form = model.form(model.program.start_form(element))
    return form.read(values, now=now, confirmed=confirmed) if form else read_free_values(values)


def _checked_reference(tx: Transaction, model: Deployed, municipality: str, reference: str) -> str:
    reference = reference.strip()
    if not reference or len(reference) > MAX_REFERENCE:
        raise ReferenceMissing
    wanted = {"municipality": municipality, "process_id": model.process_id, "reference": reference}
    tx.flush()
    if tx.connection.execute(_TAKEN, wanted).first() is not None:
        raise ReferenceTaken(reference=reference)
    return reference


def _units(tx: Transaction, municipality: str, model: Deployed) -> dict[str, str]:
    """The competent Stelle for each kind that the model needs. Raises `NoCompetentUnit`."""
    if not model.kinds:
        return {}
    rows = tx.connection.execute(_COMPETENT, {"municipality": municipality})
    competent = {kind: str(unit) for kind, unit in rows}
    for kind in model.kinds:
        if kind not in competent:
            raise no_unit(kind, municipality)
    return {kind: competent[kind] for kind in model.kinds}
