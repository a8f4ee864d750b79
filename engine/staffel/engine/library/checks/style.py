"""Style: what bpmnlint advises about drawing, as hints. Never blocks, never fails (ADR-0013).

The rules run in `bpmn-io`, a young port of bpmnlint by one person: it is pinned, called here only, and whatever it
raises becomes the hint that there are no style hints. Rules that Staffel's own checks state better are left out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, Never

from lxml import etree

from staffel.engine.bpmn.words import BPMN
from staffel.engine.findings import Finding, Severity
from staffel.engine.xml import parse_xml

_log = logging.getLogger("staffel.style")
MOST_ELEMENTS: Final = 3_000
"""A file with more elements gets no style hints: the rules take seconds there."""


class Rule(NamedTuple):
    """What a rule says: German and English, and how to mend it."""

    german: str
    english: str
    mend_german: str
    mend_english: str


RULES: Final[Mapping[str, Rule]] = {
    "label-required": Rule(
        "„{name}“ hat keine Beschriftung.",
        "'{name}' has no label.",
        "Beschriften, was hier geschieht oder entschieden wird; am Gateway als Frage, am Fluss als Antwort.",
        "Label what happens or is decided here; the gateway as a question, the flow as an answer.",
    ),
    "fake-join": Rule(
        "Bei „{name}“ kommen mehrere Flüsse an. Sie warten nicht aufeinander: jeder löst den Schritt aus.",
        "Several flows arrive at '{name}'. They do not wait for each other: each triggers the step.",
        "Ist das gemeint, davor ein exklusives Gateway zeichnen; sollen sie aufeinander warten, ein paralleles.",
        "If that is meant, draw an exclusive gateway before it; if they are to wait, a parallel one.",
    ),
    "no-gateway-join-fork": Rule(
        "Das Gateway „{name}“ führt zusammen und verzweigt zugleich.",
        "The gateway '{name}' joins and splits at the same time.",
        "Zwei Gateways zeichnen: erst zusammenführen, dann verzweigen.",
        "Draw two gateways: first join, then split.",
    ),
    "no-implicit-start": Rule(
        "„{name}“ hat keinen eingehenden Fluss und beginnt darum mit dem Vorgang.",
        "'{name}' has no incoming flow and therefore begins with the case.",
        "Ein Startereignis davor zeichnen oder den fehlenden Fluss ergänzen.",
        "Draw a start event before it or add the missing flow.",
    ),
    "no-implicit-end": Rule(
        "Hinter „{name}“ geht es nicht weiter; der Weg endet dort, ohne dass es zu sehen ist.",
        "Nothing follows '{name}'; the way ends there without showing it.",
        "Ein Endereignis zeichnen, das sagt, womit der Weg endet.",
        "Draw an end event that says how the way ends.",
    ),
    "no-implicit-split": Rule(
        "Aus „{name}“ gehen mehrere Flüsse ab; alle werden zugleich gegangen.",
        "Several flows leave '{name}'; all are taken at the same time.",
        "Ein paralleles Gateway dahinter zeichnen, damit man es sieht.",
        "Draw a parallel gateway behind it so that this can be seen.",
    ),
    "no-duplicate-sequence-flows": Rule(
        "Zwei gleiche Flüsse führen von und zu „{name}“.",
        "Two equal flows lead from and to '{name}'.",
        "Einen davon entfernen.",
        "Remove one of them.",
    ),
    "no-overlapping-elements": Rule(
        "„{name}“ liegt auf einem anderen Element oder ragt aus seinem Rahmen.",
        "'{name}' lies on another element or leaves its frame.",
        "Die Elemente auseinanderziehen.",
        "Move the elements apart.",
    ),
    "superfluous-gateway": Rule(
        "Das Gateway „{name}“ hat einen Eingang und einen Ausgang; es bewirkt nichts.",
        "The gateway '{name}' has one way in and one way out; it does nothing.",
        "Das Gateway entfernen.",
        "Remove the gateway.",
    ),
    "superfluous-termination": Rule(
        "Das Terminierungsende „{name}“ beendet nichts, was sonst weiterliefe.",
        "The terminate end event '{name}' ends nothing that would go on otherwise.",
        "Ein einfaches Endereignis zeichnen.",
        "Draw a plain end event.",
    ),
    "start-event-required": Rule(
        "„{name}“ hat kein Startereignis.",
        "'{name}' has no start event.",
        "Ein Startereignis zeichnen, damit man sieht, womit es beginnt.",
        "Draw a start event so that its beginning can be seen.",
    ),
    "end-event-required": Rule(
        "„{name}“ hat kein Endereignis.",
        "'{name}' has no end event.",
        "Für jedes Ergebnis ein Endereignis zeichnen.",
        "Draw an end event for each result.",
    ),
    "global": Rule(
        "„{name}“ ist nirgends verwendet oder heißt wie ein anderes Element seiner Art.",
        "'{name}' is used nowhere or is called like another element of its kind.",
        "Unbenutztes entfernen, Gleiches zusammenlegen.",
        "Remove what is unused, merge what is equal.",
    ),
}


def style_hints(data: bytes, file: str) -> list[Finding]:
    """The hints about a BPMN file that can be read. Never raises; without the rules one hint says so."""
    try:
        return list(_hints(data, file))
    except Exception:  # a foreign linter must not stop an upload
        _log.exception("style hints failed")
        return [_unavailable(file)]


def _hints(data: bytes, file: str) -> Iterator[Finding]:
    from bpmn_io import BpmnModdle  # noqa: PLC0415 - takes a fifth of a second, and only uploads need it
    from bpmn_io.lint import Linter  # noqa: PLC0415
    from bpmn_io.lint.resolver import NodeResolver  # noqa: PLC0415

    root = parse_xml(data)
    elements: dict[Any, Any] = {each.get("id"): each for each in root.iter(etree.Element) if each.get("id")}
    if len(elements) > MOST_ELEMENTS:
        return
    _connect(root, elements)
    model: Any = BpmnModdle().from_xml(etree.tostring(root, encoding=str))
    linter: Any = Linter(resolver=NodeResolver(require=_no_plugin))  # type: ignore[arg-type]  # its own protocol and class differ
    config = {"rules": dict.fromkeys(RULES, "warn")}
    reports: Mapping[str, list[Mapping[str, Any]]] = linter.lint(model.root_element, config)
    for name, found in reports.items():
        for element in dict.fromkeys(str(each.get("id", "")) for each in found):
            yield _finding(name, element, elements.get(element), file)


def _no_plugin(name: str) -> Never:
    """The rules are those of `bpmn-io` itself; looking for each among all that is installed takes longer than the rules."""
    raise ModuleNotFoundError(name)


def _connect(root: Any, elements: Mapping[Any, Any]) -> None:
    """Write every flow into the nodes at its ends, too: the standard lets a file leave that out, the rules rely on it."""
    flow_tag = f"{{{BPMN}}}sequenceFlow"
    for node in elements.values():
        for told in node.findall(f"{{{BPMN}}}incoming") + node.findall(f"{{{BPMN}}}outgoing"):
            node.remove(told)
    for flow in root.iter(flow_tag):
        for end, side in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
            node = elements.get(flow.get(end))
            if node is not None and flow.get("id"):
                etree.SubElement(node, f"{{{BPMN}}}{side}").text = flow.get("id")


def _finding(rule: str, element: str, found: Any, file: str) -> Finding:
    text = RULES[rule]
    name = element if found is None else found.get("name") or element
    return Finding(
        code=f"style-{rule}",
        severity=Severity.HINT,
        text_de=text.german.replace("{name}", name),
        text_en=text.english.replace("{name}", name),
        mend_de=text.mend_german,
        mend_en=text.mend_english,
        element=element,
        line=0 if found is None else found.sourceline or 0,
        file=file,
        layer="style",
        rule=f"bpmnlint {rule}",
    )


def _unavailable(file: str) -> Finding:
    return Finding(
        code="style-unavailable",
        severity=Severity.HINT,
        text_de="Zu dieser Datei gibt es keine Stilhinweise: Der Prüfer für den Stil kam mit ihr nicht zurecht.",
        text_en="There are no style hints for this file: the style checker could not cope with it.",
        mend_de="Nichts zu tun; alle anderen Prüfungen sind davon unberührt.",
        mend_en="Nothing to do; all other checks are untouched by it.",
        file=file,
        layer="style",
    )
