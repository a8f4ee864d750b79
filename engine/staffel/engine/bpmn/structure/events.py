"""Rules about start and end events and event sub-processes: which kind may stand where, and how it is connected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import children, is_true
from staffel.engine.bpmn.structure.rule import ERROR, WARNING, Check, Rule
from staffel.engine.bpmn.words import SUB_PROCESSES, local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View


def with_flow(name: str, *, incoming: bool) -> Check:
    """Elements of a kind that a flow leads into (or, `incoming` False, out of)."""

    def check(view: View) -> Iterator[etree._Element]:
        for event in view.all(name):
            if view.into(event) if incoming else view.out_of(event):
                yield event

    return check


def _without_flow(name: str, *, incoming: bool) -> Check:
    def check(view: View) -> Iterator[etree._Element]:
        for event in view.all(name):
            if not (view.into(event) if incoming else view.out_of(event)) and not in_ad_hoc(event):
                yield event

    return check


def in_ad_hoc(element: etree._Element) -> bool:
    """Whether it stands in an ad-hoc sub-process, where nothing needs flows (§10.3.5)."""
    parent = element.getparent()
    return parent is not None and local(parent) == "adHocSubProcess"


def _partner_missing(name: str, partner: str) -> Check:
    def check(view: View) -> Iterator[etree._Element]:
        for event in view.all(name):
            if not view.has(event.getparent(), partner):
                yield event

    return check


def other_kinds(name: str, allowed: set[str]) -> Check:
    """Events of a kind with other triggers than those, and which they are."""

    def check(view: View) -> Iterator[tuple[etree._Element, str]]:
        for event in view.all(name):
            wrong = [kind for kind in view.kinds(event) if kind not in allowed]
            if wrong:
                yield event, ", ".join(wrong)

    return check


def _top_start_kinds(view: View) -> Iterator[tuple[etree._Element, str]]:
    for event in view.all("startEvent"):
        parent = event.getparent()
        wrong = set(view.kinds(event)) - {"message", "timer", "conditional", "signal"}
        if parent is not None and local(parent) == "process" and wrong:
            yield event, ", ".join(sorted(wrong))


def _called_without_start(view: View) -> Iterator[etree._Element]:
    for call in view.all("callActivity"):
        process = view.target(call, "calledElement")
        if process is None or local(process) != "process":
            continue
        starts = list(children(process, "startEvent"))
        if starts and all(view.kinds(start) for start in starts):
            yield call


def _event_sub_processes(view: View) -> Iterator[etree._Element]:
    for scope in view.all(*SUB_PROCESSES):
        if is_true(scope.get("triggeredByEvent")):
            yield scope


def _start_in_sub_process(view: View) -> Iterator[tuple[etree._Element, str]]:
    for scope in view.all(*SUB_PROCESSES):
        for start in () if is_true(scope.get("triggeredByEvent")) else children(scope, "startEvent"):
            if kinds := view.kinds(start):
                yield start, ", ".join(kinds)


def _event_sub_process_flows(view: View) -> Iterator[etree._Element]:
    for scope in _event_sub_processes(view):
        if view.into(scope) or view.out_of(scope):
            yield scope


def _event_sub_process_starts(view: View) -> Iterator[tuple[etree._Element, str]]:
    for scope in _event_sub_processes(view):
        number = len(list(children(scope, "startEvent")))
        if number != 1:
            yield scope, str(number)


def _event_sub_process_kinds(view: View) -> Iterator[tuple[etree._Element, str]]:
    allowed = {"message", "timer", "error", "escalation", "compensate", "conditional", "signal"}
    for scope in _event_sub_processes(view):
        for start in children(scope, "startEvent"):
            kinds = set(view.kinds(start))
            wrong = kinds - allowed
            if not is_true(start.get("isInterrupting"), True):
                wrong |= kinds & {"error", "compensate"}
            if wrong or not kinds:
                yield start, ", ".join(sorted(wrong)) or "–"


def _cancel_outside(view: View) -> Iterator[etree._Element]:
    for event in view.all("endEvent"):
        if "cancel" in view.kinds(event) and not view.inside(event, "transaction"):
            yield event


CONNECT: Final = (
    "Einen Sequenzfluss ergänzen oder das Element löschen.",
    "Add a sequence flow or delete the element.",
)
REMOVE_FLOW: Final = ("Den Sequenzfluss löschen.", "Delete the sequence flow.")
CHANGE_KIND: Final = (
    "Die Art des Ereignisses im Zeichenprogramm ändern.",
    "Change the kind of event in the modelling tool.",
)

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "057",
        "event-sub-process-connected",
        ERROR,
        "10.3.5",
        "Ein Ereignis-Teilprozess hat keine ein- oder ausgehenden Sequenzflüsse.",
        "An event sub-process has no incoming or outgoing sequence flows.",
        *REMOVE_FLOW,
        _event_sub_process_flows,
    ),
    Rule(
        "058",
        "event-sub-process-starts",
        ERROR,
        "10.3.5",
        "Ein Ereignis-Teilprozess hat genau ein Startereignis.",
        "An event sub-process has exactly one start event.",
        "Genau ein Startereignis zeichnen.",
        "Draw exactly one start event.",
        _event_sub_process_starts,
    ),
    Rule(
        "059",
        "event-sub-process-start-kind",
        ERROR,
        "10.3.5",
        "Der Start eines Ereignis-Teilprozesses braucht einen Auslöser (Nachricht, Zeit, Fehler, Eskalation, "
        "Kompensation, Bedingung, Signal); Fehler und Kompensation unterbrechen immer.",
        "The start of an event sub-process needs a trigger (message, timer, error, escalation, compensation, "
        "condition, signal); error and compensation always interrupt.",
        *CHANGE_KIND,
        _event_sub_process_kinds,
    ),
    Rule(
        "096",
        "start-has-incoming",
        ERROR,
        "10.5.2",
        "In ein Startereignis führt kein Sequenzfluss.",
        "No sequence flow leads into a start event.",
        "Den Sequenzfluss, der hineinführt, löschen oder zu dem Element nach dem Startereignis ziehen.",
        "Delete the sequence flow that leads into it, or draw it to the element after the start event.",
        with_flow("startEvent", incoming=True),
    ),
    Rule(
        "097",
        "start-missing",
        WARNING,
        "10.5.3",
        "Wo ein Endereignis steht, gehört auf dieselbe Ebene ein Startereignis.",
        "Where there is an end event there should be a start event on the same level.",
        "Ein Startereignis ergänzen.",
        "Add a start event.",
        _partner_missing("endEvent", "startEvent"),
    ),
    Rule(
        "098",
        "start-kind",
        ERROR,
        "10.5.2",
        "Ein Prozess beginnt ohne Auslöser oder durch Nachricht, Zeit, Bedingung oder Signal.",
        "A process starts without trigger or by message, timer, condition or signal.",
        *CHANGE_KIND,
        _top_start_kinds,
    ),
    Rule(
        "099",
        "called-start-missing",
        ERROR,
        "10.5.2",
        "Ein aufgerufener Prozess braucht ein Startereignis ohne Auslöser.",
        "A called process needs a start event without trigger.",
        "Im aufgerufenen Prozess ein einfaches Startereignis ergänzen.",
        "Add a plain start event to the called process.",
        _called_without_start,
    ),
    Rule(
        "100",
        "sub-process-start-kind",
        ERROR,
        "10.5.2",
        "Das Startereignis eines Teilprozesses hat keinen Auslöser.",
        "The start event of a sub-process has no trigger.",
        "Den Auslöser entfernen oder einen Ereignis-Teilprozess daraus machen.",
        "Remove the trigger or make it an event sub-process.",
        _start_in_sub_process,
    ),
    Rule(
        "101",
        "start-leads-nowhere",
        WARNING,
        "10.5.2",
        "Von einem Startereignis geht ein Sequenzfluss aus.",
        "A sequence flow leaves a start event.",
        *CONNECT,
        _without_flow("startEvent", incoming=False),
    ),
    Rule(
        "104",
        "end-has-outgoing",
        ERROR,
        "10.5.3",
        "Von einem Endereignis geht kein Sequenzfluss aus.",
        "No sequence flow leaves an end event.",
        *REMOVE_FLOW,
        with_flow("endEvent", incoming=False),
    ),
    Rule(
        "105",
        "end-missing",
        WARNING,
        "10.5.2",
        "Wo ein Startereignis steht, gehört auf dieselbe Ebene ein Endereignis.",
        "Where there is a start event there should be an end event on the same level.",
        "Ein Endereignis ergänzen.",
        "Add an end event.",
        _partner_missing("startEvent", "endEvent"),
    ),
    Rule(
        "106",
        "cancel-outside-transaction",
        ERROR,
        "10.5.3",
        "Ein Abbruch-Endereignis ist nur in einer Transaktion erlaubt.",
        "A cancel end event is allowed only inside a transaction.",
        "Den Teilprozess zur Transaktion machen oder ein anderes Endereignis wählen.",
        "Make the sub-process a transaction or choose another end event.",
        _cancel_outside,
    ),
    Rule(
        "107",
        "end-never-reached",
        WARNING,
        "10.5.3",
        "In ein Endereignis führt mindestens ein Sequenzfluss.",
        "At least one sequence flow leads into an end event.",
        *CONNECT,
        _without_flow("endEvent", incoming=True),
    ),
    Rule(
        "146",
        "end-kind",
        ERROR,
        "10.5.3",
        "Ein Endereignis kann Nachricht, Eskalation, Fehler, Abbruch, Kompensation, Signal oder Terminierung sein.",
        "An end event can be message, escalation, error, cancel, compensation, signal or terminate.",
        *CHANGE_KIND,
        other_kinds(
            "endEvent", {"message", "escalation", "error", "cancel", "compensate", "signal", "terminate"}
        ),
    ),
)
