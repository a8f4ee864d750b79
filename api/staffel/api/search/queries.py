"""A search over what the person may see: every part asks the list that shows the same things."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from staffel.api.cases.queries import CaseFilter, list_cases
from staffel.api.models.queries import in_force, list_versions
from staffel.api.models.schemas import VersionSummary
from staffel.api.search.schemas import Found
from staffel.api.tasks.filters import InboxFilter
from staffel.api.tasks.queries import inbox
from staffel.api.tasks.schemas import TaskSummary
from staffel.engine.actor import Actor
from staffel.engine.store import Transaction

SHORTEST = 2
"""Characters below which nothing is looked for: nearly everything would be found."""


def search(tx: Transaction, *, actor: Actor, now: datetime, text: str, limit: int) -> Found:
    """At most `limit` of each kind that have `text` in their name or Aktenzeichen, whatever its case."""
    text = text.strip()
    if len(text) < SHORTEST:
        return Found(cases=[], tasks=[], models=[])
    return Found(
        cases=list_cases(tx, actor=actor, wanted=CaseFilter(reference=text), limit=limit).items,
        tasks=_tasks(tx, actor, now, text, limit),
        models=_models(tx, actor, now, text, limit),
    )


def _tasks(tx: Transaction, actor: Actor, now: datetime, text: str, limit: int) -> list[TaskSummary]:
    found: dict[UUID, TaskSummary] = {}
    for wanted in (InboxFilter(reference=text), InboxFilter(name=text)):
        for task in inbox(tx, actor=actor, now=now, wanted=wanted, limit=limit).items:
            found.setdefault(task.id, task)
    return list(found.values())[:limit]


def _models(tx: Transaction, actor: Actor, now: datetime, text: str, limit: int) -> list[VersionSummary]:
    sought = text.casefold()
    found: dict[str, VersionSummary] = {}
    for version in [*in_force(tx, actor=actor, now=now), *list_versions(tx, actor=actor)]:
        if sought in version.process_name.casefold() or sought in version.process.casefold():
            found.setdefault(version.process, version)
    return list(found.values())[:limit]
