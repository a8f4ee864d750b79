"""The reference processes as loaded bundles, and a player that a scenario walks through them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from staffel.engine.kernel import ReturnHandover
from staffel.engine.library.bundle import Bundle, check_bundle
from staffel.engine.library.forms import read_form
from staffel.engine.library.shipped import shipped_calls
from staffel.engine.play import Case, Player
from staffel.processes import building_blocks, read_bundle, reference_bundles


@cache
def bundle(key: str) -> Bundle:
    """A reference bundle, checked."""
    files = read_bundle(reference_bundles()[key])
    return check_bundle(files, calls=shipped_calls(files))


class Walk:
    """Works a case as its people do: every form is judged by its schema, every handover accepted or returned."""

    def __init__(self, key: str) -> None:
        read = bundle(key)
        self.program = read.programs[read.process_key or ""]
        self.forms = {name: read_form(document) for name, document in read.forms.items()}
        for block in building_blocks():  # what the model calls brings its own forms
            for path, text in read_bundle(building_blocks()[block]).items():
                if path.startswith("forms/"):
                    self.forms.setdefault(f"{block}/{path[6:-5]}", read_form(json.loads(text)))
        self.player = Player(self.program.definitions, parts=self.program.parts)
        self.case: Case

    def start(self, element: str | None = None, **values: Any) -> None:
        """Begin with the start form."""
        form = self.program.start_form(element)
        self.case = self.player.start(values=self._read(form, values), element=element)

    def do(self, element: str, **values: Any) -> None:
        """Complete the task at `element` with its form."""
        self.player.complete(element, self._read(self._form(element), values))

    def _form(self, element: str) -> str | None:
        """The form's name, after that of the called process that the element stands in."""
        form = self.program.elements[element].form
        call = self.program.elements.get(element.rpartition("/")[0])
        return f"{call.node.called_element}/{form}" if form and call else form

    def accept(self, *flows: str) -> None:
        """Take over what is offered on the flows."""
        for flow in flows:
            self.player.complete(flow)

    def give_back(self, flow: str, reason: str) -> None:
        """Return what is offered on the flow."""
        (place,) = self.player.waiting(flow)
        self.player.do(self.case, ReturnHandover(key=place.key, reason=reason))

    def move_away(self, to: str, agency: str) -> None:
        """The person's move is dealt with, and the case closed by B8."""
        self.do("Aufgabe_Wegzug", neuer_ort=to, neue_stelle=agency, unterrichtet_am="2026-01-20")
        why = {"abschluss_ergebnis": "verzogen", "abschluss_grund": f"Wegzug nach {to}"}
        self.do("Aufruf_Abschluss/Aufgabe_Ergebnis", **why, abschluss_am="2026-01-20", sollbruchstelle=False)
        kept = {"aufbewahrung_ab": "2026-12-31", "aufbewahrung_jahre": 10}
        self.do("Aufruf_Abschluss/Aufgabe_Aufbewahrung", **kept, aufbewahrung_grundlage="Aktenordnung")

    @property
    def waiting(self) -> set[str]:
        """Elements and flows where an agency must act: tasks, handovers, and incidents, which must not happen."""
        return {p.element for p in self.player.waiting() if p.kind in {"task", "handover", "incident"}}

    @property
    def ends(self) -> set[str]:
        """End events reached."""
        names = {entry.event.element for entry in self.player.trace if hasattr(entry.event, "element")}
        return {name for name in names if name and name.startswith("Ende_")}

    def value(self, name: str) -> Any:
        """A variable of the case."""
        return self.case.variables[name]

    def _read(self, form: str | None, values: Mapping[str, Any]) -> Mapping[str, Any]:
        plain = {name: str(each) if isinstance(each, date) else each for name, each in values.items()}
        return self.forms[form].read(plain) if form else plain
