"""Handover rules beside the model (`uebergaben.yaml`), with the field names of DOMAIN §3.2 and §3.8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from staffel.engine.bpmn.dialects.staffel import DEADLINE_KINDS, HANDOVER_KINDS
from staffel.engine.bpmn.units import UNITS_BY_KEY
from staffel.engine.calendar.course import need_running
from staffel.engine.calendar.lengths import parse_length
from staffel.engine.findings import Severity
from staffel.engine.kernel.handover_rule import FRISTEN, LEGAL, HandoverField, HandoverRule
from staffel.engine.library.checks.documents import read_yaml
from staffel.engine.library.checks.handover_terms import read_terms, truth
from staffel.engine.library.checks.notes import Notes

_KINDS: Final = {kind: kind for kind in HANDOVER_KINDS} | {
    "fallübergabe": "falluebergabe",
    "weiterleitung_antrag": "weiterleitung",
    "weiterleitung antrag": "weiterleitung",
}
_DEADLINE_KINDS: Final = {kind: kind for kind in DEADLINE_KINDS} | {"faellig_person": "person"}
_LENGTHS: Final = {
    "eingangsbestaetigung": "acknowledge_within",
    "vollstaendigkeit": "complete_within",
    "ergebnis": "result_within",
}
_ENDS: Final = dict(zip(_LENGTHS, FRISTEN, strict=True))
_SIDES: Final = {
    "hemmung_durch": "suspended_by",
    "verlaengerung_durch": "extended_by",
}
"""Who suspends and extends the Fristen of a handover: one of `_WHO`."""
_WHO: Final = {each: each for each in ("absender", "empfaenger", "beide")}
SENSITIVITIES: Final = ("normal", "sozialdaten", "art9", "par203")
"""How sensitive a field is: social data (§ 67 SGB X), special categories (Art. 9 DSGVO), secrets (§ 203 StGB)."""
_WAY_BACK: Final = frozenset({"stelle", "element", "max_ruecklaeufer", "danach", "danach_element"})
_FRIST: Final = frozenset({"dauer", "bis", "art", "verlaengerung", "hemmung_bei", "hemmung_grundlage"})
_FLAT: Final = {
    "frist_eingang": "eingangsbestaetigung",
    "frist_vollstaendigkeit": "vollstaendigkeit",
    "frist_bearbeitung": "ergebnis",
}
_EFFECTIVE: Final = frozenset(
    {"id", "nachrichtenfluss", "schnittstelle", "fluss", "art", "absender", "empfaenger", "absender_stelle"}
    | {
        "empfaenger_stelle",
        "datensatz",
        "rechtsgrundlage",
        "rechtsgrundlagen",
        "fristen",
        "ablehnungsgruende",
        "rueckweg",
        "ausloeser",
        "richtung_rueckmeldung",
        "eskalation",
        "verantwortung_bis_annahme",
        "warme_uebergabe",
        "information_person",
        "nur_mit_einwilligung",
        "loeschung_nach",
        "dokumente",
    }
    | set(_FLAT)
)
# Agreed between the Stellen, kept with the version and printed with the agreement; nothing is computed from them.
_AGREED: Final = frozenset(
    {"version", "gueltig_ab", "gueltig_bis", "prozess", "absender_rolle", "empfaenger_team", "vertretung"}
    | {"funktionspostfach", "protokollierung", "unterzeichnet", "name", "beschreibung"}
)
_PRINTED: Final = (
    "version",
    "gueltig_ab",
    "gueltig_bis",
    "absender_rolle",
    "protokollierung",
    "beschreibung",
)
_TEMPTING: Final = frozenset(
    {"gueltig_ab", "gueltig_bis", "empfaenger_team", "vertretung", "protokollierung"}
)
"""Those of them that somebody might take for an order to the engine."""
_FIELD_KEYS: Final = frozenset(
    {"feld", "pflicht", "nur_mit_einwilligung", "liste", "quelle", "sensibilitaet", "format"}
)


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule with the flow it is bound to (empty = named by the model) and the kinds of Stellen at both ends.

    `after` is the step that it says comes before (`ausloeser.nach_schritt`), empty where it says none.
    """

    rule: HandoverRule
    flow: str
    sender: str
    receiver: str
    after: str = ""


