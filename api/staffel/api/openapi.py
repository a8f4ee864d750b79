"""The OpenAPI document: complete, with readable operation ids and the problems that every route can answer with."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from staffel.api.problems import MEDIA_TYPE, Problem
from staffel.api.sessions import cookie_name
from staffel.engine.analysis import Comparison

DESCRIPTION = """
Staffel runs the service processes that several agencies of a municipality carry out together.

**Signing in.** Programs send `Authorization: Bearer TOKEN` (see *tokens*). Browsers use the session cookie that
`POST /api/v1/auth/login` sets; requests that change something then carry the token of `GET /api/v1/auth/me` in
`X-CSRF-Token`.

**Rights.** What you may not see answers like what does not exist (404). What you may see but not do answers 403.

**Errors** are `application/problem+json`; `code` is stable. 409 means that the case has moved on or that a rule says no.

**Lists** come in pages: give `next` of one page as `cursor` of the following request.
"""
TAGS: list[dict[str, str]] = [
    {"name": "auth", "description": "Signing in and out; who am I"},
    {"name": "tokens", "description": "Bearer tokens for programs"},
    {"name": "accounts", "description": "People and their Stellen (administration)"},
    {"name": "municipalities", "description": "Municipalities, Stellen and who is competent for what"},
    {"name": "models", "description": "Processes: upload, check, put in force"},
    {"name": "cases", "description": "Cases (Vorgänge): start, look, cancel"},
    {
        "name": "deadlines",
        "description": "Fristen of a case: how they were computed; suspend, resume, extend",
    },
    {"name": "comments", "description": "Comments at a case and notes to the next Stelle"},
    {"name": "corrections", "description": "Corrected values, told to those who received them"},
    {"name": "documents", "description": "Documents (Unterlagen) of a case that one's own Stelle holds"},
    {"name": "batches", "description": "Sammelstart: many cases from one table"},
    {"name": "tasks", "description": "Tasks of one's Stellen: inbox, claim, fill in, complete"},
    {"name": "substitutions", "description": "Who takes over whose tasks during an absence"},
    {"name": "handovers", "description": "Handovers (Übergaben) between Stellen"},
    {"name": "messages", "description": "Messages and signals from outside"},
    {"name": "work", "description": "Service tasks for outside programs: fetch and lock"},
    {"name": "incidents", "description": "Cases that cannot go on by themselves"},
    {"name": "analysis", "description": "Durations and the comparison of municipalities; never of people"},
    {"name": "health", "description": "For those who operate Staffel"},
]
PROBLEMS = {
    400: "The request cannot be read",
    401: "Nobody is signed in, the session has ended, or a signature does not hold",
    403: "Your role does not allow this, or the request came from a foreign page",
    404: "There is no such thing, or it is not visible to you",
    409: "A rule says no, or somebody else was quicker",
    413: "The request is too large",
    422: "The request is not shaped as expected",
    429: "Too many attempts; wait as long as `Retry-After` says",
    503: "The database does not answer; wait as long as `Retry-After` says",
}
FURTHER = {"log_in": frozenset({401, 403, 429}), "receive_webhook": frozenset({401, 403, 409, 413})}
PUBLIC = frozenset({"log_in", "check_live", "check_ready", "receive_webhook"})


def operation_id(route: APIRoute) -> str:
    """The name of the route's function: `claim_task`."""
    return route.name


def install_openapi(app: FastAPI) -> None:
    """Make `app.openapi()` give the completed document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the framework's documented way


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title="Staffel",
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=TAGS,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    _, figures = msgspec.json.schema_components([Comparison], ref_template="#/components/schemas/{name}")
    schemas.update(figures)
    components["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": cookie_name(app.state.settings)},
        "token": {"type": "http", "scheme": "bearer"},
    }
    for path in document.get("paths", {}).values():
        for method, operation in path.items():
            _complete(method, operation)
    return document


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Add security and the problems that follow from the shape of the operation."""
    public = operation["operationId"] in PUBLIC
    operation["security"] = [] if public else [{"session": []}, {"token": []}]
    statuses: set[int] = set() if public else {401, 403}
    if "requestBody" in operation or "parameters" in operation:
        statuses.add(422)
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", ())):
        statuses.add(404)
    if "requestBody" in operation:
        statuses |= {400, 413}
    if operation["operationId"] != "check_live":
        statuses.add(503)
    if method != "get" and not public:
        statuses.add(409)
    statuses |= FURTHER.get(operation["operationId"], frozenset())
    for status in sorted(statuses):
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][str(status)] = {"description": PROBLEMS[status], "content": content}
