"""What in a form depends on what is filled in: parts shown under a condition, and rules of plausibility.

A part's `showIf` is FEEL over the form's fields, or `{"field": NAME, "equals": value}`; inside the rows of a list the row's own fields come
first. A hidden field counts as empty to the conditions that read it. A rule is `{"check": FEEL, "text", "text_en"?,
"fields"?: [NAME], "severity"?: "error" | "warning"}`; only a check that is false breaks it, one that is null for want of a value does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.library.schemas import Schema, as_text, feel_of, kind_of

Entry = Mapping[str, Any]
NOWHEN = datetime(1970, 1, 1, tzinfo=UTC)


class Condition:
    """When a part is shown. `reads` are the fields it looks at; `formula` is None for `{"field", "equals"}`."""

    __slots__ = ("_field", "_wanted", "formula", "reads")

    def __init__(self, given: Any, names: frozenset[str]) -> None:
        self.formula: Formula | None = None
        self._field, self._wanted = "", None
        if isinstance(given, Mapping):
            self._field, self._wanted = str(given.get("field")), given.get("equals", True)
            self.reads = frozenset({self._field})
        else:
            self.formula = Formula(str(given), names)
            self.reads = frozenset(self.formula.reads) & names

    def holds(self, values: Mapping[str, Any], now: datetime) -> bool:
        """Whether the part is shown with these FEEL values; not where that cannot be said."""
        if self.formula is not None:
            return _truth(self.formula, values, now) is True
        found = values.get(self._field)
        return any(_same(each, self._wanted) for each in (found if isinstance(found, list) else [found]))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the ui list under a condition: its place (`#2.0`: first item of the third entry), and the fields in it."""

    place: str
    condition: Condition
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class View:
    """What of a form is shown: `hidden` are fields that are not, by dotted name (`kinder.0.schule`); `closed` and `open` are
    the places of conditional parts (`kinder.0.#1`) that are not, and of those with fields that are.
    """

    hidden: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


EVERYTHING = View()