def read_rules(
    content: bytes, file: str, notes: Notes, blocks: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[BoundRule, ...]:
    """The rules of the file; what is wrong with one is told and the rule left out. `blocks` are the text blocks."""
    document = read_yaml(content, file, notes)
    if document is None:
        return ()
    if isinstance(document, dict):
        document = document.get("uebergaberegeln", [document])
    if not isinstance(document, list):
        _wrong(notes, file, "", ("eine Liste von Regeln", "a list of rules"), type(document).__name__)
        return ()
    found: list[BoundRule] = []
    for item in document:
        inner = item.get("uebergaberegel", item) if isinstance(item, dict) else item
        if not isinstance(inner, dict) or not str(inner.get("id") or "").strip():
            _wrong(notes, file, "", ("eine Regel mit id", "a rule with an id"), str(inner)[:60])
            continue
        rule = _Reader(file, notes, str(inner["id"]).strip(), blocks or {}).read(inner)
        if any(rule.rule.id == other.rule.id for other in found):
            _wrong(notes, file, rule.rule.id, ("jede id nur einmal", "every id only once"), rule.rule.id)
        found.append(rule)
    return tuple(found)


@dataclass(slots=True)
class _Reader:
    """Reads one rule; every value that does not fit is told with the rule's id."""

    file: str
    notes: Notes
    id: str
    blocks: Mapping[str, Mapping[str, str]]

    def read(self, given: Mapping[str, Any]) -> BoundRule:
        for key in given.keys() - _EFFECTIVE - _AGREED:
            self.wrong(
                f"ein Feld nach DOMAIN §3.2 statt „{key}“", f'a field of DOMAIN §3.2 instead of "{key}"', key
            )
        self.agreed_only(sorted(given.keys() & _TEMPTING))
        back = self.table(given.get("rueckweg"), "rueckweg", _WAY_BACK)
        values: dict[str, Any] = {
            "kind": self.choice(given.get("art"), _KINDS, "art"),
            "fields": self.fields(given.get("datensatz")),
            "legal_bases": self.texts(given.get("rechtsgrundlagen", given.get("rechtsgrundlage"))),
            "return_reasons": self.texts(given.get("ablehnungsgruende")),
            "max_returns": self.count(back.get("max_ruecklaeufer")),
            "return_to": str(back["element"]) if back.get("element") else None,
            "follow_up": str(back["danach_element"]) if back.get("danach_element") else None,
            "agreed": _agreed(given) or None,
            **self.lengths(given),
            **read_terms(given, self.wrong, self.blocks),
        }
        rule = HandoverRule(
            id=self.id, **{name: value for name, value in values.items() if value is not None}
        )
        flow = given.get("nachrichtenfluss") or given.get("schnittstelle") or given.get("fluss") or ""
        trigger = given.get("ausloeser")
        after = str(trigger.get("nach_schritt") or "").strip() if isinstance(trigger, dict) else ""
        return BoundRule(
            rule, str(flow).strip(), self.unit(given, "absender"), self.unit(given, "empfaenger"), after
        )

    def agreed_only(self, keys: list[str]) -> None:
        """Tell what is kept for the agreement and changes nothing when the case runs."""
        if keys:
            self.notes.add(
                "rule-agreed-only",
                Severity.HINT,
                self.file,
                (
                    f"Regel {self.id}: {', '.join(keys)} steht in der Vereinbarung; im Vorgang bewirkt es nichts.",
                    f"Rule {self.id}: {', '.join(keys)} is part of the agreement; it has no effect in the case.",
                ),
                (
                    "Nichts zu tun, wenn es nur vereinbart sein soll. Wer vertritt, regelt die empfangende Stelle selbst; "
                    "ab wann eine Regel gilt, sagt das Inkraftsetzen der Modellversion.",
                    "Nothing to do if it is only to be agreed. The receiving Stelle sees to its deputies itself; "
                    "from when a rule holds is said by putting the model version in force.",
                ),
                element=self.id,
            )

    def wrong(self, german: str, english: str, found: object) -> None:
        _wrong(self.notes, self.file, self.id, (german, english), str(found)[:100])

    def table(self, value: Any, name: str, known: frozenset[str]) -> dict[str, Any]:
        """A mapping of which only the `known` keys mean anything."""
        if value is None:
            return {}
        found = dict(value) if isinstance(value, dict) else {}
        if not isinstance(value, dict) or found.keys() - known:
            names = ", ".join(sorted(known))
            self.wrong(f"unter {name}: {names}", f"in {name}: {names}", value)
        return found

    def choice(self, value: Any, allowed: Mapping[str, str], name: str) -> str | None:
        if value is None:
            return None
        key = str(value).strip().lower()
        if key not in allowed:
            known = ", ".join(dict.fromkeys(allowed.values()))
            self.wrong(f"für {name} eines von: {known}", f"for {name} one of: {known}", value)
        return allowed.get(key)

    def unit(self, given: Mapping[str, Any], end: str) -> str:
        inner = given.get(end)
        key = inner.get("stelle") if isinstance(inner, dict) else inner
        key = str(key or given.get(f"{end}_stelle") or "").strip()
        if key and key not in UNITS_BY_KEY:
            known = ", ".join(UNITS_BY_KEY)
            self.wrong(f"für {end} eine Stelle: {known}", f"for {end} a kind of Stelle: {known}", key)
        return key

    def fields(self, value: Any) -> tuple[HandoverField, ...] | None:
        if value is None:
            return None
        found: list[HandoverField] = []
        for item in value if isinstance(value, list) else [value]:
            given = item if isinstance(item, dict) else {"feld": item}
            name = str(given.get("feld") or "").strip()
            sensitivity = str(given.get("sensibilitaet", "normal"))
            if sensitivity not in SENSITIVITIES:
                known = ", ".join(SENSITIVITIES)
                self.wrong(f"für sensibilitaet: {known}", f"for sensibilitaet: {known}", sensitivity)
            if not name or given.keys() - _FIELD_KEYS:
                self.wrong("im datensatz: {feld, pflicht, …}", "in datensatz: {feld, pflicht, …}", item)
                continue
            found.append(
                HandoverField(
                    name=name,
                    required=truth(given.get("pflicht", True), "pflicht", self.wrong),
                    sensitivity=sensitivity,
                    consent=truth(
                        given.get("nur_mit_einwilligung", False), "nur_mit_einwilligung", self.wrong
                    ),
                )
            )
        if len({each.name for each in found}) < len(found):
            self.wrong("im datensatz jedes Feld einmal", "in datensatz every field once", value)
        return tuple(found)

    def texts(self, value: Any) -> tuple[str, ...] | None:
        if value is None:
            return None
        texts = value if isinstance(value, list) else [value]
        if not all(isinstance(each, (str, int, float)) and str(each).strip() for each in texts):
            self.wrong("Texte, keiner davon leer", "texts, none of them empty", value)
        return tuple(dict.fromkeys(str(each).strip() for each in texts))

    def count(self, value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 20:
            return value
        self.wrong(
            "für max_ruecklaeufer eine Zahl von 0 bis 20", "for max_ruecklaeufer a number from 0 to 20", value
        )
        return None

    def lengths(self, given: Mapping[str, Any]) -> dict[str, Any]:
        every = self.table(given.get("fristen"), "fristen", frozenset({*_LENGTHS, *_SIDES}))
        every |= {name: given[key] for key, name in _FLAT.items() if key in given}
        extend: dict[str, str | None] = {}
        kinds: dict[str, str] = {}
        found: dict[str, Any] = {
            name: self.choice(every.pop(key, None), _WHO, f"fristen.{key}") for key, name in _SIDES.items()
        }
        for key, value in every.items():
            if key not in _LENGTHS:
                continue  # told already
            inner = value if isinstance(value, dict) else {"dauer": value}
            self.table(inner, f"fristen.{key}", _FRIST)
            found[_LENGTHS[key]] = self.length(inner)
            if inner.get("verlaengerung") is not None:
                extend[_ENDS[key]] = self.extension(inner, str(inner["verlaengerung"]))
            if inner.get("bis") is not None:
                if key != "ergebnis" or inner.get("dauer"):
                    self.wrong(
                        "bis nur bei ergebnis und ohne dauer", "bis only at ergebnis, without dauer", key
                    )
                found["result_until"] = str(inner["bis"])
            kind = self.choice(inner.get("art"), _DEADLINE_KINDS, f"fristen.{key}.art")
            if kind is not None:
                kinds[_ENDS[key]] = kind
            if inner.get("hemmung_bei") is not None:
                found["result_paused_by"] = self.pausing(key, inner, kind)
                found["suspension_basis"] = str(inner.get("hemmung_grundlage") or "")
        found["kinds"] = kinds or None
        found["extend"] = {name: length for name, length in extend.items() if length is not None} or None
        return found

    def pausing(self, key: str, inner: Mapping[str, Any], kind: str | None) -> tuple[str, ...] | None:
        """The steps that suspend the Frist of the result; one set by law is suspended by law only."""
        if key != "ergebnis" or not inner.get("dauer"):
            self.wrong(
                "hemmung_bei nur bei ergebnis mit dauer", "hemmung_bei only at ergebnis with dauer", key
            )
            return None
        if kind in LEGAL and not inner.get("hemmung_grundlage"):
            self.wrong("zu hemmung_bei eine hemmung_grundlage", "a hemmung_grundlage with hemmung_bei", kind)
        return self.texts(inner["hemmung_bei"])

    def extension(self, inner: Mapping[str, Any], text: str) -> str | None:
        """How much the one Verlängerung of a Frist in days adds at most."""
        try:
            need_running(parse_length(str(inner.get("dauer") or "")))
            need_running(parse_length(text))
        except ValueError:
            self.wrong(
                "verlaengerung als Dauer in Tagen wie 5AT, bei einer Frist, die in Tagen läuft",
                "verlaengerung as a length in days such as 5AT, of a Frist that runs in days",
                text,
            )
            return None
        return text

    def length(self, given: Mapping[str, Any]) -> str | None:
        text = str(given.get("dauer") or "").strip()
        if not text:
            return None
        try:
            parse_length(text)
        except ValueError:
            self.wrong("eine Dauer wie 2AT, 10T, 2W, 3M", "a length such as 2AT, 10T, 2W, 3M", text)
            return None
        return text


def _agreed(given: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the agreement only, as text; who signed, and of which process it is, the agreement says itself."""
    said: dict[str, Any] = {key: given.get(key) for key in _PRINTED}
    flat = {key: given.get(key) for key in ("vertretung", "funktionspostfach")}
    for end, more in (("absender", {}), ("empfaenger", flat)):
        inner = given.get(end)
        named = inner if isinstance(inner, dict) else {}
        said[end] = {"team": given.get(f"{end}_team"), **more, **named, "stelle": None}
    found: dict[str, str] = {}
    for key, value in said.items():
        each = (
            {f"{key}.{name}": inner for name, inner in value.items()}
            if isinstance(value, dict)
            else {key: value}
        )
        found |= {name: _in_words(inner) for name, inner in each.items() if inner is not None}
    return found


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _wrong(notes: Notes, file: str, rule: str, expected: tuple[str, str], found: str) -> None:
    notes.error(
        "handover-rule-invalid",
        file,
        (
            f"Übergaberegel {rule or '?'}: Erwartet wird {expected[0]}; gefunden: „{found}“.",
            f'Handover rule {rule or "?"}: expected {expected[1]}; found: "{found}".',
        ),
        ("Die Angabe in der Datei berichtigen.", "Correct it in the file."),
        element=rule,
    )
