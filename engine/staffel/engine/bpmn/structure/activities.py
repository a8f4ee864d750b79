"""Rules about activities: tasks, sub-processes, calls, loops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import child, children, is_true, text_of
from staffel.engine.bpmn.structure.rule import ERROR, HINT, WARNING, Check, Rule
from staffel.engine.bpmn.words import ACTIVITIES, CHOREOGRAPHY, SUB_PROCESSES, local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View


def _choreography_in(*names: str) -> Check:
    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for scope in view.all(*names):
            for found in children(scope, *CHOREOGRAPHY):
                yield scope, f"{local(found)} {found.get('id') or ''}"

    return check


def _below_one(attribute: str) -> Check:
    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for activity in view.all(*ACTIVITIES):
            value = (activity.get(attribute) or "").strip()
            if value.startswith("-") or value in {"0", "+0", "00"}:
                yield activity, value

    return check


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


def _no_script_format(view: View) -> Iterator[etree._Element]:
    for task in view.all("scriptTask"):
        if child(task, "script") is not None and not (task.get("scriptFormat") or "").strip():
            yield task


def _empty_ad_hoc(view: View) -> Iterator[etree._Element]:
    for scope in view.all("adHocSubProcess"):
        if next(children(scope, *ACTIVITIES), None) is None:
            yield scope


def _wrong_in_ad_hoc(view: View) -> Iterator[tuple[etree._Element, str]]:
    names = ("startEvent", "endEvent", "conversation", "conversationLink", *CHOREOGRAPHY)
    for scope in view.all("adHocSubProcess"):
        for found in children(scope, *names):
            yield scope, f"{local(found)} {found.get('id') or ''}"


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


def _vendor_collection(loop: etree._Element) -> bool:
    if any(str(key).endswith("}collection") for key in loop.attrib):
        return True
    return loop.find("{*}extensionElements/{*}loopCharacteristics") is not None


def _no_bound(view: View) -> Iterator[etree._Element]:
    for loop in view.all("multiInstanceLoopCharacteristics"):
        if not view.executable(loop) or _vendor_collection(loop):
            continue
        activity = loop.getparent()
        if (
            child(loop, "loopCardinality") is None
            and child(loop, "loopDataInputRef") is None
            and activity is not None
        ):
            yield activity


def _loop_input(view: View) -> Iterator[tuple[etree._Element, str]]:
    for loop in view.all("multiInstanceLoopCharacteristics"):
        activity = loop.getparent()
        if activity is None or local(activity) in SUB_PROCESSES or not view.executable(loop):
            continue
        inputs = {item.get("id") for item in view.io(activity, "dataInput")}
        for reference in view.refs(loop, "loopDataInputRef"):
            if reference not in inputs:
                yield loop, reference


def _loop_item(collection: str, item_name: str) -> Check:
    """The single item of a loop has the type of the collection's members."""

    def check(view: View) -> Iterator[etree._Element]:
        for loop in view.all("multiInstanceLoopCharacteristics"):
            item = child(loop, item_name)
            whole = next((view.source.by_id.get(ref) for ref in view.refs(loop, collection)), None)
            if item is None or whole is None or not view.executable(loop):
                continue
            definition = view.target(item, "itemSubjectRef")
            many = definition is not None and is_true(definition.get("isCollection"))
            if many or view.data_type(item) != view.data_type(whole):
                yield loop

    return check


def _io_in_sub_process(view: View) -> Iterator[etree._Element]:
    for scope in view.all(*SUB_PROCESSES):
        if child(scope, "ioSpecification") is not None:
            yield scope


_POOLS: Final = (
    "Die Schritte jedes Beteiligten als Prozess in einem eigenen Pool zeichnen.",
    "Draw the steps of each participant as a process in a pool of its own.",
)
_QUANTITY: Final = (
    "Eine Zahl ab 1 eintragen oder das Attribut löschen.",
    "Enter a number from 1 or delete the attribute.",
)
_SETS: Final = (
    "Die Ein- und Ausgabe-Angaben (ioSpecification) im Zeichenprogramm berichtigen oder löschen.",
    "Correct or delete the input and output specification (ioSpecification) in the modelling tool.",
)
_TYPES: Final = (
    "Beiden denselben Datentyp (itemDefinition) geben.",
    "Give both the same type of data (itemDefinition).",
)

