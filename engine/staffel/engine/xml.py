"""The one safe way into the engine for XML from outside.

Every uploaded file (BPMN, DMN, XES) passes `parse_xml`. It refuses any DOCTYPE, so there are no entities, no
external files and no network; it takes UTF-8, UTF-16 with a byte order mark, and the Western single-byte encodings when
the file declares them (modelling tools still write ISO-8859-1), nothing else; and it counts
elements, attributes, nesting and text with expat before lxml builds a tree, so that a bomb costs a scan and no memory.
"""

import codecs
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from lxml import etree

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 250
MAX_ELEMENTS = 80_000
MAX_ATTRIBUTES = 160_000
MAX_ATTRIBUTES_PER_ELEMENT = 1_000
MAX_TEXT = 8 * 1024 * 1024

_XINCLUDE = "http://www.w3.org/2001/XInclude"
_DECLARATION = re.compile(rb"^<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_UTF8_NAMES = {"utf-8", "utf8", "us-ascii", "ascii"}
_UTF16_NAMES = {"utf-16", "utf16", "utf-16le", "utf-16be"}
_WESTERN_NAMES = {
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}


class XmlRefused(ValueError):  # noqa: N818 - the domain's word for a file that is not taken
    """The file is not taken: `code` says why, `line` where (0 = the file as a whole)."""

    def __init__(self, code: str, line: int, message_de: str, message_en: str) -> None:
        super().__init__(message_en)
        self.code = code
        self.line = line
        self.message_de = message_de
        self.message_en = message_en


def parse_xml(
    data: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
    max_elements: int = MAX_ELEMENTS,
    max_attributes: int = MAX_ATTRIBUTES,
    comments: bool = False,
) -> etree._Element:
    """Parse `data` and return the root element; comments are left out unless wanted, processing instructions always.

    Line numbers (`element.sourceline`) are those of the file. Raises `XmlRefused`.
    """
    if len(data) > max_bytes:
        raise _too_large(
            0, f"{len(data):,} Byte", f"{len(data):,} bytes", f"{max_bytes:,} Byte", f"{max_bytes:,} bytes"
        )
    text = _as_utf8(data)
    _Scan(max_depth, max_elements, max_attributes).run(text)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=not comments,
        remove_pis=True,
        huge_tree=max_depth >= 256,
    )
    try:
        return etree.fromstring(text, parser)
    except etree.XMLSyntaxError as err:
        raise _malformed(err.lineno or 0, err.msg or "") from err


