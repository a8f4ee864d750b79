"""Files to be kept, not shown."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from staffel.engine.printing import MEDIA_TYPE

PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {MEDIA_TYPE: {}}, "description": "A PDF file"}
}
"""What a route that prints says of its answer."""


def csv_file(text: str, name: str) -> Response:
    """A table as a file, with the mark by which spreadsheets know UTF-8."""
    return Response(
        text.encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def pdf_file(content: bytes, name: str) -> Response:
    """A file to be printed; nobody keeps a copy on the way."""
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )
