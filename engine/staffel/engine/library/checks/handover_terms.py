"""The agreed terms of a handover rule: trigger, consent, escalation, joint talk, what the person is told (DOMAIN §3.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Protocol

from staffel.engine.calendar import Calendar
from staffel.engine.calendar.lengths import parse_length
from staffel.engine.kernel.handover_rule import AGREED, EscalationLevel, HandoverDocument
from staffel.engine.library.checks.documents import read_yaml
from staffel.engine.library.checks.notes import Notes

_TRUTHS: Final = {"ja": True, "true": True, "yes": True, "nein": False, "false": False, "no": False}
_ROLES: Final = ("teamleitung", "koordination", "vereinbarung")
_COORDINATION: Final = re.compile(r"(kim-)?koordination\b")
_LEADERS: Final = re.compile(r"leitung|fachkoordination")
_SOME_DAY: Final = date(2026, 1, 1)
_BLOCK: Final = "textbaustein:"
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Wrong(Protocol):
    """Tells what does not fit: expected in German and English, and what was found."""

    def __call__(self, german: str, english: str, found: object) -> None: ...


def read_terms(
    given: Mapping[str, Any], wrong: Wrong, blocks: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """The fields of `HandoverRule` that the terms give; None for what the rule does not say."""
    kept = given.get("verantwortung_bis_annahme")
    if kept is not None and kept != "absender":
        wrong(
            "für verantwortung_bis_annahme: absender (genau eine Stelle ist zuständig)",
            "for verantwortung_bis_annahme: absender (exactly one Stelle is responsible)",
            kept,
        )
    trigger = given.get("ausloeser")
    if trigger is not None and (
        not isinstance(trigger, dict) or trigger.keys() - {"nach_schritt", "bedingung"}
    ):
        wrong("für ausloeser: {nach_schritt, bedingung}", "for ausloeser: {nach_schritt, bedingung}", trigger)
    condition = trigger.get("bedingung") if isinstance(trigger, dict) else None
    answer = given.get("richtung_rueckmeldung")
    return {
        "condition": str(condition) if condition is not None else None,
        "consent": _consent(given, wrong),
        "answer": tuple(map(str, answer if isinstance(answer, list) else [answer])) if answer else None,
        "escalation": _escalation(given.get("eskalation"), wrong),
        "warm": _warm(given.get("warme_uebergabe"), wrong),
        "information": _information(given.get("information_person"), wrong, blocks),
        "delete_after": _length(given.get("loeschung_nach"), "loeschung_nach", wrong),
        "documents": _documents(given.get("dokumente"), wrong),
    }


def truth(value: Any, name: str, wrong: Wrong) -> bool:
    """Yes or no in German or English, however it is capitalised; anything else is told and taken for yes, the safe side."""
    said = _TRUTHS.get(str(value).strip().lower())
    if said is None:
        wrong(f"für {name}: ja oder nein", f"for {name}: ja or nein", value)
    return said is not False


def read_blocks(content: bytes, file: str, notes: Notes) -> dict[str, dict[str, str]]:
    """The text blocks of `textbausteine.yaml`: name -> language -> text."""
    document = read_yaml(content, file, notes)
    if document is None:
        return {}
    entries = document if isinstance(document, dict) else {}
    found = {
        str(name): {str(language): str(text) for language, text in texts.items()}
        for name, texts in entries.items()
        if isinstance(texts, dict) and texts.get("de")
    }
    if len(found) != len(entries) or not found:
        notes.error(
            "text-block-invalid",
            file,
            (
                "Erwartet werden Textbausteine NAME: {de: …, en: …}, jeder mindestens auf Deutsch.",
                "Expected text blocks NAME: {de: …, en: …}, each at least in German.",
            ),
            ("Die Datei berichtigen.", "Correct the file."),
        )
    return found


def _consent(given: Mapping[str, Any], wrong: Wrong) -> bool | None:
    """Said, or meant because every legal basis is the person's consent."""
    said = given.get("nur_mit_einwilligung")
    if said is not None:
        return truth(said, "nur_mit_einwilligung", wrong)
    bases = given.get("rechtsgrundlagen", given.get("rechtsgrundlage")) or []
    texts = [str(each) for each in (bases if isinstance(bases, list) else [bases])]
    return True if texts and all(text.startswith("Einwilligung") for text in texts) else None


