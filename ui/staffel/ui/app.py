"""The composed application: the API of `staffel.api`, and the pages, styles and scripts on top."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from staffel.api.app import create_app
from staffel.api.problems import register_page_for_problems
from staffel.api.settings import Settings, read_settings
from staffel.ui.assets import VersionedFiles
from staffel.ui.pages import (
    accounts,
    added_tasks,
    agreements,
    arrivals,
    batches,
    booklets,
    breaking_points,
    cases,
    closing_days,
    comments,
    comparison,
    consents,
    corrections,
    deadlines,
    decisions,
    documents,
    form_editor,
    handovers,
    inbox,
    incidents,
    live,
    models,
    own_account,
    repairs,
    rules_editor,
    search,
    session,
    substitutions,
    tasks,
    tokens,
    unit_contacts,
    units,
    webhooks,
)
from staffel.ui.pages.problems import problem_page

PAGES = (
    session,
    own_account,
    substitutions,
    inbox,
    search,
    tasks,
    cases,
    booklets,
    deadlines,
    closing_days,
    batches,
    handovers,
    models,
    rules_editor,
    form_editor,
    decisions,
    comparison,
    breaking_points,
    comments,
    documents,
    consents,
    arrivals,
    corrections,
    incidents,
    live,
    repairs,
    accounts,
    added_tasks,
    agreements,
    unit_contacts,
    units,
    tokens,
    webhooks,
)


def create_application(settings: Settings | None = None, **composed: Any) -> FastAPI:
    """The whole application. `composed` goes to `create_app` (`database`, `clock`)."""
    app = create_app(settings or read_settings(), **composed)
    for page in PAGES:
        app.include_router(page.router)
    app.mount("/static", VersionedFiles(), name="static")
    register_page_for_problems(app, problem_page)
    return app
