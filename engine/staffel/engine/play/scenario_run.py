"""Playing a scenario: step by step in memory, until everything holds or the first thing does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from staffel.engine.calendar import ZONE
from staffel.engine.errors import Refusal
from staffel.engine.feel import FeelError
from staffel.engine.feel.values import literal
from staffel.engine.kernel import (
    AcknowledgeHandover,
    Command,
    CompleteWork,
    ExtendDeadline,
    FailWork,
    OfferHandover,
    Program,
    ResumeDeadline,
    ReturnHandover,
    SetVariables,
    SuspendDeadline,
    WithdrawHandover,
    visible_at,
)
from staffel.engine.kernel.timers import moment_of, parse_length
from staffel.engine.play.expectations import Red, case_of, check, feel_value, told_waiting
from staffel.engine.play.player import Player, TooLong
from staffel.engine.play.scenarios import Scenario, Step
from staffel.engine.play.waiting import Waiting

MOST_EVENTS = 20_000
"""How many events a scenario may lead to; a model that goes on for ever must not hold up an upload."""
ON_FRISTEN = frozenset({"hemmen", "fortlaufen", "verlaengern"})
AT_ELEMENTS = ON_FRISTEN | {
    "erledigen", "annehmen", "zurueckgeben", "zurueckziehen", "bestaetigen", "anbieten",
}  # fmt: skip
"""Verbs that are about an element or flow of the model."""

Reader = Callable[[str | None, Mapping[str, Any], Mapping[str, Any], datetime], Mapping[str, Any]]
"""Judges the values of a form (None: there is none), beside those that the case has, at a moment; gives them as FEEL
values; raises a `Refusal`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a scenario is red: at which step, what was expected, what was found. `element` where one is concerned."""

    step: str
    expected_de: str
    expected_en: str
    found_de: str
    found_en: str
    element: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """How a scenario went. `steps` could be done; `fault` is None when all is as expected; `events` it took."""

    scenario: Scenario
    steps: int
    fault: Fault | None
    events: int
    player: Player


def values_as_given(
    _form: str | None, values: Mapping[str, Any], _given: Mapping[str, Any], _now: datetime
) -> Mapping[str, Any]:
    """YAML values as FEEL values, judged by no form; dates stay dates."""
    return {str(name): feel_value(value) for name, value in values.items()}


def _told(refused: Refusal) -> tuple[str, str]:
    """The refusal in German and English; of a form's values with what is wrong about each."""
    fields = refused.details.get("fields") or ()
    if fields:
        german, english = (
            "; ".join(f"{each['field']}: {each[language]}" for each in fields)
            for language in ("text_de", "text_en")
        )
        return german.rstrip("."), english.rstrip(".")
    # without German words of its own a refusal's general text would say nothing: the English one names the place
    own = refused.message_de if refused.message_de != type(refused).text_de else str(refused)
    return own.rstrip("."), str(refused).rstrip(".")


def run_scenario(
    scenario: Scenario,
    programs: Mapping[str, Program],
    process: str,
    *,
    read: Reader = values_as_given,
    most_events: int = MOST_EVENTS,
) -> ScenarioResult:
    """Play a scenario on compiled programs; `process` is meant where the scenario names none."""
    program = programs[process]
    player = Player(program.definitions, parts=program.parts, programs=programs, most_events=most_events)
    run = _Run(player, scenario, process, read)
    fault = run.all()
    return ScenarioResult(scenario, run.done, fault, len(player.trace), player)


