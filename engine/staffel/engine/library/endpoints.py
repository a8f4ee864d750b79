"""Which endpoints of the installation a model calls: known before it is put in force, and listed for those who operate."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sqlmodel import col, select

from staffel.engine.errors import Refusal
from staffel.engine.kernel import Program
from staffel.engine.library.deployed import deployed
from staffel.engine.store import Transaction
from staffel.engine.store.tables import ModelVersion, VersionState

EndpointNames = Mapping[str, frozenset[str]]
"""The endpoints of the installation, with the municipalities (AGS) that may use them; none: all."""
NO_ENDPOINTS: EndpointNames = MappingProxyType({})


class EndpointUnknown(Refusal):
    """The model calls endpoints that this installation does not have; those who operate it can configure them."""

    code = "endpoint-unknown"
    text_de = (
        "Das Modell ruft Endpunkte auf, die diese Installation nicht hat. Der Betrieb kann sie einrichten."
    )


class EndpointUse(NamedTuple):
    """A version in force that calls an endpoint; `municipality` None: the common version."""

    endpoint: str
    process: str
    number: int
    municipality: str | None
    steps: tuple[str, ...]


def endpoints_of(program: Program) -> dict[str, list[str]]:
    """The endpoints that a program calls, each with the names of the steps that do."""
    found: dict[str, list[str]] = {}
    for element in program.elements.values():
        if endpoint := element.node.extension.endpoint:
            found.setdefault(endpoint.name, []).append(element.name or element.local_id)
    return found


def need_endpoints(program: Program, municipality: str | None, endpoints: EndpointNames) -> None:
    """Raise `EndpointUnknown` unless a version of the municipality (None: the common one) may call all that it names."""
    for name, steps in endpoints_of(program).items():
        at, who = ", ".join(steps), municipality or "–"
        if name not in endpoints:
            raise EndpointUnknown(
                f"Expected an endpoint of this installation at '{at}', found '{name}'. Correct the name, or have those who "
                f"operate Staffel configure it.",
                text_de=f"An „{at}“ steht der Endpunkt „{name}“, den diese Installation nicht hat. Den Namen berichtigen "
                f"oder den Endpunkt vom Betrieb einrichten lassen.",
                endpoint=name,
            )
        if endpoints[name] and municipality not in endpoints[name]:
            served = ", ".join(sorted(endpoints[name]))
            raise EndpointUnknown(
                f"The endpoint '{name}' at '{at}' is for models of {served} only, found {who}. Upload the model as a "
                f"variant of the municipality, or have those who operate Staffel open the endpoint.",
                text_de=f"Der Endpunkt „{name}“ an „{at}“ ist nur für Modelle von {served}, gefunden: {who}. Das Modell "
                f"als Variante der Kommune hochladen oder den Endpunkt vom Betrieb öffnen lassen.",
                endpoint=name,
            )


def uses_in_force(tx: Transaction) -> list[EndpointUse]:
    """Every use of an endpoint by a version in force."""
    query = select(ModelVersion).where(col(ModelVersion.state) == VersionState.IN_KRAFT)
    found = []
    for version in tx.session.exec(query):
        model = deployed(tx, version.id)
        found += [
            EndpointUse(name, model.process_key, version.number, version.municipality, tuple(steps))
            for name, steps in endpoints_of(model.program).items()
        ]
    return sorted(found, key=lambda use: (use.endpoint, use.process, use.number))
