"""Correcting values by hand: each as its form asks for it, the others as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from starlette.datastructures import FormData

from staffel.engine.library.forms import Form
from staffel.engine.library.schemas import kind_of
from staffel.engine.library.typed import raw_of, read_values, tidied
from staffel.ui.forms.fields import Part, Raw, lay_out
from staffel.ui.forms.filling import REMOVE
from staffel.ui.language import Language

Definition = Mapping[str, Any]


class Corrections:
    """The inputs for `names` with the values `stored` so far (JSON). What is left empty stays as it is."""

    def __init__(
        self, names: Iterable[str], *, forms: Iterable[Form], stored: Mapping[str, Any], language: Language
    ) -> None:
        asked = _asked(forms)
        self._names = tuple(dict.fromkeys(names))
        self._language = language
        self._stored = stored
        self._free = frozenset(self._names) - set(asked)
        self._ui = [asked[name][1] if name in asked else {"field": name} for name in self._names]
        text = {"type": "string"}
        self._schema = {
            "properties": {name: asked[name][0] if name in asked else text for name in self._names}
        }

    def parts(
        self, *, raw: Raw | None = None, errors: Mapping[str, str] | None = None, rows: str = ""
    ) -> list[Part]:
        """The inputs: filled with `raw` (what was typed), else with the stored values; `rows` gets one more row."""
        shown = {
            name: as_json(value) if name in self._free else value for name, value in self._stored.items()
        }
        extra = {rows: 1} if rows else {}
        return lay_out(
            self._schema,
            self._ui,
            language=self._language,
            values=shown,
            raw=raw,
            errors=errors,
            extra_rows=extra,
        )

    def typed(self, sent: FormData) -> Raw:
        """What was typed, without the row that was taken away."""
        return tidied(self._schema, raw_of(sent.multi_items()), without=str(sent.get(REMOVE, "")))

    def read(self, raw: Raw) -> tuple[dict[str, Any], dict[str, str]]:
        """The values that differ from the stored ones, and what could not be read, by name."""
        changed: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, typed in read_values(self._schema, raw).items():
            try:
                value = json.loads(typed) if name in self._free else typed
            except ValueError:
                errors[name] = self._language.text(
                    'Nicht lesbar. Texte stehen in Anführungszeichen: "ja"; Zahlen und true, false, null ohne.'
                )
                continue
            before = self._stored.get(name)
            if value != before and not (before is None and value in ("", [], {})):
                changed[name] = value
        return changed, errors


def as_json(value: Any) -> str:
    """A value as it stands in an input: JSON."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _asked(forms: Iterable[Form]) -> dict[str, tuple[Definition, Definition]]:
    """How forms ask for a variable: the schema of its field and its entry of the ui list, by name; the first form wins."""
    found: dict[str, tuple[Definition, Definition]] = {}
    for form in forms:
        entries = {entry["field"]: entry for entry in _entries(form.ui)}
        for name in form.names:
            field = form.schema["properties"][name]
            if isinstance(field, Mapping) and name not in found:
                entry = {
                    key: item
                    for key, item in entries.get(name, {}).items()
                    if key not in {"showIf", "widget"}
                }
                found[name] = {**field, "readOnly": False}, {"field": name, **entry, **_widget(field)}
    return found


def _widget(field: Definition) -> dict[str, str]:
    """Yes or no is asked with two buttons, of which neither is pressed: a box could not be left empty."""
    return {"widget": "yesno"} if kind_of(field) == "boolean" and "enum" not in field else {}


def _entries(ui: Iterable[Any]) -> Iterator[Definition]:
    for entry in ui:
        if isinstance(entry, Mapping) and "field" in entry:
            yield entry
        elif isinstance(entry, Mapping):
            yield from _entries(entry.get("items", ()))
