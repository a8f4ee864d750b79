"""Rules about tasks that exchange messages, and about what offers or calls an interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import child, is_true, text_of
from staffel.engine.bpmn.structure.rule import ERROR, HINT, WARNING, Check, Rule

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View

_SETS: Final = (
    "Die Ein- und Ausgabe-Angaben (ioSpecification) im Zeichenprogramm berichtigen oder löschen.",
    "Correct or delete the input and output specification (ioSpecification) in the modelling tool.",
)
_TYPES: Final = (
    "Beiden denselben Datentyp (itemDefinition) geben.",
    "Give both the same type of data (itemDefinition).",
)


def _sets(name: str, attribute: str, what: str, *, least: int, most: int) -> Check:
    """A task that names an operation or message has so many input or output sets, or data inputs or outputs."""

    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for task in view.all(name):
            number = len(view.io(task, what))
            if task.get(attribute) and not least <= number <= most:
                yield task, str(number)

    return check


def _operation_type(what: str, message: str) -> Check:
    """The data of a service task has the type of the message of its operation."""

    def check(view: View) -> Iterator[etree._Element]:
        for task in view.all("serviceTask"):
            operation = view.target(task, "operationRef")
            data = view.io(task, what)
            ref = None if operation is None else child(operation, message)
            if ref is None or (what == "dataInput" and not data):
                continue
            expected = view.data_type(view.source.find(text_of(ref), ref), "itemRef")
            if expected is not None and expected not in {view.data_type(item) for item in data}:
                yield task

    return check


def _message_type(name: str, what: str) -> Check:
    """The data of a send or receive task has the type of its message."""

    def check(view: View) -> Iterator[etree._Element]:
        for task in view.all(name):
            expected = view.data_type(view.target(task, "messageRef"), "itemRef")
            for item in view.io(task, what) if task.get("messageRef") else ():
                if view.data_type(item) != expected:
                    yield task

    return check


def _starter_with_incoming(view: View) -> Iterator[etree._Element]:
    for task in view.all("receiveTask"):
        if is_true(task.get("instantiate")) and view.into(task):
            yield task


def _call_data(view: View) -> Iterator[tuple[etree._Element, str]]:
    for call in view.all("callActivity"):
        called = view.target(call, "calledElement")
        if called is None or child(call, "ioSpecification") is None:
            continue
        for what in ("dataInput", "dataOutput"):
            here = sorted(str(view.data_type(item)) for item in view.io(call, what))
            there = sorted(str(view.data_type(item)) for item in view.io(called, what))
            if here != there:
                yield call, f"{what}: {len(here)} / {len(there)}"


def _no_binding(view: View) -> Iterator[etree._Element]:
    for reference in view.all("supportedInterfaceRef"):
        owner = reference.getparent()
        if owner is not None and child(owner, "ioBinding") is None:
            yield owner


def _binding_type(view: View) -> Iterator[etree._Element]:
    for binding in view.all("ioBinding"):
        operation = view.target(binding, "operationRef")
        for attribute, message in (("inputDataRef", "inMessageRef"), ("outputDataRef", "outMessageRef")):
            ref = None if operation is None else child(operation, message)
            if ref is None:
                continue
            expected = view.data_type(view.source.find(text_of(ref), ref), "itemRef")
            if view.data_type(view.target(binding, attribute)) != expected:
                yield binding


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "042",
        "service-input-sets",
        WARNING,
        "10.3.3",
        "Eine Service-Aufgabe mit Operation hat genau einen Eingabesatz.",
        "A service task with an operation has exactly one input set.",
        *_SETS,
        _sets("serviceTask", "operationRef", "inputSet", least=1, most=1),
    ),
    Rule(
        "043",
        "service-output-sets",
        WARNING,
        "10.3.3",
        "Eine Service-Aufgabe mit Operation hat höchstens einen Ausgabesatz.",
        "A service task with an operation has at most one output set.",
        *_SETS,
        _sets("serviceTask", "operationRef", "outputSet", least=0, most=1),
    ),
    Rule(
        "044",
        "service-input-type",
        WARNING,
        "10.3.3",
        "Der Dateneingang hat denselben Typ wie die eingehende Nachricht der Operation.",
        "The data input has the type of the operation's incoming message.",
        *_TYPES,
        _operation_type("dataInput", "inMessageRef"),
    ),
    Rule(
        "045",
        "service-output-type",
        WARNING,
        "10.3.3",
        "Der Datenausgang hat denselben Typ wie die ausgehende Nachricht der Operation.",
        "The data output has the type of the operation's outgoing message.",
        *_TYPES,
        _operation_type("dataOutput", "outMessageRef"),
    ),
    Rule(
        "046",
        "send-input-sets",
        WARNING,
        "10.3.3",
        "Eine Sende-Aufgabe mit Nachricht hat höchstens einen Eingabesatz.",
        "A send task with a message has at most one input set.",
        *_SETS,
        _sets("sendTask", "messageRef", "inputSet", least=0, most=1),
    ),
    Rule(
        "047",
        "send-inputs",
        WARNING,
        "10.3.3",
        "Eine Sende-Aufgabe mit Nachricht hat höchstens einen Dateneingang.",
        "A send task with a message has at most one data input.",
        *_SETS,
        _sets("sendTask", "messageRef", "dataInput", least=0, most=1),
    ),
    Rule(
        "048",
        "send-input-type",
        WARNING,
        "10.3.3",
        "Der Dateneingang hat den Typ der Nachricht.",
        "The data input has the type of the message.",
        *_TYPES,
        _message_type("sendTask", "dataInput"),
    ),
    Rule(
        "049",
        "receive-start-incoming",
        ERROR,
        "10.3.3",
        "In eine Empfangs-Aufgabe, die den Prozess beginnt (instantiate), führt kein Fluss.",
        "No flow leads into a receive task that starts the process (instantiate).",
        "Den Fluss löschen oder instantiate abschalten.",
        "Delete the flow or switch instantiate off.",
        _starter_with_incoming,
    ),
    Rule(
        "050",
        "receive-output-sets",
        WARNING,
        "10.3.3",
        "Eine Empfangs-Aufgabe mit Nachricht hat höchstens einen Ausgabesatz.",
        "A receive task with a message has at most one output set.",
        *_SETS,
        _sets("receiveTask", "messageRef", "outputSet", least=0, most=1),
    ),
    Rule(
        "051",
        "receive-outputs",
        WARNING,
        "10.3.3",
        "Eine Empfangs-Aufgabe mit Nachricht hat höchstens einen Datenausgang.",
        "A receive task with a message has at most one data output.",
        *_SETS,
        _sets("receiveTask", "messageRef", "dataOutput", least=0, most=1),
    ),
    Rule(
        "052",
        "receive-output-type",
        WARNING,
        "10.3.3",
        "Der Datenausgang hat den Typ der Nachricht.",
        "The data output has the type of the message.",
        *_TYPES,
        _message_type("receiveTask", "dataOutput"),
    ),
    Rule(
        "063",
        "call-data",
        WARNING,
        "10.3.6",
        "Die Ein- und Ausgaben eines Aufrufs müssen denen des aufgerufenen Prozesses entsprechen.",
        "The inputs and outputs of a call must match those of the called process.",
        *_SETS,
        _call_data,
    ),
    Rule(
        "064",
        "interface-unbound",
        HINT,
        "10.3.6",
        "Wer eine Schnittstelle anbietet (supportedInterfaceRef), bindet sie an Daten (ioBinding).",
        "What offers an interface (supportedInterfaceRef) binds it to data (ioBinding).",
        "ioBinding ergänzen; Staffel braucht beides nicht.",
        "Add ioBinding; Staffel needs neither.",
        _no_binding,
    ),
    Rule(
        "065",
        "binding-type",
        HINT,
        "10.3.6",
        "Eine Bindung (ioBinding) verbindet Daten mit einer Nachricht desselben Typs.",
        "A binding (ioBinding) connects data with a message of the same type.",
        *_TYPES,
        _binding_type,
    ),
)
