"""Rules about intermediate and boundary events: which kind may stand where, and how it is connected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import child, is_true
from staffel.engine.bpmn.structure.events import (
    CHANGE_KIND,
    CONNECT,
    REMOVE_FLOW,
    in_ad_hoc,
    other_kinds,
    with_flow,
)
from staffel.engine.bpmn.structure.rule import ERROR, WARNING, Rule
from staffel.engine.bpmn.words import local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View

_LETTING_GO: Final = {"error", "cancel", "compensate"}


def _boundary_kinds(view: View) -> Iterator[tuple[etree._Element, str]]:
    for event in view.all("boundaryEvent"):
        kinds = set(view.kinds(event))
        wrong = kinds & {"link", "terminate"}
        if not is_true(event.get("cancelActivity"), True):
            wrong |= kinds & _LETTING_GO
        if wrong or not kinds:
            yield event, ", ".join(sorted(wrong)) or "–"


def _cancel_boundary(view: View) -> Iterator[etree._Element]:
    for event in view.all("boundaryEvent"):
        host = view.target(event, "attachedToRef")
        if "cancel" in view.kinds(event) and (host is None or local(host) != "transaction"):
            yield event


def _boundary_without_way(view: View) -> Iterator[etree._Element]:
    for event in view.all("boundaryEvent"):
        if not view.out_of(event) and "compensate" not in view.kinds(event):
            yield event


def _compensation_with_flow(view: View) -> Iterator[etree._Element]:
    for event in view.all("boundaryEvent"):
        if "compensate" in view.kinds(event) and view.out_of(event):
            yield event


def _never_reached(view: View) -> Iterator[etree._Element]:
    for event in view.all("intermediateThrowEvent", "intermediateCatchEvent"):
        link = local(event) == "intermediateCatchEvent" and "link" in view.kinds(event)
        if not link and not view.into(event) and not in_ad_hoc(event):
            yield event


def _leads_nowhere(view: View) -> Iterator[etree._Element]:
    for event in view.all("intermediateThrowEvent", "intermediateCatchEvent"):
        link = local(event) == "intermediateThrowEvent" and "link" in view.kinds(event)
        if not link and not view.out_of(event) and not in_ad_hoc(event):
            yield event


def _compensation_handler(view: View) -> Iterator[tuple[etree._Element, str]]:
    for association in view.all("association"):
        event = view.target(association, "sourceRef")
        handler = view.target(association, "targetRef")
        if event is None or handler is None or local(event) != "boundaryEvent":
            continue
        activity = child(handler, "incoming") is None and local(handler) not in {"textAnnotation", "group"}
        if "compensate" in view.kinds(event) and activity and not is_true(handler.get("isForCompensation")):
            yield event, handler.get("id") or ""


def _catch_kinds(view: View) -> Iterator[tuple[etree._Element, str]]:
    for event in view.all("intermediateCatchEvent"):
        kinds = view.kinds(event)
        wrong = set(kinds) - {"message", "timer", "conditional", "link", "signal"}
        if wrong or not kinds:
            yield event, ", ".join(sorted(wrong)) or "–"


def _compensation_catch(view: View) -> Iterator[etree._Element]:
    for event in view.all("intermediateCatchEvent"):
        if "compensate" in view.kinds(event):
            yield event


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "110",
        "boundary-kind",
        ERROR,
        "10.5.4",
        "Ein angeheftetes Ereignis braucht einen Auslöser, nicht Link oder Terminierung; nicht unterbrechend sind nur "
        "Nachricht, Zeit, Signal, Eskalation und Bedingung.",
        "A boundary event needs a trigger, not link or terminate; only message, timer, signal, escalation and condition "
        "can be non-interrupting.",
        *CHANGE_KIND,
        _boundary_kinds,
    ),
    Rule(
        "111",
        "cancel-boundary",
        ERROR,
        "10.5.4",
        "Ein Abbruch-Ereignis kann nur an eine Transaktion geheftet werden.",
        "A cancel event can be attached only to a transaction.",
        *CHANGE_KIND,
        _cancel_boundary,
    ),
    Rule(
        "112",
        "boundary-has-incoming",
        ERROR,
        "10.5.4",
        "In ein angeheftetes Ereignis führt kein Sequenzfluss.",
        "No sequence flow leads into a boundary event.",
        *REMOVE_FLOW,
        with_flow("boundaryEvent", incoming=True),
    ),
    Rule(
        "113",
        "boundary-leads-nowhere",
        WARNING,
        "10.5.4",
        "Von einem angehefteten Ereignis geht mindestens ein Sequenzfluss aus.",
        "At least one sequence flow leaves a boundary event.",
        *CONNECT,
        _boundary_without_way,
    ),
    Rule(
        "114",
        "compensation-has-outgoing",
        ERROR,
        "10.5.4",
        "Von einem Kompensations-Ereignis geht kein Sequenzfluss aus, sondern eine Assoziation zur "
        "Kompensationsaktivität.",
        "No sequence flow leaves a compensation event, but an association to the compensation activity.",
        "Den Sequenzfluss durch eine Assoziation ersetzen.",
        "Replace the sequence flow by an association.",
        _compensation_with_flow,
    ),
    Rule(
        "115",
        "event-never-reached",
        ERROR,
        "10.5.4",
        "In ein Zwischenereignis führt mindestens ein Sequenzfluss; sonst wird es nie erreicht.",
        "At least one sequence flow leads into an intermediate event; else it is never reached.",
        *CONNECT,
        _never_reached,
    ),
    Rule(
        "116",
        "event-leads-nowhere",
        WARNING,
        "10.5.4",
        "Von einem Zwischenereignis geht mindestens ein Sequenzfluss aus.",
        "At least one sequence flow leaves an intermediate event.",
        *CONNECT,
        _leads_nowhere,
    ),
    Rule(
        "122",
        "compensation-caught-in-flow",
        ERROR,
        "10.5.4",
        "Kompensation kann im normalen Ablauf nicht eintreten, nur angeheftet oder als Ereignis-Teilprozess.",
        "Compensation cannot be caught in normal flow, only at a border or by an event sub-process.",
        *CHANGE_KIND,
        _compensation_catch,
    ),
    Rule(
        "144",
        "compensation-handler",
        ERROR,
        "10.7",
        "Die Aktivität an einem Kompensations-Ereignis muss als Kompensation gekennzeichnet sein (isForCompensation).",
        "The activity at a compensation event must be marked for compensation (isForCompensation).",
        "Die Aktivität im Zeichenprogramm als Kompensation kennzeichnen.",
        "Mark the activity as compensation in the modelling tool.",
        _compensation_handler,
    ),
    Rule(
        "147",
        "throw-kind",
        ERROR,
        "10.5.4",
        "Ein auslösendes Zwischenereignis kann Nachricht, Eskalation, Link, Kompensation oder Signal sein.",
        "An intermediate throw event can be message, escalation, link, compensation or signal.",
        *CHANGE_KIND,
        other_kinds("intermediateThrowEvent", {"message", "escalation", "link", "compensate", "signal"}),
    ),
    Rule(
        "148",
        "catch-kind",
        ERROR,
        "10.5.4",
        "Ein eintretendes Zwischenereignis braucht einen Auslöser: Nachricht, Zeit, Bedingung, Link oder Signal.",
        "An intermediate catch event needs a trigger: message, timer, condition, link or signal.",
        *CHANGE_KIND,
        _catch_kinds,
    ),
)