def _escalation(value: Any, wrong: Wrong) -> tuple[EscalationLevel, ...] | None:
    if value is None:
        return None
    levels: list[EscalationLevel] = []
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict) or item.keys() - {"nach", "an", "rolle"} or not item.get("an"):
            wrong("unter eskalation: {nach, an, rolle}", "in eskalation: {nach, an, rolle}", item)
            continue
        after = _length(item.get("nach"), "eskalation.nach", wrong)
        role = str(item.get("rolle") or _role_of(str(item["an"])))
        if role not in _ROLES:
            names = ", ".join(_ROLES)
            wrong(f"für eskalation.rolle: {names}", f"for eskalation.rolle: {names}", role)
        elif after is not None:
            levels.append(EscalationLevel(after=after, to=str(item["an"]), role=role))
    ends = [Calendar().due(_SOME_DAY, level.after, kind=AGREED)[0] for level in levels]
    if ends != sorted(ends):
        found = ", ".join(level.after for level in levels)
        wrong(
            "die Stufen unter eskalation, die früheste zuerst",
            "the levels in eskalation, the earliest first",
            found,
        )
    return tuple(levels)


def _role_of(text: str) -> str:
    """The level that the words mean; people whom only the agreement knows are `vereinbarung`."""
    words = text.lower()
    if _COORDINATION.match(words):
        return "koordination"
    return "teamleitung" if _LEADERS.search(words) else "vereinbarung"


def _warm(value: Any, wrong: Wrong) -> str | None:
    if value is None:
        return None
    if value == "empfohlen":
        return "empfohlen"
    said = _TRUTHS.get(str(value).strip().lower())
    if said is None:
        wrong("für warme_uebergabe: ja, nein, empfohlen", "for warme_uebergabe: ja, nein, empfohlen", value)
    return "ja" if said else "nein"


def _information(
    value: Any, wrong: Wrong, blocks: Mapping[str, Mapping[str, str]]
) -> Mapping[str, str] | None:
    if value is None:
        return None
    if isinstance(value, dict) and value.get("de"):
        return {str(language): str(text) for language, text in value.items()}
    if not isinstance(value, str) or not value.strip():
        wrong(
            "für information_person: Text, {de, en} oder textbaustein:NAME",
            "for information_person: text, {de, en} or textbaustein:NAME",
            value,
        )
        return None
    if not value.startswith(_BLOCK):
        return {"de": value}
    name = value.removeprefix(_BLOCK).strip()
    if name not in blocks:
        wrong(
            f"ein Textbaustein „{name}“ in textbausteine.yaml",
            f'a text block "{name}" in textbausteine.yaml',
            value,
        )
    return blocks.get(name)


def _documents(value: Any, wrong: Wrong) -> tuple[HandoverDocument, ...] | None:
    """`[mietvertrag, {art: bescheid, titel: Bescheid der Leistungsbehörde}]`; what is `sonstiges` never travels."""
    if value is None:
        return None
    found: dict[str, HandoverDocument] = {}
    for item in value if isinstance(value, list) else [value]:
        given = item if isinstance(item, dict) else {"art": item}
        kind = str(given.get("art") or "")
        if given.keys() - {"art", "titel"} or not _KIND.fullmatch(kind) or kind in {*found, "sonstiges"}:
            wrong(
                "unter dokumente jede Art einmal: NAME aus a–z, 0–9 und _ (nicht sonstiges) oder {art, titel}",
                "in dokumente each kind once: NAME of a–z, 0–9 and _ (not sonstiges) or {art, titel}",
                item,
            )
            continue
        found[kind] = HandoverDocument(kind=kind, title=str(given.get("titel") or ""))
    return tuple(found.values())


def _length(value: Any, name: str, wrong: Wrong) -> str | None:
    if value is None:
        return None
    try:
        parse_length(str(value))
    except ValueError:
        wrong(f"für {name} eine Dauer wie 2AT, 10T", f"for {name} a length such as 2AT, 10T", value)
        return None
    return str(value)
