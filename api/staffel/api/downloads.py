"""Files to be kept, not shown."""

from __future__ import annotations

from starlette.responses import Response


def csv_file(text: str, name: str) -> Response:
    """A table as a file, with the mark by which spreadsheets know UTF-8."""
    return Response(
        text.encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
