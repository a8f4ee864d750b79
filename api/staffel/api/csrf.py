"""Requests that change something must come from Staffel's own pages when a cookie vouches for them.

Two locks: where the browser says the request comes from (`Sec-Fetch-Site`, `Origin`), and a token that only a page of
the same session knows. The token is an HMAC of a fresh salt under the session's own secret: nothing is stored, and
it looks different on every page, so that compression cannot leak it. Bearer tokens need neither lock.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator

from fastapi import Request

from staffel.api.sessions import session_secret
from staffel.engine.errors import Refusal

HEADER = "x-csrf-token"
FIELD = "csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_BODY_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
_FORM_TYPES = _BODY_TYPES[1:]


class ForeignRequest(Refusal):
    """The request did not come from a page of this server and this session; reload the page and try again."""

    status, code = 403, "foreign-request"
    text_de = "Die Anfrage kam nicht von einer Seite dieser Sitzung. Bitte laden Sie die Seite neu und versuchen es noch einmal."


def csrf_token(request: Request) -> str:
    """A token for the pages of this session; empty when nobody is signed in."""
    secret = session_secret(request)
    return token_for(secret) if secret else ""


def token_for(secret: str) -> str:
    """A token for the pages of the session with this secret."""
    return _token(secret, secrets.token_hex(8))


async def check_csrf(request: Request) -> AsyncIterator[None]:
    """Dependency of every route. Raises `ForeignRequest`. Files of a form are closed when the route is done."""
    try:
        await _check(request)
        yield
    finally:
        await request.close()


async def _check(request: Request) -> None:
    if request.method in SAFE_METHODS or "authorization" in request.headers:
        return
    if not _from_here(request):
        raise ForeignRequest
    secret = session_secret(request)
    if secret is None:
        return
    kind = request.headers.get("content-type", "").lower()
    if kind and not kind.startswith(_BODY_TYPES):
        raise ForeignRequest(f"Expected one of {', '.join(_BODY_TYPES)}, found content type {kind[:80]!r}.")
    given = request.headers.get(HEADER, "")
    if not given and kind.startswith(_FORM_TYPES):
        field = (await request.form()).get(FIELD)
        given = field if isinstance(field, str) else ""
    salt = given.partition(".")[0]
    if not hmac.compare_digest(given.encode(), _token(secret, salt).encode()):
        raise ForeignRequest


def _token(secret: str, salt: str) -> str:
    return f"{salt}.{hmac.new(secret.encode(), salt.encode(), hashlib.sha256).hexdigest()}"


def _from_here(request: Request) -> bool:
    """What the browser says about the sender; programs other than browsers say nothing."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2].lower() == request.headers.get("host", "").lower()
