"""Rules about what triggers an event: its definitions, and links between events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.source import child, children, text_of
from staffel.engine.bpmn.structure.rule import ERROR, HINT, WARNING, Rule
from staffel.engine.bpmn.words import local, name_of

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.structure.view import View

_THROWN: Final = ("endEvent", "intermediateThrowEvent")
_REMOVE_FLOW: Final = ("Den Sequenzfluss löschen.", "Delete the sequence flow.")
_LINK_NAMES: Final = (
    "Auslösendem und eintretendem Link-Ereignis auf derselben Ebene denselben Namen geben.",
    "Give the throwing and the catching link event on the same level the same name.",
)


def _link_both_ways(view: View) -> Iterator[etree._Element]:
    for event in view.all("intermediateThrowEvent", "intermediateCatchEvent"):
        throws = local(event) == "intermediateThrowEvent"
        if "link" in view.kinds(event) and (view.out_of(event) if throws else view.into(event)):
            yield event


def _links(view: View, name: str) -> Iterator[tuple[etree._Element, etree._Element]]:
    for event in view.all(name):
        for definition in view.definitions(event):
            if local(definition) == "linkEventDefinition":
                yield event, definition


def _name(definition: etree._Element) -> str:
    return name_of(definition)


def _link_partners(
    view: View, event: etree._Element, definition: etree._Element, other: str, end: str
) -> list[etree._Element]:
    """The events at the other end of a link: by `source` and `target` where written, else by name.

    A name counts on its own level; only where none there bears it are those of other levels looked at.
    """
    links = view.links(other)
    explicit = set(view.refs(definition, end))
    if explicit:
        return [event for reference in sorted(explicit) for event in links.get(f"#{reference}", ())]
    back = "target" if end == "source" else "source"
    named = links.get(_name(definition), []) if _name(definition) else []
    named = [each for each in named if each.getparent() is event.getparent()] or named
    pointing = [event for event in links.get(f"{back} {definition.get('id')}", ()) if event not in named]
    return [*named, *pointing]


def _link_pair_disagrees(view: View) -> Iterator[tuple[etree._Element, str]]:
    """A link that names its target must be named by the target as source."""
    for event, definition in _links(view, "intermediateThrowEvent"):
        for target in view.refs(definition, "target"):
            other = view.source.by_id.get(target)
            if other is None or definition.get("id") not in view.refs(other, "source"):
                yield event, target


def _link_without_source(view: View) -> Iterator[etree._Element]:
    for event, definition in _links(view, "intermediateCatchEvent"):
        if not _link_partners(view, event, definition, "intermediateThrowEvent", "source"):
            yield event


def _link_without_target(view: View) -> Iterator[etree._Element]:
    for event, definition in _links(view, "intermediateThrowEvent"):
        if len(_link_partners(view, event, definition, "intermediateCatchEvent", "target")) != 1:
            yield event


def _link_across_levels(view: View) -> Iterator[tuple[etree._Element, str]]:
    for event, definition in _links(view, "intermediateThrowEvent"):
        for partner in _link_partners(view, event, definition, "intermediateCatchEvent", "target"):
            if partner.getparent() is not event.getparent():
                yield event, partner.get("id") or ""


def _shared_thrown(view: View) -> Iterator[etree._Element]:
    referred = {view.source.name(text_of(item), item) for item in view.all("eventDefinitionRef")}
    for event in view.all(*_THROWN):
        for item in event:
            if local(item).endswith("EventDefinition") and item.get("id") in referred:
                yield event


def _escalation_code(view: View) -> Iterator[etree._Element]:
    for event in view.all(*_THROWN):
        for definition in view.definitions(event) if view.executable(event) else ():
            if local(definition) != "escalationEventDefinition":
                continue
            escalation = view.target(definition, "escalationRef")
            if escalation is None or not escalation.get("escalationCode"):
                yield event


def _error_code(view: View) -> Iterator[etree._Element]:
    for event in view.all("endEvent"):
        for definition in view.definitions(event) if view.executable(event) else ():
            if local(definition) != "errorEventDefinition":
                continue
            error = view.target(definition, "errorRef")
            if error is None or not error.get("errorCode"):
                yield event


def _event_of(definition: etree._Element) -> etree._Element:
    """The event a definition stands in, which is what the diagram shows."""
    parent = definition.getparent()
    return definition if parent is None or local(parent) == "definitions" else parent


def _no_condition(view: View) -> Iterator[etree._Element]:
    for definition in view.all("conditionalEventDefinition"):
        if view.executable(definition) and not text_of(child(definition, "condition")):
            yield _event_of(definition)


def _no_message(view: View) -> Iterator[etree._Element]:
    for definition in view.all("messageEventDefinition"):
        event = _event_of(definition)
        drawn = view.messages_to.get(event.get("id") or "") or view.messages_from.get(event.get("id") or "")
        if view.executable(definition) and not definition.get("messageRef") and not drawn:
            yield event


def _no_operation(view: View) -> Iterator[etree._Element]:
    for definition in view.all("messageEventDefinition"):
        if view.executable(definition) and child(definition, "operationRef") is None:
            yield definition


def _timer_count(view: View) -> Iterator[tuple[etree._Element, str]]:
    for definition in view.all("timerEventDefinition"):
        found = [local(item) for item in children(definition, "timeDate", "timeCycle", "timeDuration")]
        if len(found) > 1:
            yield definition, ", ".join(found)


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "011",
        "escalation-code-missing",
        WARNING,
        "10.5.5",
        "Eine ausgelöste Eskalation braucht einen Code (escalationCode), sonst fängt sie nur ein Ereignis ohne Code.",
        "A thrown escalation needs a code (escalationCode), else only an event without code catches it.",
        "Der Eskalation einen Code geben.",
        "Give the escalation a code.",
        _escalation_code,
    ),
    Rule(
        "095",
        "thrown-definition-shared",
        WARNING,
        "10.5.1",
        "Was ein auslösendes Ereignis selbst definiert, darf nicht anderswo verwendet werden (eventDefinitionRef).",
        "What a throw event defines itself must not be used elsewhere (eventDefinitionRef).",
        "Die Definition in das Modell (definitions) heben und beide darauf verweisen lassen.",
        "Move the definition to the model (definitions) and let both refer to it.",
        _shared_thrown,
    ),
    Rule(
        "117",
        "link-connected-twice",
        ERROR,
        "10.5.4",
        "Ein auslösender Link hat keinen Ausgang, ein eintretender keinen Eingang.",
        "A throwing link has no outgoing flow, a catching one no incoming flow.",
        *_REMOVE_FLOW,
        _link_both_ways,
    ),
    Rule(
        "118",
        "link-ends-disagree",
        ERROR,
        "10.5.4",
        "Das Ziel eines Links muss ihn als Quelle nennen.",
        "The target of a link must name it as source.",
        *_LINK_NAMES,
        _link_pair_disagrees,
    ),
    Rule(
        "123",
        "event-condition-missing",
        ERROR,
        "10.5.5",
        "Eine Bedingungs-Definition braucht in einem ausführbaren Prozess einen Ausdruck.",
        "A conditional definition needs an expression in an executable process.",
        "Die Bedingung als FEEL-Ausdruck eintragen.",
        "Enter the condition as a FEEL expression.",
        _no_condition,
    ),
    Rule(
        "124",
        "link-source-missing",
        ERROR,
        "10.5.5",
        "Zu einem eintretenden Link gehört mindestens ein auslösender gleichen Namens.",
        "A catching link needs at least one throwing link of the same name.",
        *_LINK_NAMES,
        _link_without_source,
    ),
    Rule(
        "125",
        "link-target-missing",
        ERROR,
        "10.5.5",
        "Zu einem auslösenden Link gehört genau ein eintretender gleichen Namens.",
        "A throwing link needs exactly one catching link of the same name.",
        *_LINK_NAMES,
        _link_without_target,
    ),
    Rule(
        "126",
        "link-across-levels",
        ERROR,
        "10.5.5",
        "Ein Link verbindet nur Ereignisse derselben Ebene desselben Prozesses.",
        "A link connects only events of the same level of the same process.",
        *_LINK_NAMES,
        _link_across_levels,
    ),
    Rule(
        "127",
        "message-missing",
        ERROR,
        "10.5.5",
        "Es fehlt die Angabe, um welche Nachricht es geht (messageRef); ein ausführbarer Prozess muss sie nennen.",
        "It does not say which message it is about (messageRef); an executable process must name it.",
        "Das Ereignis anklicken und im Feld „Nachricht“ (Message) eine Nachricht auswählen oder mit einem Namen neu anlegen, "
        "zum Beispiel „Antwort“.",
        "Click the event and choose a message in the field 'Message', or create one with a name, such as 'Answer'.",
        _no_message,
    ),
    Rule(
        "128",
        "operation-missing",
        HINT,
        "10.5.5",
        "Der Standard verlangt in ausführbaren Prozessen eine Operation (operationRef); Staffel braucht sie nicht, andere "
        "Programme vielleicht.",
        "The standard asks for an operation (operationRef) in executable processes; Staffel does not need it, other "
        "engines may.",
        "Nichts zu tun, solange das Modell nur hier läuft.",
        "Nothing to do while the model runs only here.",
        _no_operation,
    ),
    Rule(
        "",
        "timer-definition-count",
        ERROR,
        "10.5.5",
        "Eine Zeit-Definition hat nur eine Angabe: Zeitpunkt, Dauer oder Wiederholung.",
        "A timer definition has only one of date, duration and cycle.",
        "Zeitpunkt (2026-05-01T08:00:00), Dauer (P14D) oder Wiederholung (R3/P1D) eintragen.",
        "Enter a date (2026-05-01T08:00:00), a duration (P14D) or a cycle (R3/P1D).",
        _timer_count,
    ),
    Rule(
        "",
        "error-code-missing",
        WARNING,
        "10.5.5",
        "Ein Fehler-Endereignis braucht einen Fehlercode (errorCode), sonst fängt es nur ein Ereignis ohne Code.",
        "An error end event needs an error code (errorCode), else only an event without code catches it.",
        "Dem Fehler einen Code geben.",
        "Give the error a code.",
        _error_code,
    ),
)