class _Run:
    """One scenario being played."""

    def __init__(self, player: Player, scenario: Scenario, process: str, read: Reader) -> None:
        self.player, self.scenario, self.read = player, scenario, read
        self.process = scenario.prozess or process
        self.done = 0

    def all(self) -> Fault | None:
        """Everything, in order; the first fault."""
        fault = self._try("gegeben", self._begin)
        for number, step in enumerate(self.scenario.schritte, 1):
            if fault is not None:
                return fault
            element = step.about if isinstance(step.about, str) and step.verb in AT_ELEMENTS else ""
            fault = self._try(f"{number} ({step})", partial(DOING[step.verb], self, step), element)
            self.done += fault is None
        return fault or self._try("erwartet", partial(check, self.player, self.scenario.erwartet, 1))

    def _try(self, step: str, work: Callable[[], None], element: str = "") -> Fault | None:
        try:
            work()
        except Red as red:
            return Fault(step, *red.expected, *red.found, red.element)
        except Refusal as refused:
            return Fault(step, "der Schritt ist möglich", "the step can be done", *_told(refused), element)
        except FeelError as err:
            return Fault(step, "der Wert ist lesbar", "the value can be read", err.message_de, err.message_en)
        except (TooLong, ValueError, LookupError) as err:
            return Fault(step, "der Schritt ist möglich", "the step can be done", str(err), str(err))
        return None

    def _begin(self) -> None:
        given = self.scenario.gegeben
        if self.process not in self.player.programs:
            known = ", ".join(self.player.programs)
            raise Red(
                (f"ein Prozess „{self.process}“", f"a process '{self.process}'"),
                (f"es gibt: {known}", f"there are: {known}"),
            )
        if given.zeitpunkt is not None:
            self.player.now = self._moment(given.zeitpunkt)
        if not given.ohne_start:
            program = self.player.programs[self.process]
            if given.start is not None and given.start not in {each.element for each in program.starts}:
                known = ", ".join(each.element for each in program.starts)
                raise Red(
                    (f"ein Startereignis „{given.start}“", f"a start event '{given.start}'"),
                    (f"es gibt: {known}", f"there are: {known}"),
                    given.start,
                )
            values = self.judged(program.start_form(given.start), given.variablen)
            self.player.start(self.process, values, element=given.start)

    # steps

    def judged(
        self, form: str | None, values: Mapping[str, Any], given: Mapping[str, Any] = MappingProxyType({})
    ) -> Mapping[str, Any]:
        """The values as FEEL values, judged by the form."""
        return self.read(form, values, given, self.player.now)

    def place(self, step: Step, *kinds: str) -> Waiting:
        """The waiting place that a step is about."""
        for place in self.player.waiting(step.about, case=step.fall):
            if not kinds or place.kind in kinds:
                return place
        wanted = " or ".join(kinds) or "something"
        raise Red(
            (f"an „{step.about}“ wartet etwas ({wanted})", f"{wanted} waits at '{step.about}'"),
            told_waiting(self.player, step.fall),
            step.about,
        )

    def complete(self, step: Step) -> None:
        """Complete a task with its form, a work item, an event; retry an incident."""
        place = self.place(step)
        elements = self.player.cases[place.case].program.elements
        form = elements[place.element].form if place.kind == "task" else None
        given = visible_at(self.player.cases[place.case].state, place.key) if form else {}
        values = self.judged(form, step.werte, given)
        if place.kind == "work":
            self.player.do(place.case, CompleteWork(key=place.key, variables=values))
        else:
            self.player.complete(place.element, values, case=place.case)

    def accept(self, step: Step) -> None:
        """Accept a handover."""
        place = self.place(step, "handover")
        self.player.complete(place.element, self.judged(None, step.werte), case=place.case)

    def on_handover(self, step: Step) -> None:
        """Everything else that is done with a handover."""
        place = self.place(step, "handover")
        match step.verb:
            case "zurueckgeben":
                self.player.do(place.case, ReturnHandover(key=place.key, reason=step.grund))
            case "zurueckziehen":
                self.player.do(place.case, WithdrawHandover(key=place.key, reason=step.grund))
            case "bestaetigen":
                self.player.do(place.case, AcknowledgeHandover(key=place.key))
            case _:
                values = self.judged(None, step.werte)
                self.player.do(place.case, OfferHandover(key=place.key, variables=values))

    def message(self, step: Step) -> None:
        """A message from outside, which somebody must take."""
        values = self.judged(None, step.werte)
        if not self.player.send(step.about, values, correlation=step.schluessel):
            raise Red(
                (f"jemand nimmt die Nachricht „{step.about}“ an", f"somebody takes message '{step.about}'"),
                told_waiting(self.player, None),
            )

    def signal(self, step: Step) -> None:
        """A signal from outside."""
        self.player.signal(step.about, self.judged(None, step.werte))

    def error(self, step: Step) -> None:
        """A task or work item throws a BPMN error."""
        place = self.place(step, "task", "work")
        values = self.judged(None, step.werte)
        self.player.fail(place.element, step.code, case=place.case, **values)

    def fail(self, step: Step) -> None:
        """Work fails for good: an incident."""
        place = self.place(step, "work")
        self.player.do(place.case, FailWork(key=place.key, message=step.grund or "gescheitert", retries=0))

    def set(self, step: Step) -> None:
        """Variables are set by hand."""
        values = self.judged(None, step.about)
        self.player.do(
            case_of(self.player, step.fall or 1), SetVariables(variables=values, reason=step.grund)
        )

    def wait(self, step: Step) -> None:
        """Time passes, and what becomes due on the way fires."""
        if step.verb == "warten":
            length = parse_length(step.about)
            end = length.after(self.player.now) if length is not None else None
        else:
            end = self._moment(step.about)
        if end is None or end < self.player.now:
            now = self.player.now.isoformat()
            raise Red(
                ("eine Dauer wie P3D oder ein späterer Zeitpunkt", "a length such as P3D or a later moment"),
                (f"„{step.about}“ am {now}", f"'{step.about}' at {now}"),
            )
        self.player.pass_time(end - self.player.now)

    def on_frist(self, step: Step) -> None:
        """A Frist stands still from today on, runs on from tomorrow on, or is extended by what the model allows."""
        case = case_of(self.player, step.fall or 1)
        here = [key for key in case.state.fristen if case.state.waits[key].element == step.about]
        if not here:
            raise Red(
                (f"an „{step.about}“ läuft eine Frist", f"a Frist runs at '{step.about}'"),
                told_waiting(self.player, step.fall),
                step.about,
            )
        key, today = here[0], self.player.now.astimezone(ZONE).date()
        deadlines = case.program.elements[step.about].deadlines
        place = next((at for at, (each, _) in enumerate(deadlines) if each.extend), 0)
        commands: Mapping[str, Command] = {
            "hemmen": SuspendDeadline(key=key, place=place, since=today, reason=step.grund),
            "fortlaufen": ResumeDeadline(key=key, place=place, until=today, reason=step.grund),
            "verlaengern": ExtendDeadline(key=key, place=place, reason=step.grund),
        }
        self.player.do(case, commands[step.verb])

    def expect(self, step: Step) -> None:
        """Look in between."""
        if step.erwarten is not None:
            check(self.player, step.erwarten, step.fall or 1)

    def _moment(self, value: Any) -> datetime:
        found = moment_of(value, self.player.now)
        if found is None:
            raise Red(("ein Zeitpunkt", "a moment"), (literal(feel_value(value)), literal(feel_value(value))))
        return found


DOING: Mapping[str, Callable[[_Run, Step], None]] = {
    "erledigen": _Run.complete,
    "annehmen": _Run.accept,
    "zurueckgeben": _Run.on_handover,
    "zurueckziehen": _Run.on_handover,
    "bestaetigen": _Run.on_handover,
    "anbieten": _Run.on_handover,
    "nachricht": _Run.message,
    "signal": _Run.signal,
    "fehler": _Run.error,
    "scheitern": _Run.fail,
    "setzen": _Run.set,
    "warten": _Run.wait,
    "warten_bis": _Run.wait,
    "erwarten": _Run.expect,
    "hemmen": _Run.on_frist,
    "fortlaufen": _Run.on_frist,
    "verlaengern": _Run.on_frist,
}
