"""Rules about activities: tasks, sub-processes, calls, loops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import child, children, is_true
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
