"""Working days and Fristen of German administrative law for North Rhine-Westphalia; no clock, no I/O."""

from staffel.engine.calendar.fristen import Calendar, DeadlineKind
from staffel.engine.calendar.lengths import Length, Unit, parse_length
from staffel.engine.calendar.working import OFFICE_HOURS, ZONE, OfficeHours, holiday_name

__all__ = [
    "OFFICE_HOURS",
    "ZONE",
    "Calendar",
    "DeadlineKind",
    "Length",
    "OfficeHours",
    "Unit",
    "holiday_name",
    "parse_length",
]
