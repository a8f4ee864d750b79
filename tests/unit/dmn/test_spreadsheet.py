"""Decision tables as spreadsheets: what goes out comes back the same, and nothing else comes in."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from tests.unit.dmn.models import decision, definitions, input_data, literal
from tests.unit.dmn.models import table as rules_of

from staffel.engine.dmn import DecisionModel, DecisionTable, read_dmn
from staffel.engine.dmn.spreadsheet import (
    Sheet,
    SpreadsheetRefused,
    decision_of,
    from_xlsx,
    put_table,
    sheet_of,
    to_xlsx,
)

SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(rules: list[tuple[str, str, str]], policy: str = "FIRST", dates: str = "") -> bytes:
    rows = "".join(
        f'<rule id="r{number}"><inputEntry><text>{escape(test)}</text></inputEntry><outputEntry><text>{escape(out)}</text>'
        f"</outputEntry><annotationEntry><text>{escape(note)}</text></annotationEntry></rule>"
        for number, (test, out, note) in enumerate(rules)
    )
    return (
        f'<definitions xmlns="{SPACE}" xmlns:staffel="urn:staffel:dmn:1" id="D" name="D" namespace="urn:t"><inputData id="i" '
        f'name="alter"><variable name="alter" typeRef="number"/></inputData><decision id="d" name="Anspruch" {dates}>'
        '<variable name="Anspruch"/><informationRequirement id="q"><requiredInput href="#i"/></informationRequirement>'
        f'<decisionTable id="T" hitPolicy="{policy}"><input id="e" label="Alter in Jahren"><inputExpression typeRef="number">'
        '<text>alter</text></inputExpression></input><output id="o" name="anspruch" typeRef="string"><outputValues><text>'
        '"ja","nein"</text></outputValues><defaultOutputEntry><text>"nein"</text></defaultOutputEntry></output>'
        f'<annotation name="Rechtsgrundlage"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


SIMPLE = dmn([(">= 18", '"ja"', "=1+1"), ("-", '"nein"', "@x")])


def table(data: bytes) -> DecisionTable:
    model, problems = read_dmn(data)
    assert model is not None, problems
    compiled = model.decisions["d"].table
    assert compiled is not None
    return compiled.table


def told(data: bytes) -> Any:
    found = table(data)
    return (
        found.hit_policy,
        found.aggregation,
        [(each.id, each.label, each.text, each.type, each.allowed) for each in found.inputs],
        [(each.id, each.name, each.label, each.type, each.allowed, each.default) for each in found.outputs],
        [(rule.id, rule.tests, rule.outputs, rule.annotations) for rule in found.rules],
    )


def changed(data: bytes, **cells: Any) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for name, value in cells.items():
        book.active[name] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20).map(str.strip)
TESTS = st.one_of(st.sampled_from(["-", "< 5", ">= 18", "[1..3]", "not(7)"]), st.integers(-99, 99).map(str))
OUTS = st.sampled_from(['"ja"', '"nein"', "= 1", "-1", "+1"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TESTS, OUTS, TEXTS), min_size=1, max_size=8), st.sampled_from(["UNIQUE", "FIRST"]))
def test_a_table_that_goes_out_and_comes_back_is_the_same(
    rules: list[tuple[str, str, str]], policy: str
) -> None:
    data = dmn(rules, policy)

    assert told(from_xlsx(to_xlsx(data, "d"), data)) == told(data)


def test_no_cell_is_a_formula_and_what_looks_like_one_comes_back_as_it_was() -> None:
    book = load_workbook(io.BytesIO(to_xlsx(SIMPLE, "Anspruch")))

    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
        "n",
    }  # n: empty
    assert table(from_xlsx(to_xlsx(SIMPLE, "d"), SIMPLE)).rules[0].annotations == ("=1+1",)


def test_what_people_type_as_number_day_or_truth_is_read_as_feel() -> None:
    sheet = to_xlsx(SIMPLE, "d")

    back = from_xlsx(changed(sheet, B16=67, C16=True, D16="neu"), SIMPLE)

    rule = table(back).rules[1]
    assert (rule.tests, rule.outputs, rule.annotations) == (("67",), ("true",), ("neu",))


def test_rules_are_added_and_the_rest_of_the_file_stays() -> None:
    sheet = changed(to_xlsx(SIMPLE, "d"), B17="< 3", C17='"nein"')

    back = from_xlsx(sheet, SIMPLE)

    assert [rule.tests for rule in table(back).rules] == [(">= 18",), ("-",), ("< 3",)]
    assert b"informationRequirement" in back
    assert decision_of(sheet) == "d"


def test_what_a_sheet_does_not_show_stays_as_it_is() -> None:
    data = (
        SIMPLE.replace(b"<definitions ", b'<!-- EUPL-1.2 --><definitions xmlns:ed="urn:editor" ')
        .replace(b"</definitions>", b'<!-- Ende --><ed:drawing width="7"/></definitions>')
        .replace(b'<input id="e"', b'<input id="e" ed:width="120"')
        .replace(b'<rule id="r1">', b'<rule id="r1" ed:kept="ja"><description>Sonst</description>')
        .replace(b"<inputEntry>", b'<inputEntry ed:seen="ja">')
    )

    back = from_xlsx(changed(to_xlsx(data, "d"), B15="< 3"), data)

    assert told(back)[4][0][1] == ("< 3",)
    for part in (
        b"<!-- EUPL-1.2 -->", b"<!-- Ende -->", b'<ed:drawing width="7"/>', b'ed:width="120"', b'ed:kept="ja"',
        b"<description>Sonst</description>",
    ):  # fmt: skip
        assert part in back
    assert back.count(b'ed:seen="ja"') == 2


def test_a_column_that_moves_keeps_what_belongs_to_it() -> None:
    data = SIMPLE.replace(
        b'<input id="e"',
        b'<input id="e0"><inputExpression><text>ort</text></inputExpression></input><input id="e"',
    )
    data = data.replace(b"<inputEntry>", b'<inputEntry><text>"Rheine"</text></inputEntry><inputEntry id="x">')
    sheet = sheet_of(data, "d")
    columns = (sheet.columns[1], *sheet.columns[2:])
    rules = tuple((rule[0], *rule[2:]) for rule in sheet.rules)

    back = put_table(Sheet(sheet.decision, sheet.head, columns, rules), data)

    assert [each.id for each in table(back).inputs] == ["e"]
    assert [rule.tests for rule in table(back).rules] == [(">= 18",), ("-",)]
    assert b"ort" not in back
    assert back.count(b'id="x"') == 2


def test_what_the_file_says_of_its_time_can_be_changed_for_one_decision() -> None:
    data = SIMPLE.replace(
        b'name="D" ', b'name="D" staffel:validTo="2025-12-31" staffel:validFrom="2025-01-01" '
    )
    data = data.replace(
        b"</definitions>",
        b'<decision id="other" name="other"><literalExpression><text>1</text></literalExpression></decision></definitions>',
    )
    sheet = sheet_of(data, "d")

    def dated(**head: str) -> list[str]:
        model, _ = read_dmn(
            put_table(Sheet(sheet.decision, sheet.head | head, sheet.columns, sheet.rules), data)
        )
        assert model is not None
        return [model.decisions[name].validity.text_en for name in ("d", "other")]

    assert dated() == ["holds from 2025-01-01 to 2025-12-31"] * 2
    assert dated(validTo="") == ["holds from 2025-01-01", "holds from 2025-01-01 to 2025-12-31"]
    assert dated(validTo="2026-12-31")[0] == "holds from 2025-01-01 to 2026-12-31"


def test_validity_goes_out_and_comes_back() -> None:
    data = dmn([("-", '"ja"', "")], dates='staffel:validFrom="2026-01-01" staffel:legalBasis="§ 7 SGB II"')

    back = from_xlsx(changed(to_xlsx(data, "d"), B5="2026-12-31"), data)

    model, _ = read_dmn(back)
    assert model is not None
    validity = model.decisions["d"].validity
    assert (str(validity.first), str(validity.last)) == ("2026-01-01", "2026-12-31")
    assert validity.legal_bases == ("§ 7 SGB II",)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"B15": "=1+1"}, "Zelle B15 enthält eine Formel"),
        ({"B2": "IRGENDWIE"}, "Zelle B2 erwartet: UNIQUE, ANY"),
        ({"A3": "x"}, "Zelle A3 erwartet: Zusammenfassung; gefunden: x"),
        ({"B9": "Spalte"}, "Zelle B9 erwartet: Eingabe, Ausgabe, Anmerkung"),
        ({"B9": "Ausgabe", "C9": "Eingabe"}, "Zelle B9 erwartet: Eingabe …, Ausgabe …"),
        ({"B1": "andere"}, "keine Entscheidungstabelle „andere“; sie hat: Anspruch"),
    ],
)
def test_what_is_not_as_laid_out_is_refused_with_its_cell(cells: dict[str, Any], said: str) -> None:
    with pytest.raises(SpreadsheetRefused) as refused:
        from_xlsx(changed(to_xlsx(SIMPLE, "d"), **cells), SIMPLE)

    assert said in refused.value.message_de
    assert refused.value.message_en


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "keine xlsx-Datei"),
        (b"PK\x03\x04 kaputt", "keine xlsx-Datei"),
        (archive(x=b"0" * 21 * 1024 * 1024), "zu groß"),
        (archive(**{f"f{number}": b"" for number in range(201)}), "zu groß"),
        (archive(**{"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "DOCTYPE"),
        (archive(x=b"nichts"), "keine lesbare xlsx-Datei"),
    ],
)
def test_dangerous_and_broken_files_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(SpreadsheetRefused) as refused:
        decision_of(data)

    assert said in refused.value.message_de


def test_an_empty_workbook_says_what_belongs_into_its_first_cell() -> None:
    out = io.BytesIO()
    Workbook().save(out)

    with pytest.raises(SpreadsheetRefused, match="cell A1 expected: Entscheidung"):
        decision_of(out.getvalue())


FILE = definitions(
    input_data("alter", "number"),
    input_data("ort", "string"),
    decision("stufe", literal("1")),
    decision("gebuehr", rules_of([("alter", "number")], [("< 18", "0"), (">= 18", "37")]), "alter"),
)


def with_column(text: str, kind: str = "number", output: str = "") -> DecisionModel:
    """The file with a further input column in its table; nothing else may be wrong with it."""
    sheet = sheet_of(FILE, "gebuehr")
    column = replace(sheet.columns[0], text=text, label=text, type=kind)
    rules = tuple((rule[0], rule[1], "-", output or rule[2]) for rule in sheet.rules)
    columns = (sheet.columns[0], column, *sheet.columns[1:])
    model, problems = read_dmn(put_table(replace(sheet, columns=columns, rules=rules), FILE))
    assert model is not None
    assert [each.message_de for each in problems] == []
    return model


@pytest.mark.parametrize(
    ("text", "output", "reads"),
    [
        ("ort", "", ["alter", "ort"]),
        ("string length(ort)", "", ["alter", "ort"]),
        ("alter + 1", "if ort = null then 1 else 2", ["alter", "ort"]),
        ("einkommen", "", ["alter", "einkommen"]),
        ("monatliches einkommen", "", ["alter", "monatliches einkommen"]),
        ("alter2", "", ["alter", "alter2"]),
    ],
)
def test_what_a_new_column_reads_is_connected_with_the_decision(
    text: str, output: str, reads: list[str]
) -> None:
    model = with_column(text, output=output)
    assert [each.name for each in model.inputs_of("gebuehr")] == reads
    assert model.inputs_of("gebuehr")[1].type_name == ("string" if reads[1] == "ort" else "number")
    assert model.evaluate("gebuehr", {"alter": 3}).value == (0 if not output else 1)


def test_a_new_column_may_read_another_decision_of_the_file() -> None:
    (own, other) = with_column("stufe").decisions["gebuehr"].requires
    assert (own.path, other.path) == (("alter",), ("stufe",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("altr", "Meinten Sie „alter“?"),
        ("einkommen * 2", "verbinden Sie es"),
        ("gebuehr", "„gebuehr“ liest „gebuehr“"),
        ("if alter", "In FEEL heißt das: if … then … else …"),
    ],
)
def test_what_is_no_new_name_is_told_and_makes_no_input(text: str, said: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(said)):
        with_column(text)