def _as_utf8(data: bytes) -> bytes:
    """The file as UTF-8 without a byte order mark; other encodings are refused."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _encoding("UTF-32")
    if data.startswith(b"+/v"):
        raise _encoding("UTF-7")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _decoded(data, "utf-16").encode("utf-8", "surrogatepass")
        allowed = _UTF8_NAMES | _UTF16_NAMES if not _DECLARATION.match(text) else _UTF16_NAMES
    else:
        text = data.removeprefix(codecs.BOM_UTF8)
        if (western := _western(data)) is not None:
            return western
        if b"\0" not in text:
            _decoded(text, "utf-8")
        allowed = _UTF8_NAMES
    if b"\0" in text:
        raise _encoding("NUL", text.count(b"\n", 0, text.index(b"\0")) + 1)
    declared = _DECLARATION.match(text)
    if declared and (name := declared[1].decode("ascii").lower()) not in allowed:
        raise _encoding(name, 1)
    return text


def _western(data: bytes) -> bytes | None:
    """A file that declares a Western single-byte encoding as UTF-8; None for every other file."""
    declared = _DECLARATION.match(data)
    encoding = _WESTERN_NAMES.get(declared[1].decode("ascii").lower()) if declared else None
    if encoding is None or b"\0" in data:
        return None
    return _decoded(data, encoding).encode("utf-8")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as err:
        line = data.count(b"\n", 0, err.start) + 1
        raise _encoding(f"Byte 0x{data[err.start]:02x} / byte 0x{data[err.start]:02x}", line) from err


@dataclass(slots=True)
class _Scan:
    """One pass of expat over the file that builds nothing and stops at the first excess."""

    max_depth: int
    max_elements: int
    max_attributes: int
    depth: int = 0
    elements: int = 0
    attributes: int = 0
    text: int = 0
    parser: expat.XMLParserType = field(init=False)

    def run(self, data: bytes) -> None:
        self.parser = parser = expat.ParserCreate("utf-8", "\n")
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            for offset in range(0, len(data), 65_536):
                parser.Parse(data[offset : offset + 65_536], False)
            parser.Parse(b"", True)
        except expat.ExpatError as err:
            if err.code == expat.errors.codes[expat.errors.XML_ERROR_MISPLACED_XML_PI]:
                raise _second_declaration(err.lineno) from err
            raise _malformed(err.lineno, expat.errors.messages.get(err.code, str(err))) from err

    def _doctype(self, *_: object) -> None:
        raise XmlRefused(
            "xml-doctype-forbidden",
            self.parser.CurrentLineNumber,
            "Die Datei enthält eine DOCTYPE-Angabe. Sie wird nicht angenommen, weil darüber fremde Dateien geladen "
            "werden können. Bitte die Zeile löschen und die Datei neu hochladen.",
            "The file has a DOCTYPE. It is refused because a DOCTYPE can load other files. "
            "Delete that line and upload the file again.",
        )

    def _start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        self.elements += 1
        count = len(attributes) // 2
        self.attributes += count
        self.text = 0
        line = self.parser.CurrentLineNumber
        if self.depth > self.max_depth:
            raise _too_deep(line, self.max_depth)
        if self.elements > self.max_elements:
            raise _too_large(line, "mehr Elemente", "more elements", f"{self.max_elements:,}")
        if self.attributes > self.max_attributes or count > MAX_ATTRIBUTES_PER_ELEMENT:
            limit = f"{min(self.max_attributes, MAX_ATTRIBUTES_PER_ELEMENT):,}"
            raise _too_large(line, "mehr Attribute", "more attributes", limit)
        if name.startswith(_XINCLUDE):
            raise _xinclude(line)

    def _end(self, _name: str) -> None:
        self.depth -= 1
        self.text = 0

    def _characters(self, text: str) -> None:
        self.text += len(text)
        if self.text > MAX_TEXT:
            line = self.parser.CurrentLineNumber
            raise _too_large(line, "ein längerer Text", "a longer text", f"{MAX_TEXT:,}")


def _xinclude(line: int) -> XmlRefused:
    return XmlRefused(
        "xml-xinclude-forbidden",
        line,
        "Die Datei will mit XInclude andere Dateien einbinden. Bitte den Inhalt in die Datei selbst aufnehmen.",
        "The file wants to include other files with XInclude. Put the content into the file itself.",
    )


def _too_deep(line: int, limit: int) -> XmlRefused:
    return XmlRefused(
        "xml-too-deep",
        line,
        f"Elemente sind tiefer als {limit} Stufen ineinander geschachtelt. Bitte die Datei prüfen.",
        f"Elements are nested deeper than {limit} levels. Check the file.",
    )


def _too_large(
    line: int, found_de: str, found_en: str, limit_de: str, limit_en: str | None = None
) -> XmlRefused:
    return XmlRefused(
        "xml-too-large",
        line,
        f"Die Datei ist zu groß: erlaubt sind höchstens {limit_de}, gefunden: {found_de}. Bitte die Datei aufteilen.",
        f"The file is too large: at most {limit_en or limit_de} are allowed, found: {found_en}. Split the file.",
    )


def _encoding(found: str, line: int = 0) -> XmlRefused:
    return XmlRefused(
        "xml-encoding",
        line,
        f"Erwartet wird UTF-8 oder UTF-16 mit Byte Order Mark, gefunden: {found}. Bitte als UTF-8 speichern.",
        f"Expected UTF-8, or UTF-16 with a byte order mark, found: {found}. Save the file as UTF-8.",
    )


def _second_declaration(line: int) -> XmlRefused:
    return XmlRefused(
        "xml-encoding",
        line,
        "Die XML-Deklaration (<?xml …?>) darf nur einmal und nur ganz am Anfang stehen. Bitte die weitere löschen.",
        "The XML declaration (<?xml …?>) may stand only once and only at the very start. Delete the other one.",
    )


def _malformed(line: int, reason: str) -> XmlRefused:
    return XmlRefused(
        "xml-malformed",
        line,
        f"Die Datei ist kein wohlgeformtes XML (Zeile {line}: {reason}). Bitte neu exportieren.",
        f"The file is not well-formed XML (line {line}: {reason}). Export it again.",
    )
