"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from staffel.api.auth.service import TooManyTries, WrongPassword, begin_session, end_session
from staffel.api.csrf import token_for
from staffel.api.dependencies import actor_of_request
from staffel.ui import resuming
from staffel.ui.forms.filling import LOOK
from staffel.ui.language import COOKIE, Language, language_of
from staffel.ui.navigation import home_of
from staffel.ui.rendering import SEE_OTHER, go, render
from staffel.ui.visit import Sent, Visited, text

router = APIRouter(include_in_schema=False)
A_YEAR = 365 * 24 * 3600
UNAUTHORIZED = 401


@router.get("/")
def home(visit: Visited) -> Response:
    """Where one's work begins."""
    return RedirectResponse(home_of(visit.actor), status_code=SEE_OTHER)


@router.get("/anmelden")
def sign_in_page(request: Request, weiter: str = "/") -> Response:
    """The form; who is signed in already goes on."""
    now: datetime = request.app.state.clock()
    if actor_of_request(request, now) is not None:
        return RedirectResponse(local_path(weiter), status_code=SEE_OTHER)
    return _sign_in_page(request, onward=local_path(weiter))


@router.post("/anmelden")
def sign_in(request: Request, sent: Sent) -> Response:
    """Sign in, or show the form again with the reason. What was typed when the session ended comes back."""
    onward, typed = local_path(text(sent, "weiter")), resuming.typed(text(sent, resuming.KEPT))
    login, password = text(sent, "kennung"), sent.get("kennwort", "")
    response = RedirectResponse(onward, status_code=SEE_OTHER)
    try:
        secret = begin_session(request, response, login=login, password=str(password))
    except (WrongPassword, TooManyTries) as refusal:
        german = language_of(request) is Language.DE
        return _sign_in_page(
            request,
            status=refusal.status,
            onward=onward,
            fault=refusal.message_de if german else str(refusal),
            login=login,
            typed=text(sent, resuming.KEPT),
        )
    goes_on = resuming.can_go_on(onward)
    if not typed or not (goes_on or resuming.written(typed)):
        return response
    page = render(
        request,
        "pages/resume.html",
        now=request.app.state.clock(),
        onward=onward,
        typed=typed,
        written=[] if goes_on else resuming.written(typed),
        look=LOOK,
        csrf_token=token_for(secret),
    )
    page.raw_headers += [each for each in response.raw_headers if each[0] == b"set-cookie"]
    return page


def sign_in_again(request: Request, typed: str) -> Response:
    """The sign-in where a session had ended while a form was filled in; it carries what was typed."""
    path = request.url.path
    if not resuming.can_go_on(path):
        path = local_path(urlsplit(request.headers.get("referer", "")).path or "/")
    return _sign_in_page(request, status=UNAUTHORIZED, onward=path, typed=typed)


def _sign_in_page(
    request: Request, *, status: int = 200, onward: str, fault: str = "", login: str = "", typed: str = ""
) -> Response:
    return render(
        request,
        "pages/sign_in.html",
        now=request.app.state.clock(),
        status=status,
        onward=onward,
        fault=fault,
        login=login,
        typed=typed,
    )


@router.post("/abmelden")
def sign_out(request: Request) -> Response:
    """End the session."""
    response = go("/anmelden", "signed-out")
    end_session(request, response)
    return response


@router.post("/sprache")
def choose_language(sent: Sent) -> Response:
    """Keep the language in a cookie and go back to the page."""
    response = RedirectResponse(local_path(text(sent, "zurueck")), status_code=SEE_OTHER)
    if (chosen := text(sent, "sprache")) in set(Language):
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR, path="/", httponly=True, samesite="lax")
    return response


def local_path(path: str) -> str:
    """A path of this server, whatever was asked for."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local else "/"
