"""Working days and Fristen of German administrative law for North Rhine-Westphalia; no clock, no I/O."""

from staffel.engine.calendar.course import NEVER, Pause, need_running, runs_in_days
from staffel.engine.calendar.fristen import Calendar, DeadlineKind
from staffel.engine.calendar.lengths import Length, Unit, parse_length
from staffel.engine.calendar.working import OFFICE_HOURS, ZONE, OfficeHours, holiday_name

__all__ = [
    "NEVER",
    "OFFICE_HOURS",
    "ZONE",
    "Calendar",
    "DeadlineKind",
    "Length",
    "OfficeHours",
    "Pause",
    "Unit",
    "holiday_name",
    "need_running",
    "parse_length",
    "runs_in_days",
]
