"""Another system on this machine, for tests of outgoing calls: it answers as the path says and remembers what it got."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Got(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class OtherSystem(ThreadingHTTPServer):
    """`answers` by path: status, content type, body, further headers. A path without an answer gets none, ever."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[Got] = []
        self.answers: dict[str, tuple[int, str, bytes, dict[str, str]]] = {}
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, path: str, status: int = 200, body: Any = None, **headers: str) -> None:
        """Answer the path with JSON, or with bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = headers.pop("content_type", "application/json")
        self.answers[path] = status, kind, content, headers


class _Handler(BaseHTTPRequestHandler):
    server: OtherSystem

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.got.append(Got(self.command, self.path, headers, json.loads(body) if body else None))
        if self.path.partition("?")[0] not in self.server.answers:
            self.server.closing.wait()
            return
        status, kind, content, further = self.server.answers[self.path.partition("?")[0]]
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(content)), **further}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = _handle  # noqa: N815 - names of the library

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def other_system() -> Iterator[OtherSystem]:
    """A system that runs meanwhile."""
    with OtherSystem() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