class Conditions:
    """The conditions of a form, or of the rows of one of its lists (`outer`: the fields around the rows)."""

    __slots__ = ("_inner", "_properties", "cycle", "names", "parts", "reads")

    def __init__(self, schema: Schema, ui: Iterable[Any], outer: frozenset[str] = frozenset()) -> None:
        properties = schema.get("properties")
        self._properties: Mapping[str, Any] = properties if isinstance(properties, Mapping) else {}
        self.names = names = outer | frozenset(self._properties)
        entries = [entry for entry in ui if isinstance(entry, Mapping)]
        parts = list(_parts(entries, names))
        self.cycle: tuple[str, ...] = ()
        """The fields of parts whose conditions need each other; empty when there are none."""
        self.parts = self._in_order(parts)
        self._inner = dict(self._of_rows(entries, names))
        reads = {name for part in parts for name in part.condition.reads}
        for name, inner in self._inner.items():
            reads |= {name, *(inner.reads - inner._properties.keys())}
        self.reads: frozenset[str] = frozenset(reads)

    def __bool__(self) -> bool:
        """Whether anything is conditional."""
        return bool(self.parts or self._inner)

    def view(self, values: Mapping[str, Any], now: datetime, *, spare: bool = False) -> View:
        """What is shown with these FEEL values (the form's fields by name); with `spare` also of rows still to be filled in."""
        if not self:
            return EVERYTHING
        hidden, closed, left = set[str](), set[str](), dict(values)
        for part in self.parts:
            if not part.condition.holds(left, now):
                closed.add(part.place)
                hidden |= part.fields
                left.update(dict.fromkeys(part.fields))
        shown = {part.place for part in self.parts if part.fields - hidden} - closed
        for name, inner in self._inner.items():
            rows = left.get(name)
            there = rows if isinstance(rows, list) else []
            empty: list[dict[str, Any]] = [{}] * self._spare(name, len(there)) if spare else []
            for number, row in enumerate([*there, *empty]):
                if isinstance(row, dict):
                    found = inner.view({**left, **dict.fromkeys(inner._properties), **row}, now)
                    start = f"{name}.{number}."
                    hidden |= {start + each for each in found.hidden}
                    closed |= {start + each for each in found.closed}
                    if number < len(there):
                        shown |= {start + each for each in found.open}
        return View(frozenset(hidden), frozenset(closed), frozenset(shown))

    def _spare(self, name: str, there: int) -> int:
        """How many rows a page may show beyond those that there are: up to the fewest allowed, and one to add."""
        fewest: int = self._properties[name].get("minItems", 0)
        return max(fewest - there, 1) + 1

    def inside(self) -> Iterator[Conditions]:
        """These and those of the lists inside."""
        yield self
        for inner in self._inner.values():
            yield from inner.inside()

    def _in_order(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        """Each after those that decide the fields it reads."""
        needs = {
            index: {other for other, each in enumerate(parts) if each.fields & part.condition.reads}
            for index, part in enumerate(parts)
        }
        try:
            return tuple(parts[index] for index in TopologicalSorter(needs).static_order())
        except CycleError as error:
            found = (parts[index].fields for index in error.args[1])
            self.cycle = tuple(dict.fromkeys(name for fields in found for name in sorted(fields)))
            return tuple(parts)

    def _of_rows(self, entries: Iterable[Entry], names: frozenset[str]) -> Iterator[tuple[str, Conditions]]:
        for entry in _fields(entries):
            name = str(entry["field"])
            definition = self._properties.get(name)
            items = definition.get("items") if isinstance(definition, Mapping) else None
            shown = entry.get("items")
            if isinstance(items, Mapping) and kind_of(items) == "object" and isinstance(shown, list):
                inner = Conditions(items, shown, names)
                if inner:
                    yield name, inner


class Rule:
    """A rule of plausibility. `fields` are marked when it is broken; a warning may be confirmed."""

    __slots__ = ("fields", "formula", "is_warning", "reads", "text_de", "text_en")

    def __init__(self, given: Entry, names: frozenset[str]) -> None:
        self.formula = Formula(str(given.get("check", "")), names)
        self.reads = frozenset(self.formula.reads) & names
        self.fields = tuple(map(str, given.get("fields", ())))
        self.is_warning = given.get("severity") == "warning"
        self.text_de = str(given.get("text", ""))
        self.text_en = str(given.get("text_en") or self.text_de)

    def is_broken(self, values: Mapping[str, Any], now: datetime) -> bool:
        """Whether the check is false with these FEEL values."""
        return _truth(self.formula, values, now) is False

    def faults(self) -> list[dict[str, str]]:
        """What is wrong, by field; without fields it is about the whole form."""
        code = "doubtful" if self.is_warning else "implausible"
        texts = {"code": code, "text_de": self.text_de, "text_en": self.text_en}
        return [{"field": name, **texts} for name in self.fields or ("",)]


def known_values(
    names: Iterable[str], schema: Schema, values: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The FEEL values of fields: as filled in, of those that are only shown as the case has them; null where nothing is."""
    properties = schema.get("properties", {})
    found = {}
    for name in names:
        field = properties.get(name)
        shown_only = isinstance(field, Mapping) and field.get("readOnly")
        found[name] = feel_of((given if shown_only else values).get(name), field)
    return found


def without(values: Mapping[str, Any], hidden: frozenset[str], prefix: str = "") -> dict[str, Any]:
    """The values but those of hidden fields."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if prefix + name in hidden:
            continue
        start = f"{prefix}{name}."
        if isinstance(value, list) and any(each.startswith(start) for each in hidden):
            kept[name] = [
                without(row, hidden, f"{start}{number}.") if isinstance(row, Mapping) else row
                for number, row in enumerate(value)
            ]
        else:
            kept[name] = value
    return kept


def _truth(formula: Formula, values: Mapping[str, Any], now: datetime) -> Any:
    try:
        return formula.value(values, now)
    except Stuck:
        return None


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, Decimal) and type(wanted) in {int, float}:
        return bool(found == Decimal(str(wanted)))
    return as_text(found) == as_text(wanted)


def _parts(entries: Iterable[Entry], names: frozenset[str], place: str = "#") -> Iterator[Part]:
    for index, entry in enumerate(entries):
        here = f"{place}{index}"
        if "showIf" in entry:
            fields = frozenset(str(each["field"]) for each in _fields([entry]))
            yield Part(here, Condition(entry["showIf"], names), fields)
        if "group" in entry:
            yield from _parts(_items(entry), names, f"{here}.")


def _fields(entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        if "field" in entry:
            yield entry
        elif "group" in entry:
            yield from _fields(_items(entry))


def _items(entry: Entry) -> list[Entry]:
    items = entry.get("items")
    return [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []
