"""The findings of soundness: every code with its texts, German and English, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from staffel.engine.findings import Finding, Severity

LAYER = "soundness"


class Text(NamedTuple):
    """What a finding says; `{…}` are filled in."""

    code: str
    severity: Severity
    german: str
    english: str
    mend_german: str
    mend_english: str
    rule: str = ""


_ERROR, _WARNING, _HINT = Severity.ERROR, Severity.WARNING, Severity.HINT

TEXTS: Mapping[str, Text] = {
    "deadlock": Text(
        "deadlock",
        _ERROR,
        "„{name}“ wartet auf {missing}; von dort kann nichts mehr kommen, und der Vorgang bleibt stehen.",
        "'{name}' waits for {missing}; nothing can come from there any more, and the case stands still.",
        "Verzweigung und „{name}“ müssen zueinander passen: Was sich an einem exklusiven Gateway (X) teilt, mit einem "
        "exklusiven zusammenführen, was sich an einem inklusiven (O) teilt, mit einem inklusiven. Also die Art von „{name}“ ändern.",
        "The split and '{name}' must match: join what an exclusive gateway (X) splits by an exclusive one, what an "
        "inclusive one (O) splits by an inclusive one. So change the type of '{name}'.",
        "BPMN 2.0.2 §13.4",
    ),
    "lack-of-synchronisation": Text(
        "lack-of-synchronisation",
        _ERROR,
        "Zu „{name}“ kommen zwei Token zugleich: Was dort folgt, geschieht doppelt.",
        "Two tokens come to '{name}' at the same time: what follows there is done twice.",
        "Die parallelen Zweige vor „{name}“ mit einem parallelen (+) oder inklusiven (O) Gateway zusammenführen.",
        "Join the parallel branches before '{name}' by a parallel (+) or inclusive (O) gateway.",
        "BPMN 2.0.2 §13.3.1, §13.4.1",
    ),
    "dead-element": Text(
        "dead-element",
        _ERROR,
        "„{name}“ wird auf keinem Weg erreicht.",
        "'{name}' is reached in no way.",
        "Die Flüsse davor berichtigen oder das Element entfernen.",
        "Correct the flows before it or remove the element.",
    ),
    "dead-catcher": Text(
        "dead-element",
        _WARNING,
        "Zu „{name}“ kommt es nie: Was es auffängt, tritt nicht ein oder wird weiter innen aufgefangen.",
        "'{name}' never comes about: what it catches does not occur or is caught further inside.",
        "Das Ereignis entfernen oder berichtigen, was es auslösen soll.",
        "Remove the event or correct what is to trigger it.",
    ),
    "dead-handler": Text(
        "dead-element",
        _WARNING,
        "Die Kompensation „{name}“ wird von nichts im Modell ausgelöst.",
        "Nothing in the model triggers the compensation '{name}'.",
        "Ein Kompensations- oder Abbruchereignis zeichnen, das sie auslöst, oder sie entfernen.",
        "Draw a compensation or cancel event that triggers it, or remove it.",
    ),
    "missed-completion": Text(
        "missed-completion",
        _ERROR,
        "Ist der Vorgang bei „{name}“ so angekommen, kann er nicht mehr enden: Alle Wege laufen im Kreis.",
        "Once the case has come to '{name}' in this way it can no longer end: all ways lead in a circle.",
        "Einen Weg aus dem Kreis zu einem Endereignis zeichnen.",
        "Draw a way out of the circle to an end event.",
    ),
    "endless-circle": Text(
        "missed-completion",
        _ERROR,
        "Bei „{name}“ läuft das Modell ohne Halt und ohne Bedingung im Kreis.",
        "At '{name}' the model runs in a circle without stop and without condition.",
        "In den Kreis eine Aufgabe, ein Ereignis oder eine Bedingung zum Verlassen setzen.",
        "Put a task, an event or a condition to leave into the circle.",
    ),
    "error-uncaught": Text(
        "missed-completion",
        _WARNING,
        "Den Fehler, den „{name}“ wirft, fängt in diesem Prozess nichts auf; ruft ihn kein anderer auf, der es tut, "
        "bleibt der Vorgang dort stehen.",
        "Nothing in this process catches the error that '{name}' throws; unless another calls it and does, the case "
        "stands still there.",
        "Ein Fehler-Randereignis an die Aktivität darum setzen oder ein einfaches Endereignis zeichnen.",
        "Put an error boundary event on the activity around it or draw a plain end event.",
        "BPMN 2.0.2 §10.5.6",
    ),
    "standing-still": Text(
        "missed-completion",
        _ERROR,
        "Bei „{name}“ bleibt der Vorgang stehen und kann nicht mehr enden.",
        "The case stands still at '{name}' and can no longer end.",
        "Prüfen, worauf das Element wartet, und einen Weg zum Ende zeichnen.",
        "Look at what the element waits for, and draw a way to the end.",
    ),
    "unbounded-tokens": Text(
        "unbounded-tokens",
        _ERROR,
        "Bei jedem Durchlauf der Schleife kommt zu „{name}“ ein weiteres Token hinzu; es werden beliebig viele.",
        "Every pass of the loop brings another token to '{name}'; there is no limit to them.",
        "Den Rückweg erst nach der Zusammenführung der parallelen Zweige beginnen lassen.",
        "Let the way back begin only after the parallel branches have been joined.",
    ),
    "undecided": Text(
        "soundness-undecided",
        _HINT,
        "Ob „{name}“ immer zu Ende kommt, ist nicht entschieden: Nach {states} Zuständen und {steps} Schritten wurde "
        "die Suche beendet ({reason_de}).",
        "Whether '{name}' always comes to an end is not decided: the search was ended after {states} states and "
        "{steps} steps ({reason_en}).",
        "Parallele Teile in Teilprozesse oder aufgerufene Prozesse legen; dann lässt sich mehr prüfen.",
        "Put parallel parts into sub-processes or called processes; more can be checked then.",
    ),
}


def finding(text: str, element: str, line: int, path: tuple[str, ...] = (), **fill: object) -> Finding:
    """The finding with its texts filled in; `name_de` and `name_en` fill `{name}` of the language."""
    found = TEXTS[text]
    german, english = (
        fill | {key.removesuffix(suffix): value for key, value in fill.items() if key.endswith(suffix)}
        for suffix in ("_de", "_en")
    )
    return Finding(
        code=found.code,
        severity=found.severity,
        text_de=found.german.format(**german),
        text_en=found.english.format(**english),
        mend_de=found.mend_german.format(**german),
        mend_en=found.mend_english.format(**english),
        element=element,
        line=line,
        layer=LAYER,
        rule=found.rule,
        path=path,
    )
