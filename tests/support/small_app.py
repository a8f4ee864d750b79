"""A tiny application with the whole edge, for tests that need no database."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client would rather have another client library
    from starlette.testclient import TestClient

from starlette.responses import PlainTextResponse

from staffel.api.csrf import check_csrf, csrf_token
from staffel.api.edge import Edge
from staffel.api.problems import install_problem_handlers
from staffel.api.settings import Settings
from staffel.engine.errors import Refusal

SETTINGS = Settings(max_body=2_000, max_upload=5_000)


class _Note(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str


class _Closed(Refusal):
    """The case is closed."""

    code = "case-closed"
    text_de = "Der Vorgang ist beendet."


@pytest.fixture
def small_app() -> FastAPI:
    """An application with the whole edge and no database."""
    app = FastAPI(dependencies=[Depends(check_csrf)], openapi_url=None)
    app.state.settings = SETTINGS
    app.add_middleware(Edge, settings=SETTINGS)
    install_problem_handlers(app)

    @app.post("/api/notes")
    def write(note: _Note) -> str:
        return note.text

    @app.post("/form")
    async def form(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str((await request.form())["text"]))

    @app.get("/token")
    def token(request: Request) -> PlainTextResponse:
        return PlainTextResponse(csrf_token(request))

    @app.get("/api/closed")
    def closed() -> None:
        raise _Closed(found="x")

    @app.get("/api/bug")
    def bug() -> None:
        raise KeyError("secret of the inside")

    @app.get("/api/things/{number}")
    def thing(number: int) -> int:
        return number

    return app


@pytest.fixture
def small(small_app: FastAPI) -> Iterator[TestClient]:
    with TestClient(small_app, base_url="http://localhost") as client:
        yield client
