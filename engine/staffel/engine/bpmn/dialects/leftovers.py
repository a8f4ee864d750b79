"""What becomes of other tools' details: told once for each name, with how often and where, never silently dropped."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from staffel.engine.findings import Severity

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.report import Report

_SHOWN: Final = 5
_REASONS: Final[dict[str, tuple[str, str]]] = {
    "assignee": (
        "Aufgaben gehen an die Stelle der Bahn, nicht an einzelne Personen.",
        "Tasks go to the Stelle of the lane, not to single persons.",
    ),
    "asyncBefore": (
        "Jeder Schritt wird hier ohnehin gespeichert, bevor es weitergeht.",
        "Every step is stored here before the case goes on anyway.",
    ),
    "userTaskForm": (
        "Das Formular als forms/NAME.json beilegen.",
        "Add the form as forms/NAME.json.",
    ),
    "class": (
        "Die Arbeit wird unter dem Thema (staffel:topic) angeboten.",
        "The work is offered under its topic (staffel:topic).",
    ),
}
_SAME_REASON: Final = {
    **dict.fromkeys(
        (
            "candidateUsers",
            "candidateGroups",
            "candidateStarterUsers",
            "candidateStarterGroups",
            "assignmentDefinition",
            "potentialStarter",
            "owner",
        ),
        "assignee",
    ),
    **dict.fromkeys(("async", "asyncAfter", "exclusive"), "asyncBefore"),
    **dict.fromkeys(("delegateExpression", "expression", "connector"), "class"),
}


_BECAME: Final[dict[str, str]] = {
    **dict.fromkeys(("formKey", "formRef", "formDefinition", "formData", "formProperty"), "staffel:form"),
    **dict.fromkeys(("topic", "taskDefinition", "type"), "staffel:topic"),
    **dict.fromkeys(("decisionRef", "calledDecision", "calledDecisionId"), "staffel:decision"),
    **dict.fromkeys(("inputOutput", "ioMapping", "field", "in", "out"), "staffel:input, staffel:output"),
    **dict.fromkeys(("taskHeaders", "properties", "inheritVariables"), "staffel:input"),
    **dict.fromkeys(("resultVariable", "resultVariableName"), "result"),
    **dict.fromkeys(
        ("collection", "elementVariable", "loopCharacteristics"), "multiInstanceLoopCharacteristics"
    ),
    **dict.fromkeys(("messagePayload", "subscription"), "staffel:message"),
    "dueDate": "staffel:due",
    "followUpDate": "staffel:followUp",
    "taskSchedule": "staffel:due, staffel:followUp",
    "priority": "staffel:priority",
    "priorityDefinition": "staffel:priority",
    "failedJobRetryTimeCycle": "staffel:topic retries",
    "messageVariable": "staffel:output",
}
"""What a detail of another tool becomes, in the words of docs/modelling.md; all others keep their name."""


@dataclass(slots=True)
class Leftovers:
    """Names of extension elements and attributes, those carried over and those without effect, with their places."""

    report: Report
    _carried: dict[tuple[str, str], list[etree._Element]] = field(default_factory=lambda: defaultdict(list))
    _found: dict[tuple[str, str], list[etree._Element]] = field(default_factory=lambda: defaultdict(list))
    _foreign: dict[str, dict[str, list[etree._Element]]] = field(default_factory=dict)

    def add(self, dialect: str, name: str, at: etree._Element) -> None:
        """Note that `name` at `at` has no meaning here."""
        self._found[dialect, name].append(at)

    def carry(self, dialect: str, name: str, at: etree._Element) -> None:
        """Note that `name` at `at` has its counterpart here."""
        self._carried[dialect, name].append(at)

    def add_foreign(self, tool: str, name: str, at: etree._Element) -> None:
        """Note that `name` of a tool whose extensions are not known stands at `at`."""
        self._foreign.setdefault(tool, {}).setdefault(name, []).append(at)

    def tell(self) -> None:
        """Write one finding for each name, and one for each tool that is not known."""
        for tool, names in self._foreign.items():
            self._tell_foreign(tool, names)
        for (dialect, name), places in self._carried.items():
            self._tell_carried(dialect, name, places)
        for (dialect, name), places in self._found.items():
            where = _places(places)
            reason = _REASONS.get(_SAME_REASON.get(name, name), ("", ""))
            self.report.add(
                "not-carried-over",
                Severity.HINT,
                places[0],
                (
                    f"Nicht übernommen: {dialect}:{name}, {len(places)}-mal{where}. Es hat hier keine Wirkung.",
                    f"Not carried over: {dialect}:{name}, {len(places)} times{where}. It has no effect here.",
                ),
                reason,
                layer="dialect",
                was=f"{dialect}:{name}",
            )

    def _tell_carried(self, dialect: str, name: str, places: list[etree._Element]) -> None:
        became, where = _BECAME.get(name, name), _places(places)
        self.report.add(
            "carried-over",
            Severity.HINT,
            places[0],
            (
                f"Übernommen: {dialect}:{name}, {len(places)}-mal{where}, als {became}.",
                f"Carried over: {dialect}:{name}, {len(places)} times{where}, as {became}.",
            ),
            layer="dialect",
            was=f"{dialect}:{name}",
            became=became,
        )

    def _tell_foreign(self, tool: str, names: dict[str, list[etree._Element]]) -> None:
        listed = ", ".join(f"{name} ({len(places)})" for name, places in names.items())
        self.report.add(
            "not-carried-over",
            Severity.HINT,
            next(iter(names.values()))[0],
            (
                f"Nicht übernommen: Angaben von {tool}: {listed}. Sie haben hier keine Wirkung.",
                f"Not carried over: details of {tool}: {listed}. They have no effect here.",
            ),
            (
                "Nichts zu tun, wenn sie nur der Darstellung dienen.",
                "Nothing to do when they serve the display only.",
            ),
            layer="dialect",
            was=listed,
        )


def _places(places: list[etree._Element]) -> str:
    """The ids of the elements, the first few."""
    owners = list(dict.fromkeys(identity for place in places if (identity := place.get("id"))))
    shown = ", ".join(owners[:_SHOWN]) + (" …" if len(owners) > _SHOWN else "")
    return f" ({shown})" if shown else ""
