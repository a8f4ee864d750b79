"""Believable values for a form, from its JSON Schema. No value is that of a real person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import msgspec

OPTIONAL_FILLED = 0.7
_FAMILY = (
    "Ahorn",
    "Birke",
    "Buche",
    "Eiche",
    "Erle",
    "Esche",
    "Fichte",
    "Kiefer",
    "Lärche",
    "Linde",
    "Pappel",
    "Weide",
)
_GIVEN = (
    "Amsel",
    "Drossel",
    "Elster",
    "Falke",
    "Fink",
    "Kiebitz",
    "Lerche",
    "Meise",
    "Möwe",
    "Specht",
    "Star",
    "Taube",
)
_LANGUAGES = (
    "Arabisch",
    "Dari",
    "Englisch",
    "Französisch",
    "Kurmandschi",
    "Tigrinya",
    "Türkisch",
    "Ukrainisch",
)
_TEXTS: tuple[tuple[tuple[str, ...], Sequence[str]], ...] = (
    (("familienname", "nachname"), _FAMILY),
    (("vorname", "rufname"), _GIVEN),
    (("name",), tuple(f"{given} {family}" for given, family in zip(_GIVEN, _FAMILY, strict=True))),
    (("sprache",), _LANGUAGES),
    (("anschrift", "adresse", "strasse"), tuple(f"Musterweg {number}" for number in range(1, 40))),
    (("telefon",), ("0000 000000",)),
    (("mail",), ("person@example.org",)),
    (("iban",), ("DE00 0000 0000 0000 0000 00",)),
    (("schule",), ("Gesamtschule Musterstadt", "Hauptschule am Beispielweg", "Realschule Probe")),
    (("krankenkasse",), ("Muster-Krankenkasse", "Beispielkasse")),
    (("jobcenter",), ("Jobcenter Musterkreis", "Jobcenter Beispielstadt")),
    (("berufskolleg",), ("Berufskolleg Musterstadt",)),
    (("ort",), ("Musterstadt", "Beispielhausen", "Probedorf")),
    (("unterlagen", "nachweise"), ("Mietvertrag", "Kontoauszug", "Meldebescheinigung", "Aufenthaltstitel")),
    (("teilnehmende",), ("Ausländerbehörde", "Jobcenter", "Case Management", "Sozialamt")),
)
_FUTURE = ("ende", "bis", "ab", "beginn", "termin", "start", "frist")


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """How a field is filled: `choices` with weights, or `days` from now (for dates), or `numbers` from and to.

    `filled`: in which share of cases an optional field is filled at all.
    """

    choices: Mapping[Any, float] = {}
    days: tuple[int, int] | None = None
    numbers: tuple[float, float] | None = None
    filled: float = 1.0


Hints = Mapping[str, Hint]


class ValueMaker:
    """Fills forms. `hints` by field name say more than the schema does."""

    def __init__(self, random: Random, hints: Hints | None = None) -> None:
        self._random = random
        self._hints = hints or {}

    def fill(
        self, schema: Mapping[str, Any], now: datetime, known: Mapping[str, Any], *, everything: bool = False
    ) -> dict[str, Any]:
        """JSON values for the form's fields; texts, dates and numbers already known in the case are repeated.

        Without `everything` some optional fields stay empty.
        """
        required = set(schema.get("required", ()))
        values: dict[str, Any] = {}
        for name, field in schema.get("properties", {}).items():
            if not isinstance(field, Mapping) or field.get("readOnly"):
                continue
            chance = self._random.random()
            share = self._hints[name].filled if name in self._hints else OPTIONAL_FILLED
            if everything or name in required or chance < share:
                value = self._value(name, field, now, known)
                if value is not None or name in required:
                    values[name] = value
        return values

    def _value(self, name: str, field: Mapping[str, Any], now: datetime, known: Mapping[str, Any]) -> Any:
        options = _options(field)
        hint = self._hints.get(name)
        weights = hint.choices if hint is not None else {}
        if weights:
            allowed = [choice for choice in weights if not options or choice in options] or options
            return self._random.choices(allowed, [weights.get(choice, 1) for choice in allowed])[0]
        if options:
            return self._random.choice(options)
        if name in known and _kind(field) in {"string", "number", "integer"}:
            return known[name]
        make = _MAKERS.get(_kind(field), _MAKERS["string"])
        return make(self, name, field, now)

    def _boolean(self, _name: str, _field: Mapping[str, Any], _now: datetime) -> bool:
        return self._random.random() < 0.85

    def _integer(self, name: str, field: Mapping[str, Any], now: datetime) -> int:
        return round(self._number(name, field, now))

    def _number(self, name: str, field: Mapping[str, Any], _now: datetime) -> float:
        hint = self._hints.get(name)
        low, high = hint.numbers if hint and hint.numbers else _bounds(field)
        step: int = max(1, field.get("multipleOf", 1))  # whole euros: cents miss their multiple in binary
        return round(self._random.uniform(low, high) / step) * step

    def _array(self, name: str, field: Mapping[str, Any], now: datetime) -> list[Any]:
        least = field.get("minItems", 0)
        most = min(field.get("maxItems", least + 2), least + 2)
        items = [
            self._value(name, field.get("items", {}), now, {})
            for _ in range(self._random.randint(least, most))
        ]
        return list(dict.fromkeys(items)) if field.get("uniqueItems") else items

    def _object(self, _name: str, field: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        return self.fill(field, now, {})

    def _text(self, name: str, field: Mapping[str, Any], now: datetime) -> str:
        match field.get("format"):
            case "date":
                return self._day(name, now).isoformat()
            case "date-time":
                return datetime.combine(self._day(name, now), now.timetz()).astimezone(UTC).isoformat()
            case "time":
                return f"{self._random.randrange(8, 16):02}:00:00"
            case "duration":
                return f"P{self._random.randrange(1, 20)}D"
            case "email":
                return "person@example.org"
        lower = name.lower()
        choices = next((texts for words, texts in _TEXTS if any(word in lower for word in words)), None)
        text = self._random.choice(choices) if choices else f"Beispiel {self._random.randrange(1, 100)}"
        most: int = field.get("maxLength", len(text))
        return text[:most].ljust(field.get("minLength", 0), "x")

    def _day(self, name: str, now: datetime) -> date:
        hint, lower = self._hints.get(name), name.lower()
        if hint is not None and hint.days is not None:
            low, high = hint.days
        elif "geburt" in lower:
            low, high = -60 * 365, -18 * 365
        elif any(word in lower for word in _FUTURE):
            low, high = 5, 60
        else:
            low, high = -30, 0
        return (now + timedelta(days=self._random.randint(low, high))).date()


_MAKERS: dict[str, Callable[[ValueMaker, str, Mapping[str, Any], datetime], Any]] = {
    "boolean": ValueMaker._boolean,
    "integer": ValueMaker._integer,
    "number": ValueMaker._number,
    "array": ValueMaker._array,
    "object": ValueMaker._object,
    "string": ValueMaker._text,
}


def _kind(field: Mapping[str, Any]) -> str:
    kind = field.get("type", "string")
    return (
        str(next((each for each in kind if each != "null"), "string"))
        if isinstance(kind, list)
        else str(kind)
    )


def _options(field: Mapping[str, Any]) -> list[Any]:
    """What the schema lets choose from."""
    if "const" in field:
        return [field["const"]]
    if "enum" in field:
        return [value for value in field["enum"] if value is not None]
    choices = field.get("oneOf") or field.get("anyOf") or ()
    return [choice["const"] for choice in choices if "const" in choice]


def _bounds(field: Mapping[str, Any]) -> tuple[float, float]:
    low = field.get("minimum", field.get("exclusiveMinimum", -1) + 1)
    return low, field.get("maximum", field.get("exclusiveMaximum", max(low * 2, low + 20)))
