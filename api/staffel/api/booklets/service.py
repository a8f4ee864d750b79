"""The Begleitheft of a case: what the person needs to know, out of what one Stelle may see of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from staffel.api.booklets.schemas import BookletItem, BookletOut, BookletSection, Texts
from staffel.api.cases.queries import find_case, holdings, tasks_of_case, units_by_id
from staffel.api.cases.schemas import CaseSummary
from staffel.api.deadlines.queries import list_deadlines
from staffel.api.deadlines.schemas import DeadlineOut, DeadlineState
from staffel.engine.accounts.contacts import contacts_of, on_one_line
from staffel.engine.actor import Actor
from staffel.engine.calendar import ZONE
from staffel.engine.cases.running import model_of
from staffel.engine.kernel import Program, decode_state
from staffel.engine.library.ahead import next_steps, standing_at
from staffel.engine.library.booklet import GERMAN, Booklet, StepWords, Words, general_words
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Task, TaskStatus, UnitContact

_PLANNED = frozenset({"gesetzlich", "soll", "vereinbart"})
"""Kinds of Fristen by which a person may expect something; internal ones are the Stelle's own business."""
_PERSON = "person"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What is told: the case, its model, where it stands, and what the Stelle that prints knows of it."""

    case: Case
    summary: CaseSummary
    program: Program
    booklet: Booklet
    here: Sequence[str]
    tasks: Sequence[Task]
    deadlines: Sequence[DeadlineOut]
    held: Sequence[tuple[str, datetime]]
    contact: UnitContact | None

    def now(self) -> Iterator[tuple[str, StepWords]]:
        """The steps at which the case stands, as far as there are words for them."""
        for element in self.here:
            if element not in self.program.flows and (words := self.booklet.step(element)):
                yield element, words

    def ahead(self) -> Iterator[StepWords]:
        """The next steps for which there are words."""
        standing = {element for element, _ in self.now()}
        for info in next_steps(self.program, self.here, lambda info: self.booklet.step(info.id) is not None):
            if info.id not in standing and (words := self.booklet.step(info.id)):
                yield words


def read_booklet(
    tx: Transaction, *, actor: Actor, now: datetime, case_id: UUID, languages: Collection[str] = ()
) -> BookletOut:
    """The Begleitheft in German and the languages (`ar`, …). Raises `NotFound`."""
    case, summary = find_case(tx, actor=actor, case_id=case_id)
    wanted = list(dict.fromkeys((GERMAN, *languages)))
    told = _told(tx, actor, now, case, summary)
    words = general_words()
    sections = (
        BookletSection(key=key, title=_in(title, wanted), items=items)
        for key, title in words["titles"].items()
        if (items := [_translated(each, wanted) for each in _SECTIONS[key](told)])
    )
    return BookletOut(
        case_id=case.id,
        reference=case.reference,
        process_name=summary.process_name,
        day=_day(now),
        languages=wanted,
        title=_in(words["texts"]["title"], wanted),
        sections=list(sections),
        closing=[_in(words["texts"][key], wanted) for key in ("no_notice", "fallback")],
        untranslated=_in(words["texts"]["untranslated"], wanted),
    )


def _told(tx: Transaction, actor: Actor, now: datetime, case: Case, summary: CaseSummary) -> _Told:
    model = model_of(tx, case)
    state = decode_state(case.state)
    active = {place.element for place in state.places.values()} | {
        each.element for each in state.waits.values()
    }
    held = [(case.starter_unit, case.started_at), *((u, at) for u, at in holdings(tx, case_id=case.id) if at)]
    units = units_by_id(tx, {unit for unit, _ in held})
    return _Told(
        case=case,
        summary=summary,
        program=model.program,
        booklet=model.booklet,
        here=() if case.ended_at else standing_at(model.program, sorted(active)),
        tasks=tasks_of_case(tx, actor=actor, case_id=case.id),
        deadlines=list_deadlines(tx, actor=actor, now=now, case_id=case.id),
        held=[(units[unit].name, at) for unit, at in held],
        contact=contacts_of(tx, (held[-1][0],)).get(held[-1][0]),
    )


def _about(told: _Told) -> Iterator[BookletItem]:
    yield _labelled("case", value=told.case.reference)
    yield BookletItem(value=told.summary.process_name, detail=_plain(told.booklet.about))


def _holder(told: _Told) -> Iterator[BookletItem]:
    name, since = told.held[-1]
    yield _labelled("office", value=name)
    yield _labelled("since", day=_day(since))
    if any(place in told.program.flows for place in told.here):
        yield _text("handing_over")


def _done(told: _Told) -> Iterator[BookletItem]:
    """The Stellen that held the case, which all of them may know, and the steps of the one that prints."""
    yield BookletItem(text=_label("began"), day=_day(told.case.started_at))
    found = [BookletItem(label=_label("taken_over"), day=_day(at), value=name) for name, at in told.held[1:]]
    steps: dict[str, BookletItem] = {}
    for task in told.tasks:
        words = told.booklet.step(task.element)
        if task.status == TaskStatus.DONE and task.closed_at and words:
            steps[task.element] = BookletItem(text=dict(words.name), day=_day(task.closed_at))
    yield from sorted((*found, *steps.values()), key=lambda each: each.day or date.max)
    if told.case.ended_at:
        yield BookletItem(text=_label("ended"), day=_day(told.case.ended_at))


def _now(told: _Told) -> Iterator[BookletItem]:
    named = False
    for element, words in told.now():
        named = True
        until = _due(told, element)
        yield BookletItem(
            text=dict(words.name),
            detail=_plain(words.text),
            label=_label("planned_by") if until else None,
            day=until,
        )
    if not named and not told.case.ended_at:
        yield _text("in_progress")


def _next(told: _Told) -> Iterator[BookletItem]:
    for words in told.ahead():
        yield BookletItem(text=dict(words.name), detail=_plain(words.text))


def _bring(told: _Told) -> Iterator[BookletItem]:
    steps = [*(words for _, words in told.now()), *told.ahead()]
    found = {words[GERMAN]: words for step in steps for words in step.bring}
    for words in found.values():
        yield BookletItem(text=dict(words))


def _deadlines(told: _Told) -> Iterator[BookletItem]:
    """What the person has to do by when."""
    for each in told.deadlines:
        if (
            each.kind == _PERSON
            and each.due_at
            and each.state in {DeadlineState.RUNNING, DeadlineState.OVERDUE}
        ):
            words = told.booklet.step(each.step)
            yield BookletItem(
                text=dict(words.name) if words else {GERMAN: each.step_name},
                label=_label("do_by"),
                day=_day(each.due_at),
            )


def _ask(told: _Told) -> Iterator[BookletItem]:
    yield _labelled("office", value=told.held[-1][0])
    yield _labelled("contact")
    known = told.contact or UnitContact()
    yield _labelled("phone", value=on_one_line(known.phone) or None)
    if known.mail:
        yield _labelled("mail", value=known.mail)
    reached = " · ".join(
        each for each in (on_one_line(known.address), on_one_line(known.opening_hours)) if each
    )
    yield _labelled("place", value=reached or None)
    yield _text("bring_this")


def _rights(told: _Told) -> Iterator[BookletItem]:
    for words in (*told.booklet.rights, *general_words()["rights"]):
        yield BookletItem(detail=dict(words))


_SECTIONS = {
    "about": _about,
    "holder": _holder,
    "done": _done,
    "now": _now,
    "next": _next,
    "bring": _bring,
    "deadlines": _deadlines,
    "ask": _ask,
    "rights": _rights,
}


def _due(told: _Told, element: str) -> date | None:
    """When the Stelle means to be done with the step."""
    found = (
        each.due_at
        for each in told.deadlines
        if each.step == element
        and each.kind in _PLANNED
        and each.state is DeadlineState.RUNNING
        and each.due_at
    )
    due = min(found, default=None)
    return _day(due) if due else None


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def _label(key: str) -> Texts:
    found: Texts = general_words()["labels"][key]
    return found


def _labelled(key: str, *, day: date | None = None, value: str | None = None) -> BookletItem:
    return BookletItem(label=_label(key), day=day, value=value)


def _text(key: str) -> BookletItem:
    return BookletItem(detail=general_words()["texts"][key])


def _plain(words: Words | None) -> Texts | None:
    return dict(words) if words else None


def _in(words: Words, languages: Sequence[str]) -> Texts:
    return {language: words[language] for language in languages if language in words}


def _translated(item: BookletItem, languages: Sequence[str]) -> BookletItem:
    texts = {name: getattr(item, name) for name in ("text", "detail", "label")}
    return item.model_copy(update={name: _in(each, languages) for name, each in texts.items() if each})
