"""Rules about data: inputs, outputs, their sets, associations, naming."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import child, children, is_true
from staffel.engine.bpmn.structure.rule import HINT, WARNING, Check, Rule
from staffel.engine.bpmn.words import local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View

_ASSOCIATIONS: Final = ("dataInputAssociation", "dataOutputAssociation")
_CARRIERS: Final = {
    "intermediateThrowEvent": "dataInput",
    "endEvent": "dataInput",
    "startEvent": "dataOutput",
    "intermediateCatchEvent": "dataOutput",
    "boundaryEvent": "dataOutput",
}


def _collection_differs(view: View) -> Iterator[etree._Element]:
    for item in view.all("dataObject", "dataInput", "dataOutput"):
        definition = view.target(item, "itemSubjectRef")
        if definition is not None and is_true(item.get("isCollection")) != is_true(
            definition.get("isCollection")
        ):
            yield item


def _reference_name(view: View) -> Iterator[tuple[etree._Element, str]]:
    for reference in view.all("dataObjectReference"):
        state = child(reference, "dataState")
        whole = view.target(reference, "dataObjectRef")
        if state is None or whole is None or not reference.get("name"):
            continue
        if reference.get("name") != f"{whole.get('name') or ''} [{state.get('name') or ''}]":
            yield reference, reference.get("name") or ""


def _in_no_set(item_name: str, set_name: str, ref_name: str) -> Check:
    def check(view: View) -> Iterator[etree._Element]:
        listed = {ref for group in view.all(set_name) for ref in view.refs(group, ref_name)}
        for item in view.all(item_name):
            if item.get("id") not in listed:
                yield item

    return check


def _not_listed(set_name: str, special: str, ref_name: str) -> Check:
    """What a set names as optional or used while executing is also listed as its member."""

    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for group in view.all(set_name):
            missing = set(view.refs(group, special)) - set(view.refs(group, ref_name))
            if missing:
                yield group, ", ".join(sorted(missing))

    return check


def _sets_disagree(view: View) -> Iterator[tuple[etree._Element, str]]:
    for name, other, back in (
        ("inputSet", "outputSetRefs", "inputSetRefs"),
        ("outputSet", "inputSetRefs", "outputSetRefs"),
    ):
        for group in view.all(name):
            for reference in view.refs(group, other):
                partner = view.source.by_id.get(reference)
                if partner is None or group.get("id") not in view.refs(partner, back):
                    yield group, reference


def _types_differ(view: View) -> Iterator[etree._Element]:
    for association in view.all(*_ASSOCIATIONS):
        if child(association, "transformation") is not None or child(association, "assignment") is not None:
            continue
        ends = [*view.refs(association, "sourceRef")[:1], *view.refs(association, "targetRef")[:1]]
        types = [view.data_type(view.source.by_id.get(end)) for end in ends]
        if len(types) == 2 and None not in types and types[0] != types[1]:
            yield association


def _sources(view: View) -> Iterator[tuple[etree._Element, str]]:
    for association in view.all(*_ASSOCIATIONS):
        number = len(view.refs(association, "sourceRef"))
        plain = child(association, "transformation") is None and child(association, "assignment") is None
        if plain and number != 1:
            yield association, str(number)


def _data_of_events(view: View) -> Iterator[tuple[etree._Element, str]]:
    for name, what in _CARRIERS.items():
        for event in view.all(name):
            data, definitions = len(list(children(event, what))), len(view.definitions(event))
            if data and data != definitions:
                yield event, f"{data} / {definitions}"


def _event_data_types(view: View) -> Iterator[tuple[etree._Element, str]]:
    for name, what in _CARRIERS.items():
        for event in view.all(name):
            data = list(children(event, what))
            carrying = [
                d
                for d in view.definitions(event)
                if local(d).startswith(("message", "error", "esc", "signal"))
            ]
            for item, definition in zip(data, carrying, strict=False):
                if view.data_type(item) != view.root_type(definition):
                    yield event, item.get("id") or ""


_SETS: Final = (
    "Die Ein- und Ausgabe-Angaben (ioSpecification) im Zeichenprogramm berichtigen oder löschen.",
    "Correct or delete the input and output specification (ioSpecification) in the modelling tool.",
)
_TYPES: Final = (
    "Beiden denselben Datentyp (itemDefinition) geben oder eine Umrechnung (transformation) ergänzen.",
    "Give both the same type of data (itemDefinition) or add a transformation.",
)

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "020",
        "collection-differs",
        WARNING,
        "10.4.1",
        "isCollection stimmt mit dem Datentyp (itemDefinition) überein.",
        "isCollection agrees with the type of data (itemDefinition).",
        "isCollection an beiden Stellen gleich setzen.",
        "Set isCollection the same in both places.",
        _collection_differs,
    ),
    Rule(
        "076",
        "data-reference-name",
        HINT,
        "10.4.1",
        "Ein Datenobjekt-Verweis mit Zustand heißt „Name des Datenobjekts [Zustand]“.",
        'A data object reference with a state is named "name of the data object [state]".',
        "Den Namen anpassen.",
        "Adapt the name.",
        _reference_name,
    ),
    Rule(
        "084",
        "input-in-no-set",
        WARNING,
        "10.4.2",
        "Ein Dateneingang gehört zu mindestens einem Eingabesatz.",
        "A data input belongs to at least one input set.",
        *_SETS,
        _in_no_set("dataInput", "inputSet", "dataInputRefs"),
    ),
    Rule(
        "085",
        "optional-input-not-listed",
        WARNING,
        "10.4.2",
        "Ein optionaler Eingang gehört selbst zum Eingabesatz.",
        "An optional input belongs to the input set itself.",
        *_SETS,
        _not_listed("inputSet", "optionalInputRefs", "dataInputRefs"),
    ),
    Rule(
        "086",
        "running-input-not-listed",
        WARNING,
        "10.4.2",
        "Ein während der Ausführung gelesener Eingang gehört selbst zum Eingabesatz.",
        "An input read while executing belongs to the input set itself.",
        *_SETS,
        _not_listed("inputSet", "whileExecutingInputRefs", "dataInputRefs"),
    ),
    Rule(
        "087",
        "sets-disagree",
        WARNING,
        "10.4.2",
        "Eingabe- und Ausgabesatz verweisen gegenseitig aufeinander.",
        "Input and output set refer to each other.",
        *_SETS,
        _sets_disagree,
    ),
    Rule(
        "088",
        "output-in-no-set",
        WARNING,
        "10.4.2",
        "Ein Datenausgang gehört zu mindestens einem Ausgabesatz.",
        "A data output belongs to at least one output set.",
        *_SETS,
        _in_no_set("dataOutput", "outputSet", "dataOutputRefs"),
    ),
    Rule(
        "089",
        "optional-output-not-listed",
        WARNING,
        "10.4.2",
        "Ein optionaler Ausgang gehört selbst zum Ausgabesatz.",
        "An optional output belongs to the output set itself.",
        *_SETS,
        _not_listed("outputSet", "optionalOutputRefs", "dataOutputRefs"),
    ),
    Rule(
        "090",
        "running-output-not-listed",
        WARNING,
        "10.4.2",
        "Ein während der Ausführung geschriebener Ausgang gehört selbst zum Ausgabesatz.",
        "An output written while executing belongs to the output set itself.",
        *_SETS,
        _not_listed("outputSet", "whileExecutingOutputRefs", "dataOutputRefs"),
    ),
    Rule(
        "091",
        "association-types",
        WARNING,
        "10.4.2",
        "Quelle und Ziel einer Datenassoziation haben denselben Typ, oder es gibt eine Umrechnung.",
        "Source and target of a data association have the same type, or there is a transformation.",
        *_TYPES,
        _types_differ,
    ),
    Rule(
        "092",
        "association-sources",
        WARNING,
        "10.4.2",
        "Ohne Umrechnung hat eine Datenassoziation genau eine Quelle.",
        "Without a transformation a data association has exactly one source.",
        "Für jede Quelle eine eigene Assoziation zeichnen oder eine Umrechnung angeben.",
        "Draw an association for each source or state a transformation.",
        _sources,
    ),
    Rule(
        "093",
        "event-data-count",
        WARNING,
        "10.4.2",
        "Ein Ereignis mit Daten hat für jede Definition genau einen Datenein- oder -ausgang.",
        "An event with data has exactly one data input or output for each definition.",
        *_SETS,
        _data_of_events,
    ),
    Rule(
        "094",
        "event-data-type",
        WARNING,
        "10.4.2",
        "Die Daten eines Ereignisses haben den Typ der Nachricht, des Signals, Fehlers oder der Eskalation.",
        "The data of an event have the type of the message, signal, error or escalation.",
        *_TYPES,
        _event_data_types,
    ),
)
