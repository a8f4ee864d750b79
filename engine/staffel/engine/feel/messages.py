"""Why a value became null: the texts, German and English, by stable code. `{0}`, `{1}` … are what was found."""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[str, tuple[str, str]] = {
    "unknown-name": (
        "Der Name „{0}“ ist nicht bekannt.{1}",
        "The name '{0}' is not known.{2}",
    ),
    "unknown-function": (
        "Die Funktion „{0}“ ist nicht bekannt.{1}",
        "The function '{0}' is not known.{2}",
    ),
    "not-a-function": ("„{0}“ ist keine Funktion.", "'{0}' is not a function."),
    "argument-count": (
        "Die Funktion „{0}“ erwartet {1}, gefunden: {2} Werte.",
        "The function '{0}' expects {1}, found {2} arguments.",
    ),
    "argument-name": (
        "Die Funktion „{0}“ hat keinen Parameter „{1}“; sie erwartet {2}.",
        "The function '{0}' has no parameter '{1}'; it expects {2}.",
    ),
    "argument-type": (
        "Der Parameter „{1}“ der Funktion „{0}“ erwartet {2}, gefunden: {3}.",
        "The parameter '{1}' of the function '{0}' expects {2}, found {3}.",
    ),
    "argument-value": (
        "Die Funktion „{0}“ kann mit {1} nichts anfangen.",
        "The function '{0}' cannot work with {1}.",
    ),
    "operand-types": (
        "„{0}“ lässt sich nicht auf {1} und {2} anwenden.{3}",
        "'{0}' cannot be applied to {1} and {2}.{4}",
    ),
    "operand-type": ("„{0}“ lässt sich nicht auf {1} anwenden.", "'{0}' cannot be applied to {1}."),
    "not-boolean": (
        "Erwartet wird wahr oder falsch, gefunden: {0}.",
        "Expected true or false, found {0}.",
    ),
    "method-call": (
        "FEEL ruft keine Funktion „{0}“ an einem Wert auf.{1}",
        "FEEL calls no function '{0}' on a value.{2}",
    ),
    "literal-value": (
        "{0}(…) ergibt mit „{1}“ immer null.{2}",
        "{0}(…) of '{1}' is always null.{3}",
    ),
    "text-in-computation": (
        "Mit dem Text „{0}“ lässt sich nicht rechnen.{1}",
        "The text '{0}' cannot be computed with.{2}",
    ),
    "null-order": (
        "Ein Vergleich mit „{0} null“ ist immer null. Erlaubt sind „= null“ und „!= null“.",
        "A comparison '{0} null' is always null. Use '= null' or '!= null'.",
    ),
    "position-zero": (
        "Listen zählen ab 1; an der Stelle 0 steht nichts. Das erste Element: list[1], das letzte: list[-1].",
        "Lists count from 1; there is nothing at 0. The first item is list[1], the last is list[-1].",
    ),
    "division-by-zero": ("Division durch null.", "Division by zero."),
    "number-range": (
        "Das Ergebnis ist keine darstellbare Zahl.",
        "The result is not a number that can be represented.",
    ),
    "date-range": (
        "Das Ergebnis ist kein darstellbares Datum.",
        "The result is not a date that can be represented.",
    ),
    "no-such-entry": (
        "Es gibt keinen Eintrag „{0}“.{1}",
        "There is no entry '{0}'.{2}",
    ),
    "no-such-property": ("{1} hat keine Eigenschaft „{0}“.", "{1} has no property '{0}'."),
    "index-range": (
        "Die Liste mit {1} Einträgen hat keine Stelle {0}.",
        "The list of {1} items has no position {0}.",
    ),
    "duplicate-key": ("Der Eintrag „{0}“ kommt mehrfach vor.", "The entry '{0}' occurs more than once."),
    "external-function": (
        "Externe Funktionen werden nicht ausgeführt.",
        "External functions are not executed.",
    ),
    "not-iterable": (
        "Erwartet wird eine Liste oder ein Bereich, gefunden: {0}.",
        "Expected a list or a range, found {0}.",
    ),
    "range-bounds": (
        "Ein Bereich von {0} bis {1} ist nicht möglich.",
        "A range from {0} to {1} is not possible.",
    ),
    "no-clock": (
        "Hier ist keine aktuelle Zeit verfügbar.",
        "No current time is available here.",
    ),
    "bad-pattern": (
        "Das Muster „{0}“ ist nicht gültig: {1}.",
        "The pattern '{0}' is not valid: {2}.",
    ),
    "result-type": (
        "Das Ergebnis ist nicht vom Typ {0}, gefunden: {1}.",
        "The result is not of type {0}, found {1}.",
    ),
    "value-type": (
        "„{0}“ ist nicht vom Typ {1}, gefunden: {2}.",
        "'{0}' is not of type {1}, found {2}.",
    ),
    "value-not-allowed": (
        "„{0}“ darf nicht {1} sein.",
        "'{0}' must not be {1}.",
    ),
    "input-missing": ("Die Eingabe „{0}“ fehlt.", "The input '{0}' is missing."),
    "hit-policy": (
        "Die Trefferregel {0} ist verletzt: es treffen die Regeln {1} zu.",
        "The hit policy {0} is violated: the rules {1} match.",
    ),
    "missing-part": (
        "Der Ausdruck „{0}“ fehlt oder ist fehlerhaft.",
        "The expression '{0}' is missing or faulty.",
    ),
}
