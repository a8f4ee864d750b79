"""Every refusal as `application/problem+json` (RFC 9457), or as a page where the ui has registered one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from staffel.engine.errors import NotFound, Refusal

log = logging.getLogger("staffel.api")

MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One malformed place of a request."""

    where: str = Field(description="Path to the value", examples=["body.reference"])
    message: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """Why a request was not carried out. Nothing has been changed, except perhaps with the code `outcome-unknown`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:staffel:problem:not-found",
                    "title": "Not Found",
                    "status": 404,
                    "detail": "There is no such thing, or it is not visible to you.",
                    "code": "not-found",
                    "instance": "/api/v1/tasks/0198c5a0-0000-7000-8000-000000000000",
                    "message_de": "Das gibt es nicht, oder es ist für Sie nicht sichtbar.",
                    "request_id": "4f1d2c3b5a697887",
                }
            ]
        }
    )

    type: str = Field(description="`urn:staffel:problem:` and the code")
    title: str = Field(description="The HTTP status in words")
    status: int
    detail: str = Field(description="What was expected and what was found, in English")
    code: str = Field(description="Stable, for programs")
    instance: str = Field(description="The path that was asked for")
    message_de: str = Field(description="The same as `detail` in German, for people")
    request_id: str = Field(description="To be named to support; stands in the server's log")
    errors: list[Fault] = Field(default=[], description="The malformed places of a request (422)")
    details: dict[str, Any] = Field(default={}, description="What was found, by code")


class BodyTooLarge(Refusal):
    """The request is larger than the server takes."""

    status, code = 413, "too-large"
    text_de = "Die Anfrage ist größer, als der Server annimmt."


class NulCharacter(Refusal):
    """The text holds the character U+0000, which cannot be stored; leave it out."""

    status, code = 422, "nul-character"
    text_de = "Der Text enthält das Zeichen U+0000, das sich nicht speichern lässt; bitte weglassen."


class UnknownHost(Refusal):
    """The request names a host under which this server is not reached; an operator sets STAFFEL_HOSTS."""

    status, code = 400, "unknown-host"
    text_de = (
        "Unter diesem Rechnernamen ist Staffel nicht erreichbar. Zulässige Namen stehen in STAFFEL_HOSTS."
    )


class Malformed(Refusal):
    """The request is not shaped as expected; `errors` says where."""

    status, code = 422, "malformed"
    text_de = "Die Anfrage ist nicht so aufgebaut wie erwartet; `errors` sagt, wo."


class Unexpected(Refusal):
    """Something went wrong in Staffel; nothing was changed. Tell support the request id."""

    status, code = 500, "internal-error"
    text_de = "In Staffel ist ein Fehler aufgetreten; nichts wurde geändert. Bitte nennen Sie der Betreuung die Kennung der Anfrage."


PageForProblem = Callable[[Request, Problem], Response]


def register_page_for_problems(app: FastAPI, page: PageForProblem) -> None:
    """Answer browsers (`Accept: text/html`, path outside `/api`) with `page` instead of JSON."""
    app.state.page_for_problem = page


def problem_of(refusal: Refusal, *, path: str, request_id: str, faults: Sequence[Fault] = ()) -> Problem:
    """The problem document of a refusal."""
    return Problem(
        type=f"urn:staffel:problem:{refusal.code}",
        title=HTTPStatus(refusal.status).phrase,
        status=refusal.status,
        detail=str(refusal),
        code=refusal.code,
        instance=path,
        message_de=refusal.message_de,
        request_id=request_id,
        errors=list(faults),
        details=dict(refusal.details),
    )


def respond(scope: Scope, refusal: Refusal, faults: Sequence[Fault] = ()) -> Response:
    """The response to a refusal: a page for a browser, a problem document for everybody else."""
    request = Request(scope)
    problem = problem_of(
        refusal, path=request.url.path, request_id=scope.get("state", {}).get("request_id", ""), faults=faults
    )
    page: PageForProblem | None = getattr(request.app.state, "page_for_problem", None)
    response: Response
    if page is not None and wants_page(request):
        response = page(request, problem)
    else:
        body = jsonable_encoder(problem, exclude_defaults=True)
        response = JSONResponse(body, status_code=problem.status, media_type=MEDIA_TYPE)
    response.headers.update(_headers(problem))
    return response


def wants_page(request: Request) -> bool:
    """Whether a browser asks for a page, not a program for data."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _headers(problem: Problem) -> dict[str, str]:
    headers = {"www-authenticate": "Bearer"} if problem.status == HTTPStatus.UNAUTHORIZED else {}
    if "retry_after" in problem.details:
        headers["retry-after"] = str(problem.details["retry_after"])
    return headers


def install_problem_handlers(app: FastAPI) -> None:
    """Turn refusals, malformed requests and the framework's own errors into problems."""
    app.exception_handler(Refusal)(_refused)
    app.exception_handler(RequestValidationError)(_malformed)
    app.exception_handler(HTTPException)(_from_framework)


def _refused(request: Request, error: Refusal) -> Response:
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        fields = {
            "request": request.scope.get("state", {}).get("request_id", ""),
            "cause": str(error.__cause__),
        }
        log.error(error.code, extra={"fields": fields})
    return respond(request.scope, error)


def _malformed(request: Request, error: RequestValidationError) -> Response:
    """422 with the places at fault; an id in the path that is no id is something that does not exist."""
    places = error.errors()
    if places and all(place["loc"][0] == "path" for place in places):
        return respond(request.scope, NotFound())
    faults = [
        Fault(where=".".join(str(part) for part in place["loc"]), message=place["msg"]) for place in places
    ]
    return respond(request.scope, Malformed(), faults)


def _from_framework(request: Request, error: HTTPException) -> Response:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return respond(request.scope, NotFound())
    response = respond(request.scope, _plain(error.status_code, error.detail))
    response.headers.update(error.headers or {})
    return response


def _plain(status: int, detail: str) -> Refusal:
    """A refusal for an HTTP error that the framework raised (405, a body that cannot be parsed)."""
    phrase = HTTPStatus(status).phrase
    kind = type(
        "HttpRefusal",
        (Refusal,),
        {"status": status, "code": phrase.lower().replace(" ", "-"), "__doc__": detail},
    )
    refusal: Refusal = kind(detail, text_de=f"Die Anfrage wurde abgelehnt ({status} {phrase}).")
    return refusal
