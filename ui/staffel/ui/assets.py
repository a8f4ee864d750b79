"""Static files with their version in the address, so that browsers may keep them for good."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
VENDOR = "vendor/vendor.lock.json"
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=3600"


@dataclass(frozen=True)
class Asset:
    """A file as templates name it: its address with version and its integrity value."""

    url: str
    integrity: str


@cache
def _locked() -> dict[str, str]:
    """SHA-384 of the vendored files, from their lock."""
    libraries = json.loads((FOLDER / VENDOR).read_text("utf-8"))
    return {f"vendor/{file['path']}": file["sha384"] for library in libraries for file in library["files"]}


@cache
def asset(path: str) -> Asset:
    """The asset at `path` below `static/`. Vendored files take their hash from the lock, own files from their content."""
    digest = _locked().get(path)
    if digest is None:
        digest = base64.b64encode(hashlib.sha384((FOLDER / path).read_bytes()).digest()).decode()
    version = base64.b64decode(digest)[:6].hex()
    return Asset(url=f"/static/{path}?v={version}", integrity=f"sha384-{digest}")


class VersionedFiles(StaticFiles):
    """Static files; an address with the right version may be kept for good, any other for an hour."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code in {200, 304}:
            asked = scope.get("query_string", b"").decode("ascii", "replace")
            current = asset(path).url.partition("?")[2]
            response.headers["cache-control"] = FOREVER if asked == current else BRIEFLY
        return response
