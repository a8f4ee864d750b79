"""The outermost layer of every request: id, host, size limit, security headers, log line, and the last catch."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from staffel.api.problems import BodyTooLarge, NulCharacter, Unexpected, UnknownHost, respond
from staffel.api.settings import Settings
from staffel.engine.errors import NotFound, Refusal

log = logging.getLogger("staffel.api")

STYLE_ATTRIBUTES = "; style-src-attr 'unsafe-inline'"
"""For the pages with dmn-js: it writes the mark that its licence protects with style attributes (ADR 0008)."""


def content_security_policy(*, style: str = "") -> str:
    """The policy of a response: strict; `style` adds directives or sources for styles (ADR 0008 says which pages need them)."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            f"style-src 'self'{style}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "content-security-policy": content_security_policy(),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "x-frame-options": "DENY",
    }
)
_UPLOAD_TYPES = ("multipart/form-data", "application/zip", "application/octet-stream")


_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""U+0000 in JSON; `\\\\u0000` is a backslash and letters."""
_OVERLAP = 16
"""Bytes of a part of the body that are looked at again with the next part."""


class _Cut(Exception):  # noqa: N818 - never leaves this module
    """The body must not be read any further."""


class Edge:
    """ASGI middleware; stands outside everything but the server.

    A response may bring its own `Content-Security-Policy` or `Cache-Control`; otherwise the strict policy holds and
    nothing is cached. An exception that is no refusal is logged with its traceback and answered with an id only.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self.settings)
        began = time.perf_counter()
        try:
            await exchange.run(self.app)
        finally:
            fields = {
                "request": exchange.request_id,
                "method": scope["method"],
                "path": scope["path"],
                "status": exchange.status,
                "ms": round((time.perf_counter() - began) * 1000, 1),
            }
            log.info("request", extra={"fields": fields})


class _Exchange:
    """One request and its response."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, settings: Settings) -> None:
        self.scope, self._receive, self._send, self.settings = scope, receive, send, settings
        self.headers = Headers(scope=scope)
        self.request_id = secrets.token_hex(8)
        self.status = 0
        self.received = 0
        self.cut: Refusal | None = None
        self._tail = b""
        kind = self.headers.get("content-type", "").lower()
        upload = kind.startswith(_UPLOAD_TYPES)
        self.limit = settings.max_upload if upload else settings.max_body
        self._typed, self._is_form = not upload, kind.startswith("application/x-www-form-urlencoded")
        scope.setdefault("state", {})["request_id"] = self.request_id

    async def run(self, app: ASGIApp) -> None:
        if refusal := self._refusal_before_reading():
            await self._answer(refusal)
            return
        try:
            await app(self.scope, self.receive, self.send)
        except Exception as err:
            if self.cut is not None and not self.status:
                refusal, self.cut = self.cut, None
                await self._answer(refusal)
                return
            log.exception("unexpected error", exc_info=err, extra={"fields": {"request": self.request_id}})
            if self.status:
                raise
            await self._answer(Unexpected())

    def _refusal_before_reading(self) -> Refusal | None:
        host = self.headers.get("host", "").lower()
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        allowed = self.settings.allowed_hosts
        if allowed and name.strip("[]") not in allowed:
            return UnknownHost()
        length = self.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self.limit:
            return self._size_refusal()
        if "\0" in self.scope["path"]:
            return NotFound()
        return NulCharacter() if b"%00" in self.scope.get("query_string", b"") else None

    def _size_refusal(self) -> Refusal:
        return BodyTooLarge(
            f"The request is larger than the {self.limit:,} bytes that the server takes.",
            text_de=f"Die Anfrage ist größer als die {self.limit:,} Byte, die der Server annimmt.",
            limit=self.limit,
        )

    async def receive(self) -> Message:
        message = await self._receive()
        body: bytes = message.get("body", b"")
        self.received += len(body)
        if self.received > self.limit:
            self.cut = self._size_refusal()
        elif self._typed and self._holds_nul(body):
            self.cut = NulCharacter()
        if self.cut is not None:
            raise _Cut
        return message

    def _holds_nul(self, body: bytes) -> bool:
        """Whether typed text has a character that no database stores, as JSON or a form writes it."""
        seen = self._tail + body.replace(b"\0", b"")  # JSON may be UTF-16 or UTF-32
        done = seen[:-_OVERLAP].rstrip(b"\\")  # which of them is escaped only their whole row tells
        self._tail = seen[len(done) :]
        return b"%00" in seen if self._is_form else _ESCAPED_NUL.search(seen) is not None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self.cut is not None:
                raise _Cut  # whatever the parser made of the cut body, the answer is ours
            self.status = message["status"]
            self._complete(MutableHeaders(scope=message))
        await self._send(message)

    def _complete(self, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("cache-control", "no-store")
        headers["x-request-id"] = self.request_id
        if self.settings.cookie_secure:
            headers["strict-transport-security"] = "max-age=31536000"

    async def _answer(self, refusal: Refusal) -> None:
        await respond(self.scope, refusal)(self.scope, self._receive, self.send)
