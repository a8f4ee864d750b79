"""Forms: what a person may fill in, judged by JSON Schema 2020-12, and turned into FEEL values by the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from staffel.engine.errors import Refusal
from staffel.engine.feel import FeelError, from_json
from staffel.engine.library.depending import (
    NOWHEN,
    Conditions,
    Rule,
    View,
    known_values,
    without,
)
from staffel.engine.library.plain import is_multiple, surely_right
from staffel.engine.library.schemas import READERS, is_document

REASON = "abweichung_begruendung"
"""The variable that takes the reason for departing from a proposed decision."""
LONGEST_REASON = 2000


class ValuesRefused(Refusal):
    """Some values are not as the form asks; `fields` says which and why."""

    status, code = 422, "values-refused"
    text_de = "Einige Angaben passen nicht zum Formular."


class ValuesDoubtful(Refusal):
    """Some values are unusual; `fields` says which and why. Correct them, or confirm them (`confirmed`)."""

    status, code = 409, "values-doubtful"
    text_de = "Einige Angaben sind ungewöhnlich. Bitte berichtigen oder bestätigen Sie sie."


_TEXTS: Mapping[str, tuple[str, str]] = {
    "required": ("Bitte ausfüllen.", "Please fill in."),
    "type": ("Erwartet wird {limit}.", "Expected {limit}."),
    "minimum": ("Mindestens {limit}.", "At least {limit}."),
    "maximum": ("Höchstens {limit}.", "At most {limit}."),
    "exclusiveMinimum": ("Mehr als {limit}.", "More than {limit}."),
    "exclusiveMaximum": ("Weniger als {limit}.", "Less than {limit}."),
    "minLength": ("Mindestens {limit} Zeichen.", "At least {limit} characters."),
    "maxLength": ("Höchstens {limit} Zeichen.", "At most {limit} characters."),
    "minItems": ("Mindestens {limit} Einträge.", "At least {limit} entries."),
    "maxItems": ("Höchstens {limit} Einträge.", "At most {limit} entries."),
    "pattern": ("Die Angabe hat nicht die erwartete Form.", "The value is not shaped as expected."),
    "format": ("Erwartet wird {limit}.", "Expected {limit}."),
    "enum": ("Bitte einen der Werte wählen: {limit}.", "Choose one of: {limit}."),
    "const": ("Erwartet wird {limit}.", "Expected {limit}."),
    "multipleOf": ("Erwartet wird ein Vielfaches von {limit}.", "Expected a multiple of {limit}."),
}
_FORMATS = {
    "date": ("ein Datum wie 31.12.2026", "a date such as 31.12.2026"),
    "time": ("eine Uhrzeit wie 14:30:00", "a time such as 14:30:00"),
    "date-time": (
        "ein Zeitpunkt wie 2026-12-31T14:30:00+01:00",
        "a moment such as 2026-12-31T14:30:00+01:00",
    ),
    "email": ("eine E-Mail-Adresse", "an e-mail address"),
    "uri": ("eine Internet-Adresse", "an internet address"),
}
_TYPES_DE = {
    "string": "ein Text",
    "number": "eine Zahl",
    "integer": "eine ganze Zahl",
    "boolean": "ja oder nein",
    "array": "eine Liste",
    "object": "eine Gruppe von Angaben",
    "null": "keine Angabe",
}


def _multiple_of(_validator: Any, step: Any, value: Any, _schema: Any) -> Iterator[ValidationError]:
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    if is_number and not is_multiple(value, step):
        yield ValidationError(f"{value} is not a multiple of {step}")


_Validator = extend(Draft202012Validator, {"multipleOf": _multiple_of})  # type: ignore[no-untyped-call]


class Form:
    """A form of a model version: `schema` judges the values, `ui` orders the widgets, `rules` say what must fit together."""

    __slots__ = (
        "_asked", "_conditions", "_reasoned", "_rules", "_surely", "_validator", "documents", "looks_back", "names",
        "rules", "schema", "settable", "ui",
    )  # fmt: skip

    def __init__(
        self, schema: Mapping[str, Any], ui: list[Any] | None = None, rules: list[Any] | None = None
    ) -> None:
        self.schema = schema
        self.ui = ui or []
        self.rules = rules or []
        properties: Mapping[str, Any] = schema.get("properties", {})
        self.names = tuple(properties)
        self.settable = frozenset(
            name
            for name, field in properties.items()
            if not (isinstance(field, Mapping) and field.get("readOnly"))
        )
        self._reasoned: Form | None = None
        self.documents = tuple(name for name, field in properties.items() if is_document(field))
        """The fields whose value is the id of a document of the case."""
        self._validator = _Validator(dict(schema), format_checker=FormatChecker())
        self._surely = surely_right(schema)
        self._conditions = Conditions(schema, self.ui)
        self._rules = tuple(
            Rule(each, frozenset(self.names)) for each in self.rules if isinstance(each, Mapping)
        )
        asked = self._conditions.reads.union(*(rule.reads for rule in self._rules))
        self._asked = tuple(name for name in self.names if name in asked)
        self.looks_back = not self.settable.issuperset(self._asked)
        """Whether conditions or rules read fields that are only shown: `read` then needs them as `given`."""

    def with_reason(self, decided: str | None) -> Form:
        """The form for a proposed decision that may be changed in it: also asks why. `decided` takes the decision (None: many)."""
        changes = self.settable if decided is None else self.settable & {decided}
        if not changes or REASON in self.names:
            return self
        if self._reasoned is None:
            field = {
                "type": "string",
                "maxLength": LONGEST_REASON,
                "title": "Begründung der Abweichung",
                "description": "Nötig, wenn Sie anders entscheiden als vorgeschlagen.",
            }
            properties = {**self.schema["properties"], REASON: field}
            ui = [*self.ui, {"field": REASON, "widget": "textarea"}] if self.ui else []
            self._reasoned = Form({**self.schema, "properties": properties}, ui, self.rules)
        return self._reasoned

    def read(
        self,
        values: Mapping[str, Any],
        *,
        given: Mapping[str, Any] | None = None,
        now: datetime = NOWHEN,
        confirmed: bool = False,
    ) -> dict[str, Any]:
        """FEEL values of what was filled in, without hidden fields; `given` are the case's own of fields only shown.

        Raises `ValuesRefused` with every fault; `ValuesDoubtful` with every warning unless it is `confirmed`.
        """
        faults = [_unknown(name) for name in values if name not in self.settable]
        known = known_values(self._asked, self.schema, values, given or {}) if self._asked else {}
        hidden = self._conditions.view(known, now).hidden
        if hidden:
            values = without(values, hidden)
            known.update(dict.fromkeys(hidden & known.keys()))
        if not (self._surely and self._surely(values)):
            faults += [
                fault
                for error in self._validator.iter_errors(dict(values))
                if (fault := self._fault(error)) and fault["field"] not in hidden
            ]
        doubts: list[dict[str, str]] = []
        wrong = {fault["field"].partition(".")[0] for fault in faults}
        for rule in self._rules:
            if wrong.isdisjoint(rule.reads) and rule.is_broken(known, now):
                (doubts if rule.is_warning else faults).extend(rule.faults())
        if faults:
            raise _refused(faults)
        if doubts and not confirmed:
            raise ValuesDoubtful(fields=doubts)
        properties = self.schema.get("properties", {})
        return {name: _value(value, properties[name], name) for name, value in values.items()}

    def view(
        self, values: Mapping[str, Any], *, given: Mapping[str, Any] | None = None, now: datetime = NOWHEN
    ) -> View:
        """What is shown with these JSON values, which need not be right."""
        return self._conditions.view(
            known_values(self._asked, self.schema, values, given or {}), now, spare=True
        )

    def _fault(self, error: ValidationError) -> dict[str, str] | None:
        """What is wrong, by field. A required field that only earlier steps may set is no fault of this form."""
        path = [str(part) for part in error.absolute_path]
        keyword, limit = str(error.validator), cast(Any, error.validator_value)
        if keyword == "required":
            missing = next(name for name in limit if f"'{name}' is a required" in error.message)
            if not path and missing not in self.settable:
                return None
            path.append(missing)
        german, english = _TEXTS.get(keyword, ("Die Angabe passt nicht zum Formular.", error.message))
        shown = ", ".join(map(str, limit)) if isinstance(limit, list) else str(limit)
        wanted = [limit] if isinstance(limit, str) else limit
        german_limit, english_limit = shown, shown
        if keyword == "type":
            german_limit = " oder ".join(_TYPES_DE.get(kind, kind) for kind in wanted)
        elif keyword == "format":
            german_limit, english_limit = _FORMATS.get(shown, (f"die Form {shown}", f"the format {shown}"))
        return {
            "field": ".".join(path),
            "code": keyword,
            "text_de": german.replace("{limit}", german_limit),
            "text_en": english.replace("{limit}", english_limit),
        }


def read_form(document: Mapping[str, Any]) -> Form:
    """The form of a `forms/*.json` document (`{"schema": …, "ui": […], "rules": […]}`)."""
    return Form(document.get("schema", {}), list(document.get("ui", [])), list(document.get("rules", [])))


def read_free_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """FEEL values where no form says what they are. Raises `ValuesRefused`."""
    return {name: _guarded(from_json, value, name) for name, value in values.items()}


def read_corrections(forms: Iterable[Form], values: Mapping[str, Any]) -> dict[str, Any]:
    """FEEL values of variables that are set by hand: as the form says that has a field of the name, else as JSON says.

    So a date stays a date. A field that a form only shows may be corrected, too. Raises `ValuesRefused`.
    """
    known: dict[str, Any] = {}
    for form in forms:
        for name in form.names:
            field = form.schema["properties"][name]
            if name in values and isinstance(field, Mapping):
                known.setdefault(name, {**field, "readOnly": False})
    rest = {name: value for name, value in values.items() if name not in known}
    by_form = Form({"properties": known}).read({name: values[name] for name in known})
    return by_form | read_free_values(rest)


def _refused(faults: Sequence[Mapping[str, str]]) -> ValuesRefused:
    named = ", ".join(dict.fromkeys(fault["field"] for fault in faults if fault["field"]))
    if not named:
        return ValuesRefused(fields=faults)
    return ValuesRefused(
        f"These values are not as the form asks: {named}.",
        text_de=f"Diese Angaben passen nicht zum Formular: {named}.",
        fields=faults,
    )


def _unknown(name: str) -> dict[str, str]:
    return {
        "field": name,
        "code": "unknown",
        "text_de": "Dieses Feld gehört nicht zum Formular oder kann hier nicht geändert werden.",
        "text_en": "This field is not part of the form or cannot be changed here.",
    }


def _value(value: Any, schema: Any, name: str) -> Any:
    """The FEEL value that the schema means."""
    if not isinstance(schema, Mapping):
        return _guarded(from_json, value, name)
    match value:
        case str() if reader := READERS.get(schema.get("format", "")):
            return _guarded(reader, value, name)
        case list():
            return [_value(item, schema.get("items", {}), name) for item in value]
        case dict():
            properties = schema.get("properties", {})
            return {key: _value(item, properties.get(key), f"{name}.{key}") for key, item in value.items()}
    return _guarded(from_json, value, name)


def _guarded(read: Callable[[Any], Any], value: Any, name: str) -> Any:
    try:
        found = read(value)
    except FeelError as error:
        fault = {"field": name, "code": "value", "text_de": error.message_de, "text_en": error.message_en}
        raise ValuesRefused(fields=[fault]) from error
    if found is None and value is not None:
        texts = _TEXTS["format"]
        kind = read.__name__.removeprefix("parse_")
        fault = {"field": name, "code": "format"}
        raise ValuesRefused(
            fields=[
                {
                    **fault,
                    "text_de": texts[0].replace("{limit}", kind),
                    "text_en": texts[1].replace("{limit}", kind),
                }
            ]
        )
    return found
