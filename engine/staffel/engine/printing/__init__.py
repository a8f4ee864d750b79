"""Paper: PDF files made on the server from a template and plain data (ADR 0017).

The templates are ours and fixed. What they print arrives as JSON, so that no name can become markup; they see neither files
outside their folder nor the network, and only the fonts that stand beside them. The files are tagged (PDF/UA-1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

FOLDER: Final = Path(__file__).parent
MEDIA_TYPE: Final = "application/pdf"
_ACCESSIBLE: Final[typst.PDFStandards] = ["ua-1"]
_NO_GLYPH: Final = "could not be displayed with font"
"""How Typst begins to say that a letter has no glyph."""


class Template(StrEnum):
    """What can be printed; the value is the file of the template."""

    BOOKLET = "begleitheft.typ"
    ANNEX = "anlage.typ"


def typeset(template: Template, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF. The same data `at` the same moment give the same bytes.

    A name in a script that no font here has is printed as boxes; such a file cannot be read aloud whole and is no PDF/UA.
    """
    root = FOLDER / "templates"
    compiler = typst.Compiler(
        root / template.value,
        root=root,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_printable(data), ensure_ascii=False)},
    )
    try:
        return _compiled(compiler, at, _ACCESSIBLE)
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
        return _compiled(compiler, at, [])


def _compiled(compiler: typst.Compiler, at: datetime, standards: typst.PDFStandards) -> bytes:
    made = compiler.compile(format="pdf", pdf_standards=standards, timestamp=int(at.timestamp()))
    if not isinstance(made, bytes):
        raise TypeError(f"expected one file, got {type(made).__name__}")
    return made


def _printable(value: Any) -> Any:
    """The data without control characters and halves of characters."""
    match value:
        case str():
            text = value.encode("utf-8", "ignore").decode()
            return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
        case Mapping():
            return {key: _printable(each) for key, each in value.items()}
        case list() | tuple():
            return [_printable(each) for each in value]
        case _:
            return value


@cache
def _fonts() -> typst.Fonts:
    folders = [str(each) for each in sorted((FOLDER / "vendor").iterdir()) if each.is_dir()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
