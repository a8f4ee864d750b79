"""What a file really is: a closed list of types, each told by its content and never by its name alone."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from email.parser import BytesHeaderParser
from io import BytesIO
from types import MappingProxyType
from typing import Final

import msgspec

from staffel.engine.errors import Refusal

MAX_NAME = 150
_MAX_ENTRIES = 10_000
_OPENXML: Final = "application/vnd.openxmlformats-officedocument"
_MARKUP: Final = re.compile(rb"\s*<(!doctype|html|head|body|script|svg|\?xml)", re.IGNORECASE)
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MAIL_HEADERS: Final = ("from", "date")


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was looked at: its name without tricks, its type, its length in bytes, its SHA-256 as hex."""

    name: str
    media_type: str
    size: int
    sha256: str


class ContentRefused(Refusal):
    """Expected a PDF, PNG, JPEG, DOCX, XLSX, ODT, TXT or EML file whose content is what its name says."""

    status, code = 422, "content-refused"
    text_de = (
        "Angenommen werden PDF, PNG, JPEG, DOCX, XLSX, ODT, TXT und EML, wenn der Inhalt zur Endung passt."
    )


def inspect(name: str, content: bytes) -> Content:
    """Judge a file by its content; the end of its name is only what it claims to be. Raises `ContentRefused`."""
    name = _plain_name(name)
    if not content:
        raise ContentRefused("The file is empty.", text_de="Die Datei ist leer.")
    ending = name.rpartition(".")[2].lower()
    media_type, holds = TYPES.get(ending, ("", _never))
    if not holds(content):
        raise ContentRefused(
            f"Expected {', '.join(TYPES)}; found a file named .{ending[:20]} whose content is not one of these, or not this one.",
            text_de=f"Der Inhalt der Datei passt nicht zur Endung „.{ending[:20]}“. Angenommen werden {', '.join(TYPES)}; bitte in einem davon speichern.",
            expected=list(TYPES),
        )
    return Content(
        name=name, media_type=media_type, size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )


def _plain_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name).strip()
    tricks = {"/", "\\"} | {sign for sign in name if unicodedata.category(sign).startswith("C")}
    if not name or len(name) > MAX_NAME or name.startswith(".") or not tricks.isdisjoint(name):
        raise ContentRefused(
            f"Expected a file name of at most {MAX_NAME} characters without / and invisible signs.",
            text_de=f"Bitte die Datei umbenennen: höchstens {MAX_NAME} Zeichen, ohne / und unsichtbare Zeichen.",
        )
    return name


def _starts(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signatures)


def _never(_content: bytes) -> bool:
    return False


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]


def _is_text(content: bytes) -> bool:
    """Text in UTF-8, without markup that a browser would take for a page."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.search(content) and not _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf"))


def _is_mail(content: bytes) -> bool:
    """RFC 5322: a head of header lines with at least sender and date."""
    head = content[:65_536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if b"\x00" in head or not re.match(rb"[A-Za-z0-9-]+:", head):
        return False
    found = BytesHeaderParser().parsebytes(head)
    return all(found[header] for header in _MAIL_HEADERS) and not found.get_payload()


def _is_open_xml(part: str) -> Callable[[bytes], bool]:
    return lambda content: {"[Content_Types].xml", part} <= _entries(content)


def _is_open_document(content: bytes) -> bool:
    return {"mimetype", "content.xml"} <= _entries(content) and (
        b"application/vnd.oasis.opendocument.text" in content[:128]
    )


def _entries(content: bytes) -> frozenset[str]:
    """The names in an archive, which is never unpacked; none for what is no archive, or one that holds macros."""
    if not content.startswith(b"PK\x03\x04"):
        return frozenset()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return frozenset()
    if len(names) > _MAX_ENTRIES or any(_is_macro(name) for name in names):
        return frozenset()
    return frozenset(names)


def _is_macro(name: str) -> bool:
    return name.lower().endswith("vbaproject.bin") or name.startswith("Basic/")


TYPES: Final[Mapping[str, tuple[str, Callable[[bytes], bool]]]] = MappingProxyType(
    {
        "pdf": ("application/pdf", _is_pdf),
        "png": ("image/png", _starts(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")),
        "jpg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
        "jpeg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
        "docx": (f"{_OPENXML}.wordprocessingml.document", _is_open_xml("word/document.xml")),
        "xlsx": (f"{_OPENXML}.spreadsheetml.sheet", _is_open_xml("xl/workbook.xml")),
        "odt": ("application/vnd.oasis.opendocument.text", _is_open_document),
        "txt": ("text/plain; charset=utf-8", _is_text),
        "eml": ("message/rfc822", _is_mail),
    }
)
"""By the end of a name: the media type, and how its content is told."""
