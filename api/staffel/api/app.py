"""The application: settings in, an ASGI application out.

The pages are not known here, because `ui` stands above `api`: `staffel.ui.app.create_application` calls `create_app`
and adds them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from staffel.api import __version__
from staffel.api.accounts.routes import router as accounts
from staffel.api.auth.routes import router as auth
from staffel.api.clock import Clock, utc_now
from staffel.api.csrf import check_csrf
from staffel.api.edge import Edge
from staffel.api.health.routes import router as health
from staffel.api.municipalities.routes import router as municipalities
from staffel.api.openapi import install_openapi, operation_id
from staffel.api.problems import install_problem_handlers
from staffel.api.sessions import Attendance
from staffel.api.settings import Settings
from staffel.api.tokens.routes import router as tokens
from staffel.engine.store import Database

PREFIX = "/api/v1"
SLICES: tuple[APIRouter, ...] = (auth, tokens, accounts, municipalities, health)


def create_app(settings: Settings, *, database: Database | None = None, clock: Clock = utc_now) -> FastAPI:
    """Build the application. Without `database` it opens the one of the settings and closes it at the end."""
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
    for router in SLICES:
        app.include_router(router, prefix=PREFIX)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(Edge, settings=settings)
    install_problem_handlers(app)
    install_openapi(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    if app.state.owns_database:
        app.state.database.close()
