"""The application: settings in, an ASGI application out.

The pages are not known here, because `ui` stands above `api`: `staffel.ui.app.create_application` calls `create_app`
and adds them.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from staffel.api import __version__
from staffel.api.accounts.routes import router as accounts
from staffel.api.added_tasks.routes import router as added_tasks
from staffel.api.agreements.routes import router as agreements
from staffel.api.analysis.routes import router as analysis
from staffel.api.auth.routes import router as auth
from staffel.api.batches.routes import router as batches
from staffel.api.booklets.routes import router as booklets
from staffel.api.breaking_points.routes import router as breaking_points
from staffel.api.cases.routes import router as cases
from staffel.api.changes.routes import router as changes
from staffel.api.changes.streams import Streams
from staffel.api.clock import Clock, utc_now
from staffel.api.closing.routes import router as closing
from staffel.api.comments.routes import router as comments
from staffel.api.consents.routes import router as consents
from staffel.api.corrections.routes import router as corrections
from staffel.api.csrf import check_csrf
from staffel.api.deadlines.routes import router as deadlines
from staffel.api.deadlines.routes import waiting as waiting_deadlines
from staffel.api.decisions.routes import router as decisions
from staffel.api.documents.routes import router as documents
from staffel.api.edge import Edge
from staffel.api.forms.routes import router as forms
from staffel.api.handovers.routes import late_router as late_handovers
from staffel.api.handovers.routes import router as handovers
from staffel.api.health.routes import router as health
from staffel.api.incidents.routes import router as incidents
from staffel.api.mail.routes import router as mail
from staffel.api.messages.routes import router as messages
from staffel.api.models.routes import router as models
from staffel.api.municipalities.routes import router as municipalities
from staffel.api.openapi import install_openapi, operation_id
from staffel.api.problems import install_problem_handlers
from staffel.api.repairs.routes import router as repairs
from staffel.api.search.routes import router as search
from staffel.api.sessions import Attendance
from staffel.api.settings import Settings
from staffel.api.substitutions.routes import router as substitutions
from staffel.api.tasks.routes import router as tasks
from staffel.api.tokens.routes import router as tokens
from staffel.api.webhooks.routes import router as webhooks
from staffel.api.work.routes import router as work
from staffel.engine.documents import Storage
from staffel.engine.store import Database
from staffel.engine.worker import Worker

PREFIX = "/api/v1"
SLICES: tuple[APIRouter, ...] = (
    auth,
    mail,
    tokens,
    accounts,
    municipalities,
    models,
    decisions,
    forms,
    agreements,
    cases,
    deadlines,
    waiting_deadlines,
    closing,
    booklets,
    comments,
    consents,
    corrections,
    documents,
    batches,
    tasks,
    added_tasks,
    changes,
    search,
    substitutions,
    handovers,
    late_handovers,
    messages,
    webhooks,
    work,
    incidents,
    repairs,
    analysis,
    breaking_points,
    health,
)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    documents: Storage | None = None,
    clock: Clock = utc_now,
) -> FastAPI:
    """Build the application. Without `database` it opens the one of the settings and closes it at the end.

    Without `documents` their contents lie where the settings say.
    """
    app = FastAPI(
        version=__version__,
        lifespan=_lifespan,
        dependencies=[Depends(check_csrf)],
        generate_unique_id_function=operation_id,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.attendance = Attendance()
    app.state.database = database or Database(settings.database_url)
    app.state.owns_database = database is None
    app.state.streams = Streams(app.state.database)
    app.state.endpoints = settings.endpoint_names()
    app.state.documents = documents or settings.document_storage()
    for router in SLICES:
        app.include_router(router, prefix=PREFIX)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(Edge, settings=settings)
    install_problem_handlers(app)
    install_openapi(app)
    return app


def _worker(app: FastAPI) -> Worker:
    """Raises `SettingsError` where the worker runs in the server and something that it needs is missing."""
    settings: Settings = app.state.settings
    return Worker(
        app.state.database,
        app.state.clock,
        mail=settings.mail_server(),
        documents=app.state.documents,
        endpoints=settings.callable_endpoints() if settings.worker_in_server else None,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Run the worker beside the server where the settings say so; close the database that was opened here."""
    stop = threading.Event()
    _ = app.state.settings.webhook_key  # a short one is told at once
    worker = threading.Thread(target=_worker(app).run, args=(stop,), name="staffel-worker")
    if app.state.settings.worker_in_server:
        worker.start()
    try:
        yield
    finally:
        app.state.streams.stop()
        stop.set()
        if worker.ident is not None:
            await run_in_threadpool(worker.join)
        if app.state.owns_database:
            app.state.database.close()
