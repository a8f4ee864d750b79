"""The session cookie: a random secret, of which the database knows only a hash."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from threading import Lock

from fastapi import Request
from starlette.responses import Response

from staffel.api.settings import Settings

_NAME = "staffel-session"


def cookie_name(settings: Settings) -> str:
    """`__Host-…` where https is used: then no other host and no subdomain can set it."""
    return f"__Host-{_NAME}" if settings.cookie_secure else _NAME


def session_secret(request: Request) -> str | None:
    """The secret of the session that the request claims; nothing is said about its validity."""
    settings: Settings = request.app.state.settings
    return request.cookies.get(cookie_name(settings)) or None


def set_session_cookie(response: Response, secret: str, settings: Settings) -> None:
    """Give the browser its session."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        max_age=int(settings.absolute.total_seconds()),
        path="/",
        secure=settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response, settings: Settings) -> None:
    """Take the session from the browser."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.cookie_secure, httponly=True, samesite="lax"
    )


class Attendance:
    """When this process last wrote down that a session is in use: once a minute is enough, reading is not writing."""

    EVERY = timedelta(minutes=1)
    MOST = 10_000

    def __init__(self) -> None:
        self._written: dict[bytes, datetime] = {}
        self._lock = Lock()

    def is_due(self, secret: str, now: datetime) -> bool:
        """Whether to write it down now; a yes is given once a minute."""
        key = hashlib.sha256(secret.encode()).digest()
        with self._lock:
            before = self._written.get(key)
            if before is not None and abs(now - before) < self.EVERY:
                return False
            if len(self._written) >= self.MOST:
                self._written.clear()
            self._written[key] = now
            return True
