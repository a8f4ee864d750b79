"""Why a case cannot go on: the codes of incidents with their texts, and the exception that carries one inside a step."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from staffel.engine.errors import Refusal


class CommandRefused(Refusal):
    """The command does not fit the state of the case; nothing was changed."""

    code: ClassVar[str] = "command-refused"
    text_de: ClassVar[str] = "Der Vorgang steht nicht (mehr) so, dass das möglich ist."


class Code(StrEnum):
    """What can stop a case."""

    NO_FLOW = "no-flow"
    NOT_BOOLEAN = "condition-not-boolean"
    EXPRESSION = "expression-failed"
    BAD_VALUE = "bad-value"
    BAD_TIMER = "timer-invalid"
    ERROR_UNCAUGHT = "error-uncaught"
    WORK_FAILED = "work-failed"
    STEP_LIMIT = "step-limit"
    LOOP_LIMIT = "loop-limit"
    DECISION_FAILED = "decision-failed"
    HANDOVER_DATA = "handover-data-missing"
    HANDOVER_CONSENT = "handover-consent-missing"
    HANDOVER_CONDITION = "handover-condition"
    NOT_EXECUTABLE = "not-executed"
    GATEWAY_STUCK = "gateway-stuck"


TEXTS: Mapping[Code, tuple[str, str]] = {
    Code.NO_FLOW: (
        "Keine der Bedingungen an den ausgehenden Flüssen von „{name}“ trifft zu, und es gibt keinen Standardfluss.",
        "None of the conditions on the flows out of '{name}' holds, and there is no default flow.",
    ),
    Code.NOT_BOOLEAN: (
        "Die Bedingung „{expression}“ muss wahr oder falsch ergeben, ergab aber {found}.",
        "The condition '{expression}' must give true or false, but gave {found}.",
    ),
    Code.EXPRESSION: (
        "Der Ausdruck „{expression}“ lässt sich nicht auswerten: {reason_de}",
        "The expression '{expression}' cannot be evaluated: {reason_en}",
    ),
    Code.BAD_VALUE: (
        "„{expression}“ ergab {found}; erwartet war {expected_de}.",
        "'{expression}' gave {found}; expected was {expected_en}.",
    ),
    Code.BAD_TIMER: (
        "„{expression}“ ergab {found}; erwartet war {expected_de} nach ISO 8601.",
        "'{expression}' gave {found}; expected was {expected_en} of ISO 8601.",
    ),
    Code.ERROR_UNCAUGHT: (
        "Der Fehler „{error}“ wird an keiner Stelle des Modells aufgefangen.",
        "The error '{error}' is caught nowhere in the model.",
    ),
    Code.WORK_FAILED: (
        "Die Arbeit „{name}“ ist endgültig fehlgeschlagen: {message}",
        "The work '{name}' failed for good: {message}",
    ),
    Code.STEP_LIMIT: (
        "Nach {limit} selbsttätigen Schritten wurde angehalten; vermutlich läuft das Modell im Kreis.",
        "Stopped after {limit} automatic steps; the model probably runs in a circle.",
    ),
    Code.LOOP_LIMIT: (
        "„{name}“ soll {found} Mal ausgeführt werden; erlaubt sind 0 bis {limit}.",
        "'{name}' is to be executed {found} times; 0 to {limit} are allowed.",
    ),
    Code.DECISION_FAILED: (
        "Die Entscheidung „{decision}“ hat kein Ergebnis: {reason_de}",
        "The decision '{decision}' has no result: {reason_en}",
    ),
    Code.HANDOVER_DATA: (
        "Für die Übergabe an {receiver} fehlen Pflichtangaben: {fields}.",
        "The handover to {receiver} lacks required data: {fields}.",
    ),
    Code.HANDOVER_CONSENT: (
        "Die Übergabe an {receiver} (Regel {rule}) beruht auf der Einwilligung der Person; sie liegt nicht vor.",
        "The handover to {receiver} (rule {rule}) rests on the person's consent; there is none.",
    ),
    Code.HANDOVER_CONDITION: (
        "Die Regel {rule} gibt an {receiver} nur über, wenn „{expression}“ zutrifft; das ist nicht der Fall.",
        "Rule {rule} hands over to {receiver} only where '{expression}' holds; it does not.",
    ),
    Code.NOT_EXECUTABLE: (
        "„{name}“ ist im Modell unvollständig und lässt sich nicht ausführen: {reason_de}",
        "'{name}' is incomplete in the model and cannot be executed: {reason_en}",
    ),
    Code.GATEWAY_STUCK: (
        "Das Gateway „{name}“ wird durch die angekommenen Token nicht aktiviert, und es kommen keine weiteren.",
        "The gateway '{name}' is not activated by the tokens that came, and no more will come.",
    ),
}


FROM_THE_CASE = frozenset({"found", "reason_de", "reason_en", "message"})
"""Details that repeat values of the case, or what an outside program said about it."""


class Stuck(Exception):  # noqa: N818 - not an error: it becomes an incident, a value
    """Raised inside a step where an element instance cannot go on; the step turns it into an incident."""

    def __init__(self, code: Code, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def texts(self, name: str) -> tuple[str, str]:
        """The German and the English message for the element called `name`."""
        german, english = TEXTS[self.code]
        known = {"name": name, **{key: _short(value) for key, value in self.details.items()}}
        return german.format_map(_Blank(known)), english.format_map(_Blank(known))


def texts_without_values(code: Code, details: Mapping[str, Any], name: str) -> tuple[str, str]:
    """The messages for those who must not read the case's data: what came from the case is left out."""
    hidden = frozenset() if code is Code.NOT_EXECUTABLE else FROM_THE_CASE
    return Stuck(code, **{key: "…" if key in hidden else value for key, value in details.items()}).texts(name)


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 300 else text[:299] + "…"
