"""How dates, spans of time and values are written. Times are shown as clocks in the agencies show them (Europe/Berlin)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from staffel.ui.language import Language
from staffel.ui.language import marked as _

ZONE = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
MINUTE = 60
HOUR = 60 * MINUTE
DAY_SECONDS = 24 * HOUR


def local(moment: datetime) -> datetime:
    """The moment on the local clock; a time without zone is UTC, as the store keeps it."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZONE)


def day(value: date | datetime | None, language: Language) -> str:
    """`24.11.2026`."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = local(value).date()
    return format_date(
        value, "dd.MM.yyyy" if language is Language.DE else "d MMM yyyy", locale=language.locale
    )


def moment(value: datetime | None, language: Language) -> str:
    """`24.11.2026, 14:05 Uhr`."""
    if value is None:
        return "–"
    pattern = "dd.MM.yyyy, HH:mm 'Uhr'" if language is Language.DE else "d MMM yyyy, HH:mm"
    return format_datetime(local(value), pattern, locale=language.locale)


def number(value: float | Decimal, digits: int = 1, *, language: Language) -> str:
    """`1.234,5`."""
    rounded = round(float(value), digits)
    return format_decimal(rounded, locale=language.locale)


def amount(value: float | Decimal, language: Language) -> str:
    """`1.234,50`: with cents; a fraction of a cent stays as it is, for whoever corrects it."""
    return format_decimal(value, "#,##0.00####", locale=language.locale)


def size(value: int, language: Language) -> str:
    """`120 B`, `12,3 KB` or `4,5 MB`."""
    for unit, length in (("MB", 1_000_000), ("KB", 1_000)):
        if value >= length:
            return f"{number(value / length, language=language)} {unit}"
    return f"{value} B"


def relative_day(value: date | datetime, now: datetime, language: Language) -> str:
    """How far a day is from today: `heute`, `morgen`, `in 3 Tagen`, `seit 2 Tagen`."""
    target = local(value).date() if isinstance(value, datetime) else value
    days = (target - local(now).date()).days
    match days:
        case 0:
            return language.text("heute")
        case 1:
            return language.text("morgen")
        case -1:
            return language.text("gestern")
        case _ if days > 0:
            return language.plural("in %(num)s Tag", "in %(num)s Tagen", days)
        case _:
            return language.plural("vor %(num)s Tag", "vor %(num)s Tagen", -days)


def lasting(seconds: float | timedelta, language: Language) -> str:
    """A length of time after `seit` and `nach`: `12 Tagen`."""
    return span(seconds, language, after_since=True)


def span(seconds: float | timedelta | None, language: Language, *, after_since: bool = False) -> str:
    """A length of time in the unit that says most: `12 Tage`, `3,5 Std.`, `20 Min.`."""
    if seconds is None:
        return "–"
    if isinstance(seconds, timedelta):
        seconds = seconds.total_seconds()
    if seconds >= DAY_SECONDS:
        days = seconds / DAY_SECONDS
        digits = 1 if days < 10 else 0
        shown = number(days, digits, language=language)
        if shown == "1":
            return language.text("%(number)s Tag", number=shown)
        several = _("%(number)s Tagen") if after_since else _("%(number)s Tage")
        return language.text(several, number=shown)
    if seconds >= HOUR:
        return language.text("%(number)s Std.", number=number(seconds / HOUR, language=language))
    if seconds >= MINUTE:
        return language.text("%(number)s Min.", number=number(seconds / MINUTE, 0, language=language))
    return language.text("unter 1 Min.")


def days(seconds: float | None, language: Language) -> str:
    """A length of time as a plain number of days for tables whose heading names the unit."""
    return "–" if seconds is None else number(seconds / DAY_SECONDS, language=language)


def value(given: Any, language: Language) -> str:  # noqa: PLR0911 - a line for each kind of value
    """A process value for reading; lists and records as `name: value` joined by semicolons."""
    match given:
        case None | "":
            return "–"
        case bool():
            return language.text("ja") if given else language.text("nein")
        case datetime():
            return moment(given, language)
        case date():
            return day(given, language)
        case time():
            return given.isoformat("minutes")
        case int() | float() | Decimal():
            return format_decimal(given, locale=language.locale)
        case Mapping():
            return "; ".join(f"{name}: {value(item, language)}" for name, item in given.items())
        case list() | tuple():
            return "; ".join(value(item, language) for item in given)
        case str():
            return _dated(given, language)
        case _:
            return str(given)


def _dated(text: str, language: Language) -> str:
    """An ISO date is shown as a date; any other text as it is."""
    if len(text) == len("2026-11-24") and text[4] == text[7] == "-":
        try:
            return day(date.fromisoformat(text), language)
        except ValueError:
            return text
    return text
