"""The shared XML reader refuses everything that SECURITY lists, quickly and with a reason."""

import time

import pytest

from staffel.engine.xml import XmlRefused, parse_xml

DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>"


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml-doctype-forbidden"),
        (b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>', "xml-doctype-forbidden"),
        (b'<!DOCTYPE a [<!ENTITY % x "y"> %x;]><a/>', "xml-doctype-forbidden"),
        (
            b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="x"/></a>',
            "xml-xinclude-forbidden",
        ),
        (nested(5_000), "xml-too-deep"),
        (b"<a>" + b"x" * 20_000_000 + b"</a>", "xml-too-large"),
        (b"<a>" + b"x" * 21_000_000 + b"</a>", "xml-too-large"),
        (b"<a " + b" ".join(b"a%d='1'" % i for i in range(200_000)) + b"/>", "xml-too-large"),
        (b"<a>" + b"<b a='1' b='2'/>" * 100_000 + b"</a>", "xml-too-large"),
        (b"<a>" + b"<b/>" * 100_000 + b"</a>", "xml-too-large"),
        (b"+/v8-+ADw-a+AD4-", "xml-encoding"),
        (b"<?xml version='1.0' encoding='UTF-7'?><a/>", "xml-encoding"),
        (b"<?xml version='1.0' encoding='Shift_JIS'?><a>\xe4</a>", "xml-encoding"),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\0</a>", "xml-encoding"),
        ("<a>ä</a>".encode("utf-16-le"), "xml-encoding"),
        ("<a>ä</a>".encode("utf-32"), "xml-encoding"),
        (b"<a>\0</a>", "xml-encoding"),
        (DECLARATION + DECLARATION + b"<a/>", "xml-encoding"),
        (b"<a>\xff</a>", "xml-encoding"),
        (b"<a>", "xml-malformed"),
        (b"", "xml-malformed"),
        (b"<a>&unknown;</a>", "xml-malformed"),
    ],
)
def test_dangerous_files_are_refused_within_a_second(data: bytes, code: str) -> None:
    start = time.process_time()
    with pytest.raises(XmlRefused) as refused:
        parse_xml(data)
    assert refused.value.code == code
    assert refused.value.message_de
    assert refused.value.message_en
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "data",
    [
        "<a>ä</a>".encode(),
        b"\xef\xbb\xbf" + DECLARATION + "<a>ä</a>".encode(),
        "<a>ä</a>".encode("utf-16"),
        "<?xml version='1.0' encoding='UTF-16'?><a>ä</a>".encode("utf-16"),
        nested(250).replace(b"<a></a>", "<a>ä</a>".encode(), 1),
        b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>",
        b"<?xml version='1.0' encoding='Windows-1252'?><a>\xe4</a>",
    ],
)
def test_utf8_utf16_with_mark_and_declared_western_encodings_are_read(data: bytes) -> None:
    assert "".join(map(str, parse_xml(data).itertext())) == "ä"


def test_lines_are_those_of_the_file() -> None:
    assert parse_xml(b"<?xml version='1.0'?>\n\n<a>\n<b/></a>")[0].sourceline == 4


def test_the_line_of_a_refusal_is_named() -> None:
    with pytest.raises(XmlRefused) as refused:
        parse_xml(b"<a>\n\n<!-- x -- y --></a>")
    assert refused.value.line == 3
