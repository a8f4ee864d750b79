"""What a descriptive model lacks until it runs: its findings grouped by the kind of work, in a sensible order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

TITLE_DE: Final = "Damit dieses Modell läuft, fehlt:"
TITLE_EN: Final = "Before this model runs, it lacks:"
_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "task-types": ("Aufgaben eine Art geben", "Give tasks a type"),
    "conditions": ("Bedingungen an Verzweigungen eintragen", "Enter conditions at gateways"),
    "timers": ("Zeitpunkte und Dauern der Zeitereignisse angeben", "State when timers go off"),
    "messages": ("Nachrichten und Signale benennen", "Name messages and signals"),
    "events": ("Bedingte Ereignisse und Verknüpfungen ergänzen", "Complete conditional and link events"),
    "repetitions": ("Wiederholungen begrenzen", "Bound the repetitions"),
    "work": (
        "Regeln, Skripte und aufgerufene Prozesse angeben",
        "Name decisions, scripts and called processes",
    ),
    "lanes": ("Bahnen an Stellen binden", "Bind lanes to organisational units"),
    "forms": ("Formulare beilegen", "Add forms"),
    "executable": ("Den Prozess ausführbar schalten", "Mark the process as executable"),
}
_KINDS: Final[Mapping[str, str]] = {
    "task-type-missing": "task-types",
    "condition-missing": "conditions",
    "default-missing": "conditions",
    "expression-empty": "conditions",
    "timer-missing": "timers",
    "message-missing": "messages",
    "signal-missing": "messages",
    "event-condition-missing": "events",
    "link-target-missing": "events",
    "link-source-missing": "events",
    "loop-bound-missing": "repetitions",
    "decision-missing": "work",
    "decision-unknown": "work",
    "script-missing": "work",
    "script-format-missing": "work",
    "called-process-unknown": "work",
    "lane-unbound": "lanes",
    "form-missing": "forms",
    "form-unknown": "forms",
    "descriptive-model": "executable",
}


class Coded(Protocol):
    """A finding as the engine makes it or as the interface gives it back."""

    @property
    def code(self) -> str:
        """The stable code."""
        ...


Found = TypeVar("Found", bound=Coded)


@dataclass(frozen=True, slots=True)
class Job(Generic[Found]):
    """One kind of work: `kind` is stable, the titles say what to do, `findings` where, as they were given."""

    kind: str
    title_de: str
    title_en: str
    findings: tuple[Found, ...]


def todo_of(findings: Iterable[Found]) -> tuple[Job[Found], ...]:
    """The to-do list of a descriptive model, empty for all others. What is in no job is a fault of its own."""
    found = list(findings)
    if not any(finding.code == "descriptive-model" for finding in found):
        return ()
    jobs = (
        Job(kind, german, english, tuple(each for each in found if _KINDS.get(each.code) == kind))
        for kind, (german, english) in _TITLES.items()
    )
    return tuple(job for job in jobs if job.findings)
