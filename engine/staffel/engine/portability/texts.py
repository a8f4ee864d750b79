"""What is told about a model on SpiffWorkflow, in German and English. All are hints: none keeps a model out of force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from staffel.engine.findings import Finding, Severity
from staffel.engine.portability.messages import Seen
from staffel.engine.portability.preparing import Unknown
from staffel.engine.portability.ways import Act

DIFFERENCES: Final = frozenset(
    (
        "portability-missing",
        "portability-failed",
        "portability-waits",
        "portability-completed",
        "portability-end",
    )
)
MEND: Final = (
    "Nur nötig, wenn das Modell auch auf SpiffWorkflow laufen soll: die Stelle mit den Mitteln zeichnen, die beide kennen.",
    "Only needed if the model is to run on SpiffWorkflow too: draw the place with what both know.",
)


def runs(ways: int) -> Finding:
    """Both agree on all ways."""
    return _hint(
        "runs",
        f"Das Modell läuft auch auf SpiffWorkflow 3.2: Auf {ways} Wegen wartete, erledigte und endete beides gleich.",
        f"The model also runs on SpiffWorkflow 3.2: on {ways} ways both waited, completed and ended alike.",
        mend=("", ""),
    )


def not_loaded(fault: str, element: str) -> Finding:
    """The parser refuses the file."""
    return _hint(
        "not-loaded",
        f"SpiffWorkflow lädt das Modell nicht. Es meldet: {fault}",
        f"SpiffWorkflow does not load the model. It says: {fault}",
        element=element,
    )


def unknown(found: Unknown) -> Finding:
    """An element that it does not execute."""
    german = " Für den Vergleich steht dort ein einfacher Ersatz." if found.replaced else ""
    english = " For the comparison something plain stands there." if found.replaced else ""
    return _hint(
        "unknown",
        f"SpiffWorkflow führt {found.name} nicht aus.{german}",
        f"SpiffWorkflow does not execute {found.name}.{english}",
        element=found.element,
        line=found.line,
    )


def missing(act: Act, path: Sequence[str]) -> Finding:
    """What happens in Staffel cannot happen there."""
    german = "ist die Aufgabe offen und wird erledigt" if act.kind == "do" else "tritt das Ereignis ein"
    english = "the task is open and gets done" if act.kind == "do" else "the event occurs"
    return _hint(
        "missing",
        f"Auf diesem Weg {german}: bei Staffel. Bei SpiffWorkflow wartet hier nichts.",
        f"On this way {english}: on Staffel. On SpiffWorkflow nothing waits here.",
        element=act.at,
        path=path,
    )


def failed(element: str, fault: str, path: Sequence[str]) -> Finding:
    """It raises an error on the way."""
    return _hint(
        "failed",
        f"Auf diesem Weg geht es bei Staffel weiter; SpiffWorkflow bricht ab: {fault}",
        f"On this way Staffel goes on; SpiffWorkflow breaks off: {fault}",
        element=element,
        path=path,
    )


def waits_elsewhere(act: Act, seen: Seen, path: Sequence[str]) -> Finding:
    """Different places wait after an act."""
    element = next(iter(sorted(set(act.open) ^ set(seen.open))))
    return _hint(
        "waits",
        f"Auf diesem Weg wartet danach: bei Staffel {_list(act.open)}, bei SpiffWorkflow {_list(seen.open)}.",
        f"On this way there waits afterwards: on Staffel {_list(act.open)}, on SpiffWorkflow {_list(seen.open)}.",
        element=element,
        path=path,
    )


def completes_other(act: Act, seen: Seen, path: Sequence[str]) -> Finding:
    """Different elements were completed at the end of the way."""
    ours, theirs = set(act.completed) - set(seen.completed), set(seen.completed) - set(act.completed)
    return _hint(
        "completed",
        f"Am Ende dieses Weges ist nur bei Staffel abgeschlossen: {_list(ours)}; nur bei SpiffWorkflow: {_list(theirs)}.",
        f"At the end of this way only Staffel has completed {_list(ours)}; only SpiffWorkflow {_list(theirs)}.",
        element=min(ours | theirs),
        path=path,
    )


def ends_otherwise(act: Act, seen: Seen, path: Sequence[str]) -> Finding:
    """One has ended, the other has not."""
    return _hint(
        "end",
        f"Am Ende dieses Weges ist der Vorgang bei Staffel {_over(act.ended)[0]}, bei SpiffWorkflow {_over(seen.ended)[0]}.",
        f"At the end of this way the case is {_over(act.ended)[1]} on Staffel, {_over(seen.ended)[1]} on SpiffWorkflow.",
        element=path[-1] if path else "",
        path=path,
    )


def undecided(reason: str, gone: int, ways: int, seconds: int, path: Sequence[str]) -> Finding:
    """The fenced process was stopped."""
    german = (
        f"nach {seconds} Sekunden angehalten"
        if reason == "time"
        else "an seinen Grenzen für Speicher und Zeit beendet"
    )
    english = (
        f"stopped after {seconds} seconds" if reason == "time" else "ended at its limits of memory and time"
    )
    return _hint(
        "undecided",
        f"Nicht entschieden: SpiffWorkflow wurde {german}, nach {gone} von {ways} Wegen. Der Weg ist der, auf dem es nicht weiterkam.",
        f"Not decided: SpiffWorkflow was {english}, after {gone} of {ways} ways. The way is the one it did not finish.",
        path=path,
    )


def expressions(number: int) -> Finding:
    """What a run with given answers does not show: the language of the expressions."""
    return _hint(
        "expressions",
        f"{number} Ausdrücke, Skripte oder Fristen sind in FEEL oder Skriptsprache geschrieben. SpiffWorkflow liest sie als Python; "
        "beim Vergleich waren die Antworten vorgegeben.",
        f"{number} expressions, scripts or timers are written in FEEL or a script language. SpiffWorkflow reads them as "
        "Python; in the comparison the answers were given.",
        mend=(
            "Vor dem Austausch übersetzen und dort prüfen.",
            "Translate them before exchanging the model, and check there.",
        ),
    )


def handovers(flows: Sequence[str]) -> Finding:
    """What SpiffWorkflow has nothing like."""
    return _hint(
        "handovers",
        f"SpiffWorkflow kennt keine Übergaben zwischen Stellen; dort geht es ohne Annahme weiter ({len(flows)} Flüsse).",
        f"SpiffWorkflow knows no handovers between Stellen; there the case goes on without acceptance ({len(flows)} flows).",
        element=flows[0],
        mend=(
            "Annahme und Rückgabe dort als eigene Schritte zeichnen.",
            "Draw acceptance and return as steps of their own there.",
        ),
    )


def _hint(
    code: str,
    german: str,
    english: str,
    *,
    element: str = "",
    line: int = 0,
    path: Sequence[str] = (),
    mend: tuple[str, str] = MEND,
) -> Finding:
    return Finding(
        code=f"portability-{code}",
        severity=Severity.HINT,
        text_de=german,
        text_en=english,
        mend_de=mend[0],
        mend_en=mend[1],
        element=element,
        line=line,
        layer="portability",
        path=tuple(path),
    )


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "–"


def _over(ended: bool) -> tuple[str, str]:
    return ("beendet", "over") if ended else ("nicht beendet", "not over")
