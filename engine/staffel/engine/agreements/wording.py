"""The kinds of handovers, the reasons to return them and the further terms of their rules, in words."""

from __future__ import annotations

from typing import Final, NamedTuple


class Words(NamedTuple):
    """What a key is called."""

    german: str
    english: str


KINDS: Final = {
    "beteiligung": Words("Beteiligung", "consultation"),
    "weiterleitung": Words("Weiterleitung des Antrags", "forwarding of the application"),
    "falluebergabe": Words("Fallübergabe", "case handover"),
    "information": Words("Information", "information"),
    "auftrag": Words("Auftrag", "assignment"),
    "antragsweiterleitung": Words("Antragsweiterleitung", "forwarding of an application"),
    "kenntnisgabe": Words("Kenntnisgabe", "notice"),
    "rueckfrage": Words("Rückfrage", "question"),
    "mitwirkung": Words("Mitwirkung", "cooperation"),
}
REASONS: Final = {
    "unzustaendig_sachlich": Words("sachlich nicht zuständig", "not competent for the matter"),
    "unzustaendig_oertlich": Words("örtlich nicht zuständig", "not competent for the place"),
    "unvollstaendig": Words("unvollständig", "incomplete"),
    "falsche_person": Words("falsche Person", "wrong person"),
    "dublette": Words("schon vorhanden (Dublette)", "there already (duplicate)"),
    "keine_rechtsgrundlage": Words("keine Rechtsgrundlage", "no legal basis"),
    "einwilligung_fehlt": Words("Einwilligung fehlt", "consent is missing"),
    "person_nicht_erreichbar": Words("Person nicht erreichbar", "person cannot be reached"),
    "kapazitaet": Words("keine Kapazität", "no capacity"),
    "sonstiges": Words("Sonstiges", "other"),
}
"""The closed list of DOMAIN §3.2; a rule may name others."""

TERMS: Final = {
    "nicht_zwingend": Words("nicht zwingend", "optional"),
    "sozialdaten": Words("Sozialdaten (§ 67 SGB X)", "social data (§ 67 SGB X)"),
    "art9": Words("besondere Kategorien (Art. 9 DSGVO)", "special categories (Art. 9 GDPR)"),
    "par203": Words("Geheimnisse (§ 203 StGB)", "secrets (§ 203 StGB)"),
    "bedingung": Words("nur wenn", "only if"),
    "ergebnis_bis": Words("Ergebnis bis", "result by"),
    "rueckmeldung": Words("Rückmeldung", "what comes back"),
    "warme_uebergabe": Words("gemeinsames Gespräch mit der Person", "joint talk with the person"),
    "information_person": Words("die Person wird informiert, Sprachen", "the person is told, languages"),
    "danach": Words("nach zu vielen Rückgaben", "after too many returns"),
    "loeschung_nach": Words("Löschung abgelehnter Daten nach", "rejected data are deleted after"),
    "version": Words("Fassung der Regel", "version of the rule"),
    "gueltig_ab": Words("vereinbart ab", "agreed from"),
    "gueltig_bis": Words("vereinbart bis", "agreed until"),
    "absender_rolle": Words("Rolle bei der abgebenden Stelle", "role at the sending Stelle"),
    "absender.team": Words("Team der abgebenden Stelle", "team of the sending Stelle"),
    "empfaenger.team": Words("Team der empfangenden Stelle", "team of the receiving Stelle"),
    "empfaenger.vertretung": Words("Vertretung", "deputy"),
    "empfaenger.funktionspostfach": Words("Funktionspostfach", "team mailbox"),
    "protokollierung": Words("Protokollierung", "logging"),
    "protokollierung.inhalt": Words("Protokolliert werden", "logged are"),
    "protokollierung.aufbewahrung": Words("Aufbewahrung der Protokolle", "logs are kept for"),
    "beschreibung": Words("Beschreibung", "description"),
}
"""What else a rule says, and what stands in the agreement only."""
FIELDS: Final = frozenset({"nicht_zwingend", "sozialdaten", "art9", "par203", "rueckmeldung"})
"""The terms whose text is a list of fields."""


def kind_of(key: str) -> Words:
    """The words for a kind; one without words is shown as it is."""
    return KINDS.get(key, Words(key, key))


def term_of(key: str) -> Words:
    """The words for a further term; one without words is shown as it is, without its underscores."""
    plain = key.replace("_", " ").replace(".", ": ")
    return TERMS.get(key, Words(plain, plain))


def reason_of(key: str) -> Words:
    """The words for a reason to return; one without words is shown as it is, without its underscores."""
    plain = key.replace("_", " ")
    return REASONS.get(key, Words(plain, plain))
