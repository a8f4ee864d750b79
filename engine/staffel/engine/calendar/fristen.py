"""When a Frist ends, and how that was computed (§§ 187–193 BGB, § 31 VwVfG, § 26 SGB X)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from staffel.engine.calendar.course import (
    NEVER,
    Pause,
    Span,
    counts_working_days,
    extension_of,
    joined,
    need_running,
)
from staffel.engine.calendar.lengths import Length, Unit, parse_length
from staffel.engine.calendar.working import (
    OFFICE_HOURS,
    ZONE,
    Days,
    OfficeHours,
    count_working_days,
    count_working_seconds,
    holiday_name,
    step_working_days,
    why_free,
)

_ANNOUNCED_AFTER = 4
_DAY = timedelta(days=1)
_PERIOD = {
    Unit.MONTHS: "Monatsfrist",
    Unit.YEARS: "Jahresfrist",
    Unit.WEEKS: "Wochenfrist",
    Unit.DAYS: "Tagesfrist",
}


class DeadlineKind(StrEnum):
    """Who sets the Frist (DOMAIN §2.0.2); closing days count only for agreed and internal ones."""

    STATUTORY = "gesetzlich"
    TARGET = "soll"
    AGREED = "vereinbart"
    INTERNAL = "intern"
    PERSON = "person"

    @property
    def is_local(self) -> bool:
        """Whether the agencies themselves set it, so that their closing days count."""
        return self in {DeadlineKind.AGREED, DeadlineKind.INTERNAL}


@dataclass(frozen=True, slots=True)
class _Terms:
    """How a Frist is counted."""

    length: Length
    kind: DeadlineKind
    shift: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar of a Stelle: NRW's public holidays and its own closing days (Rosenmontag, Betriebsausflug)."""

    closing_days: Days = frozenset()

    def due(
        self, start: datetime | date, length: str, *, kind: str, shift: bool | None = None
    ) -> tuple[datetime, tuple[str, ...]]:
        """The last microsecond of the Frist in UTC, and the steps that led there, in German.

        The day of the event does not count (§ 187(1) BGB, § 31(2) VwVfG). `shift` None: an end on a day off moves to the
        next working day, as § 31(3) VwVfG, § 26(3) SGB X and § 193 BGB have it; False for periods of benefits,
        which end as they end (§ 31(4) VwVfG, § 26(4) SGB X). A Frist before an anchor (`-20AT`) ends on the working
        day before instead, so that nothing of it is lost. Raises `ValueError` for what cannot be read.
        """
        deadline_kind, parsed = _kind(kind), parse_length(length)
        begin = _local(start)
        try:
            if parsed.exact:
                return self._moment(begin, parsed)
            return _by_days(self, begin.date(), parsed, deadline_kind, shift is not False)
        except OverflowError as error:
            raise ValueError(f"The Frist '{length}' from {begin:%d.%m.%Y} leaves the calendar.") from error

    def course(
        self,
        start: datetime | date,
        length: str,
        *,
        kind: str,
        shift: bool | None = None,
        pauses: Sequence[Pause] = (),
        extension: str = "",
    ) -> tuple[datetime, tuple[str, ...]]:
        """As `due`, of a Frist that was suspended or extended; `NEVER` while it is suspended until further notice.

        Suspended days are not counted in (§ 209 BGB): as many follow at the end, before that moves off a day off. Of a
        Frist in working days these are working days. The `extension`, a length or a new last day, is counted from the
        end of the Frist as it was (§ 190 BGB). Pauses that begin later than the Frist ends change nothing.
        """
        if not pauses and not extension:
            return self.due(start, length, kind=kind, shift=shift)
        deadline_kind, parsed = _kind(kind), parse_length(length)
        need_running(parsed)
        try:
            return self._course(_Terms(parsed, deadline_kind, shift is not False), start, pauses, extension)
        except OverflowError as error:
            raise ValueError(
                f"The Frist '{length}' from {_local(start):%d.%m.%Y} leaves the calendar."
            ) from error

    def period_end(self, first_day: date, length: str) -> date:
        """The last day of a period whose first day counts, such as benefits from the 1st (§§ 187(2), 188 BGB).

        It does not shift: § 26(4) SGB X, § 31(4) VwVfG.
        """
        parsed = parse_length(length)
        if parsed.back or parsed.announced or len(parsed.parts) != 1 or parsed.parts[0][1] not in _PERIOD:
            raise ValueError(f"Expected a period such as 10T, 2W, 6M or 1J, found '{length}'.")
        count, unit = parsed.parts[0]
        if unit in {Unit.DAYS, Unit.WEEKS} or first_day.day == 1:
            return self._step(first_day, count, unit, local=False) - _DAY
        same_number = first_day - _DAY  # the day whose number decides; the month's last where it is missing
        return self._step(same_number, count, unit, local=False)

    def is_working_day(self, day: date, *, local: bool = True) -> bool:
        """Whether the Stelle works; `local` False leaves its closing days aside."""
        return why_free(day, self._closing(local)) is None

    def add_working_days(self, day: date, count: int, *, local: bool = True) -> date:
        """The `count`-th working day after `day` (before it when negative)."""
        return step_working_days(day, count, self._closing(local))

    def working_days_between(self, after: date, until: date, *, local: bool = True) -> int:
        """Working days later than `after`, up to and including `until`; negative when `until` comes first."""
        return count_working_days(after, until, self._closing(local))

    def working_seconds_between(
        self, start: datetime, end: datetime, hours: OfficeHours = OFFICE_HOURS
    ) -> float:
        """Seconds of opening time between two aware moments; a change of the clocks is counted as it was lived."""
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError("Expected moments with a time zone.")
        return count_working_seconds(start, end, self.closing_days, hours)

    def _closing(self, local: bool) -> Days:
        return self.closing_days if local else frozenset()

    def _counted(
        self, begin: date, length: Length, kind: DeadlineKind, steps: list[str]
    ) -> tuple[date, date]:
        """The day of the event, and the last day by the length alone."""
        if length.announced:
            begin += _ANNOUNCED_AFTER * _DAY
            steps.append(f"Bekanntgabe 4. Tag: {_text(begin)} (§ 41 Abs. 2 VwVfG, § 37 Abs. 2 SGB X)")
        day = self._after(begin, length, kind)
        steps.append(_counted(begin, day, length, self._free(begin, day, kind, length)))
        return begin, day

    def _after(self, day: date, length: Length, kind: DeadlineKind) -> date:
        sign = -1 if length.back else 1
        for count, unit in length.parts:
            day = self._step(day, sign * count, unit, local=kind.is_local)
        return day

    def _course(
        self, terms: _Terms, start: datetime | date, pauses: Sequence[Pause], extension: str
    ) -> tuple[datetime, tuple[str, ...]]:
        steps: list[str] = []
        begin, day = self._counted(_local(start).date(), terms.length, terms.kind, steps)
        left = joined(pauses, begin)
        end: date | None = self._suspended(day, left, terms, steps)
        if extension and end is not None:
            end = self._extended(self._moved(end, terms, steps), extension, terms, steps)
            end = self._suspended(end, left, terms, steps)
        steps += [f"Gehemmt {span} ohne Wirkung: Die Frist war schon abgelaufen" for span in left]
        return (_end_of(self._moved(end, terms, steps)) if end is not None else NEVER), tuple(steps)

    def _suspended(self, day: date, spans: list[Span], terms: _Terms, steps: list[str]) -> date | None:
        """The end moved by the days of the spans that begin before it, which are taken; None: not known yet."""
        while spans and spans[0].first <= self._moved(day, terms, []):
            span = spans.pop(0)
            if span.first > day:  # it ran on until then, for its last day was none (§ 193 BGB)
                day = self._moved(day, terms, steps)
            if span.last is None:
                spans.clear()
                steps.append(f"Gehemmt {span}: {span.why}. Das Ende steht fest, wenn die Frist weiterläuft")
                return None
            if counts_working_days(terms.length):
                closing = self._closing(terms.kind.is_local)
                count = count_working_days(span.first - _DAY, span.last, closing)
                day, unit = step_working_days(day, count, closing), "Arbeitstag"
            else:
                count = (span.last - span.first).days + 1
                day, unit = day + count * _DAY, "Tag"
            days = f"{count} {unit}{'e' * (count != 1)}"
            steps.append(f"Gehemmt {span}, {days}: {span.why}. Neues Ende {_text(day)} (§ 209 BGB)")
        return day

    def _extended(self, day: date, extension: str, terms: _Terms, steps: list[str]) -> date:
        found = extension_of(extension)
        if isinstance(found, Length):
            end = self._after(day, found, terms.kind)
            steps.append(f"Verlängert um {found} ab {_text(day)}: {_text(end)} (§ 190 BGB)")
            return end
        if found > day:
            steps.append(f"Verlängert vom {_text(day)} auf den {_text(found)} (§ 190 BGB)")
        else:
            steps.append(f"Verlängert auf den {_text(found)}; das Ende liegt nicht mehr davor")
        return max(day, found)

    def _moved(self, day: date, terms: _Terms, steps: list[str]) -> date:
        return self._shifted(day, terms.length, terms.kind, steps) if terms.shift else day

    def _step(self, day: date, count: int, unit: Unit, *, local: bool) -> date:
        match unit:
            case Unit.WORKING_DAYS:
                return step_working_days(day, count, self._closing(local))
            case Unit.WEEKS:
                return day + 7 * count * _DAY
            case Unit.MONTHS:
                return add_months(day, count)
            case Unit.YEARS:
                return add_months(day, 12 * count)
            case _:
                return day + count * _DAY

    def _free(self, begin: date, day: date, kind: DeadlineKind, length: Length) -> str:
        """The holidays and closing days that a count of working days left out."""
        if all(unit is not Unit.WORKING_DAYS for _, unit in length.parts):
            return ""
        first, last = min(begin, day), max(begin, day)
        between = (first + n * _DAY for n in range((last - first).days + 1))
        closing = self._closing(kind.is_local)
        names = [
            f"{holiday_name(each) or 'Schließtag'} {each:%d.%m.}"
            for each in between
            if each.weekday() < 5 and each != begin and why_free(each, closing) is not None
        ]
        return ", ".join(names)

    def _shifted(self, day: date, length: Length, kind: DeadlineKind, steps: list[str]) -> date:
        closing = self._closing(kind.is_local)
        reason = why_free(day, closing)
        if reason is None:
            return day
        moved = step_working_days(day, -1 if length.back else 1, closing)
        basis = "§ 193 BGB" if kind.is_local else "§ 31 Abs. 3 VwVfG, § 26 Abs. 3 SGB X"
        turn = "Frist läuft rückwärts, also schon" if length.back else "also"
        steps.append(f"{_text(day)} ist {reason}, {turn} {_text(moved)} ({basis})")
        return moved

    def _moment(self, begin: datetime, length: Length) -> tuple[datetime, tuple[str, ...]]:
        """A length with hours: exact, in lived time; whole days before it on the wall clock."""
        sign = -1 if length.back else 1
        if length.announced:
            raise ValueError("A Frist that begins with the Bekanntgabe is counted in days, not hours.")
        day = begin.date()
        seconds = 0
        for count, unit in length.parts:
            if unit is Unit.SECONDS:
                seconds = count
            else:
                day = self._step(day, sign * count, unit, local=False)
        at = datetime.combine(day, begin.timetz()).astimezone(UTC) + timedelta(seconds=sign * seconds)
        return at, (f"{length} {'vor' if length.back else 'nach'} dem {begin:%d.%m.%Y, %H:%M} Uhr",)