# fmt: off  - a table reads better with a rule's parts on few lines
RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "036",
        "choreography-in-process",
        ERROR,
        "11.4",
        "Ein Prozess enthält keine Choreografie-Aktivitäten.",
        "A process contains no choreography activities.",
        *_POOLS,
        _choreography_in("process"),
    ),
    Rule(
        "056",
        "choreography-in-sub-process",
        ERROR,
        "10.3.5",
        "Ein Teilprozess enthält keine Choreografie-Aktivitäten.",
        "A sub-process contains no choreography activities.",
        *_POOLS,
        _choreography_in(*SUB_PROCESSES),
    ),
    Rule(
        "037",
        "start-quantity",
        ERROR,
        "10.3.2",
        "startQuantity muss mindestens 1 sein.",
        "startQuantity must be at least 1.",
        *_QUANTITY,
        _below_one("startQuantity"),
    ),
    Rule(
        "038",
        "completion-quantity",
        ERROR,
        "10.3.2",
        "completionQuantity muss mindestens 1 sein.",
        "completionQuantity must be at least 1.",
        *_QUANTITY,
        _below_one("completionQuantity"),
    ),
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
        "053",
        "script-format-missing",
        HINT,
        "10.3.3",
        "Zu einem Skript gehört die Angabe seiner Sprache (scriptFormat); ohne sie gilt FEEL.",
        "A script names its language (scriptFormat); without it FEEL is assumed.",
        'scriptFormat="feel" ergänzen.',
        'Add scriptFormat="feel".',
        _no_script_format,
    ),
    Rule(
        "061",
        "ad-hoc-empty",
        ERROR,
        "10.3.5",
        "Ein Ad-hoc-Teilprozess enthält mindestens eine Aktivität.",
        "An ad-hoc sub-process contains at least one activity.",
        "Eine Aktivität ergänzen.",
        "Add an activity.",
        _empty_ad_hoc,
    ),
    Rule(
        "062",
        "ad-hoc-content",
        ERROR,
        "10.3.5",
        "Ein Ad-hoc-Teilprozess enthält keine Start- und Endereignisse, Konversationen oder Choreografien.",
        "An ad-hoc sub-process contains no start and end events, conversations or choreographies.",
        "Das Element löschen.",
        "Delete the element.",
        _wrong_in_ad_hoc,
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
    Rule(
        "067",
        "loop-bound-missing",
        ERROR,
        "10.3.8",
        "Eine Mehrfachausführung braucht eine Anzahl (loopCardinality) oder eine Sammlung (loopDataInputRef).",
        "A multi-instance loop needs a number (loopCardinality) or a collection (loopDataInputRef).",
        "Die Anzahl oder die Liste angeben, über die wiederholt wird.",
        "State the number or the list that is repeated over.",
        _no_bound,
    ),
    Rule(
        "068",
        "loop-input",
        HINT,
        "10.3.8",
        "Die Sammlung einer Mehrfachausführung ist ein Dateneingang derselben Aufgabe.",
        "The collection of a multi-instance loop is a data input of the same task.",
        *_SETS,
        _loop_input,
    ),
    Rule(
        "069",
        "loop-output-type",
        WARNING,
        "10.3.8",
        "Das einzelne Ergebnis hat den Typ der Elemente der Ergebnisliste.",
        "The single result has the type of the members of the result list.",
        *_TYPES,
        _loop_item("loopDataOutputRef", "outputDataItem"),
    ),
    Rule(
        "070",
        "loop-input-type",
        WARNING,
        "10.3.8",
        "Das einzelne Element hat den Typ der Elemente der Sammlung.",
        "The single item has the type of the members of the collection.",
        *_TYPES,
        _loop_item("loopDataInputRef", "inputDataItem"),
    ),
    Rule(
        "079",
        "sub-process-io",
        WARNING,
        "10.4.2",
        "Ein Teilprozess hat keine eigene Ein-/Ausgabe-Angabe (ioSpecification).",
        "A sub-process has no input/output specification of its own (ioSpecification).",
        *_SETS,
        _io_in_sub_process,
    ),
)
# fmt: on
