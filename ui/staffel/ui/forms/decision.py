"""The form of a proposed decision: confirm it, or depart from it with a reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from staffel.engine.library.forms import LONGEST_REASON, REASON
from staffel.engine.library.typed import read_values
from staffel.ui.forms.fields import Raw
from staffel.ui.language import Language

CHOICE = "_entscheidung"
CONFIRM, DEPART = "bestaetigen", "abweichen"


class DecisionForm:
    """Confirm or depart; `variables` are what the decision set, by name."""

    def __init__(self, variables: Mapping[str, Any], language: Language) -> None:
        self.variables = variables
        self._language = language
        say = language.text
        fields = {_key(name): _field(name, value) for name, value in variables.items()}
        self.schema: dict[str, Any] = {
            "type": "object",
            "required": [CHOICE],
            "properties": {
                CHOICE: {"type": "string", "enum": [CONFIRM, DEPART], "title": say("Ihre Entscheidung")},
                **fields,
                REASON: {
                    "type": "string",
                    "maxLength": LONGEST_REASON,
                    "title": say("Begründung der Abweichung"),
                },
            },
        }
        departing = {"field": CHOICE, "equals": DEPART}
        choices = {CONFIRM: say("Vorschlag bestätigen"), DEPART: say("Abweichen, mit Begründung")}
        self.ui: list[dict[str, Any]] = [
            {"field": CHOICE, "options": choices},
            {"group": say("Abweichende Entscheidung"), "showIf": departing, "items": [
                *({"field": _key(name), "widget": _widget(value)} for name, value in variables.items()),
                {"field": REASON, "widget": "textarea"},
            ]},
        ]  # fmt: skip

    def stored(self) -> dict[str, Any]:
        """What stands in the fields at first: the proposal."""
        return {_key(name): _shown(value) for name, value in self.variables.items()}

    def typed(self, draft: Mapping[str, Any]) -> dict[str, Any]:
        """What stands in the fields of somebody whose draft holds fields, or the decided variables (given back)."""
        decided = {name: value for name, value in draft.items() if name in self.variables or name == REASON}
        if CHOICE in draft or not draft:
            return dict(draft)
        fields = {name if name == REASON else _key(name): _shown(value) for name, value in decided.items()}
        return {CHOICE: DEPART, **fields}

    def by_field(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Faults of variables as faults of the fields that show them."""
        return {_key(name.partition(".")[0]): message for name, message in errors.items()}

    def read(self, raw: Raw) -> tuple[dict[str, Any], dict[str, str]]:
        """The variables to set (none when confirmed), and the faults by field."""
        values = read_values(self.schema, raw)
        say = self._language.text
        if CHOICE not in values:
            return {}, {CHOICE: say("Bitte wählen Sie: bestätigen oder abweichen.")}
        if values[CHOICE] == CONFIRM:
            return {}, {}
        faults = {} if values.get(REASON) else {REASON: say("Bitte begründen Sie, warum Sie abweichen.")}
        changed: dict[str, Any] = {}
        for name, value in self.variables.items():
            try:
                typed = _read(values.get(_key(name)), value)
            except ValueError:
                faults[_key(name)] = say("Der Wert ist nicht lesbar; ändern Sie nur einzelne Angaben darin.")
                continue
            if typed != value:
                changed[name] = typed
        return {**changed, REASON: values.get(REASON, "")}, faults


def _key(name: str) -> str:
    """The field of a variable; a prefix keeps it apart from the fields of the choice."""
    return f"wert_{name}".replace(".", "_")


def _field(name: str, value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"type": "boolean", "title": name}
        case int() | float():
            return {"type": "number", "title": name}
        case _:
            return {"type": "string", "title": name}


def _widget(value: Any) -> str:
    match value:
        case bool():
            return "yesno"
        case int() | float():
            return "number"
        case list() | dict():
            return "textarea"
        case _:
            return "text"


def _shown(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, indent=1) if isinstance(value, list | dict) else value


def _read(typed: Any, proposed: Any) -> Any:
    if isinstance(proposed, list | dict):
        return json.loads(typed) if typed else None
    return typed