@lru_cache(maxsize=4096)
def _by_days(
    calendar: Calendar, begin: date, length: Length, kind: DeadlineKind, shift: bool
) -> tuple[datetime, tuple[str, ...]]:
    """The end of a Frist in whole days and the way there; the Fristen of a day are much the same in every case."""
    steps: list[str] = []
    _, day = calendar._counted(begin, length, kind, steps)
    if shift:
        day = calendar._shifted(day, length, kind, steps)
    return _end_of(day), tuple(steps)


def add_months(day: date, count: int) -> date:
    """The day with the same number `count` months later, else the month's last (§ 188(2), (3) BGB)."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"year {year}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _kind(text: str) -> DeadlineKind:
    try:
        return DeadlineKind(text)
    except ValueError:
        known = ", ".join(DeadlineKind)
        raise ValueError(f"Expected a kind of Frist ({known}), found '{text}'.") from None


def _local(start: datetime | date) -> datetime:
    if not isinstance(start, datetime):
        return datetime.combine(start, time(), ZONE)
    if start.tzinfo is None:
        raise ValueError(f"Expected a moment with a time zone or a date, found {start.isoformat()}.")
    return start.astimezone(ZONE)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, ZONE).astimezone(UTC)


def _text(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _counted(begin: date, day: date, length: Length, free: str) -> str:
    without = f", ohne {free}" if free else ""
    if length.back:
        return f"{length} vor dem {_text(begin)}: {_text(day)}{without}"
    if len(length.parts) > 1 or length.parts[0][1] not in _PERIOD:
        return f"{length} nach dem {_text(begin)}: {_text(day)}{without} (§ 187 Abs. 1 BGB)"
    count, unit = length.parts[0]
    name = _PERIOD[unit] if count == 1 else f"Frist ({length})"
    if unit is Unit.DAYS:
        return f"{name} ab {_text(begin)} endet {_text(day)} (§§ 187 Abs. 1, 188 Abs. 1 BGB)"
    missing = unit in {Unit.MONTHS, Unit.YEARS} and day.day != begin.day
    rule = "Abs. 3 BGB: Monatsletzter" if missing else "Abs. 2 BGB"
    return f"{name} ab {_text(begin)} endet {_text(day)} (§ 188 {rule})"
