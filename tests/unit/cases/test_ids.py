from __future__ import annotations

from datetime import UTC, datetime, timedelta

from staffel.engine.store import new_id

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_ids_are_uuids_of_version_7_with_the_time_in_front() -> None:
    made = new_id(NOW)

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(NOW.timestamp() * 1000)


def test_ids_of_one_millisecond_grow_and_differ() -> None:
    made = [new_id(NOW) for _ in range(1000)]

    assert made == sorted(set(made))


def test_later_ids_sort_behind() -> None:
    assert new_id(NOW) < new_id(NOW + timedelta(milliseconds=1))
