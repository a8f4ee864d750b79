"""`staffel feel` and `staffel decide`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from staffel.api.cli import main
from staffel.processes import reference_bundles

DECISION = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
  <inputData id="i" name="Alter"><variable name="Alter" typeRef="number"/></inputData>
  <decision id="volljaehrig" name="Volljährig"><variable name="Volljährig"/>
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input label="Alter"><inputExpression typeRef="number"><text>Alter</text></inputExpression></input>
      <output name="x"/>
      <rule><inputEntry><text>&gt;= 18</text></inputEntry><outputEntry><text>"ja"</text></outputEntry></rule>
      <rule><inputEntry><text>&lt; 18</text></inputEntry><outputEntry><text>"nein"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


@pytest.fixture
def decision(tmp_path: Path) -> str:
    path = tmp_path / "d.dmn"
    path.write_text(DECISION, "utf-8")
    return str(path)


def test_an_expression_is_evaluated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feel", "a + 1", "--data", '{"a": 2}']) == 0
    assert capsys.readouterr().out == "3\n"


def test_data_comes_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "data.yaml"
    path.write_text("haushalt: [{alter: 7}, {alter: 40}]")
    assert main(["feel", "count(haushalt[alter < 18])", "--data", f"@{path}"]) == 0
    assert capsys.readouterr().out == "1\n"


def test_a_syntax_error_shows_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feel", "2 +"]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == ["staffel:   2 +", "staffel:      ^"]


def test_reasons_are_told_in_german_where_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feel", "amount == 1", "--lang", "de"]) == 1
    assert "Zeile 1, Spalte 9: Erwartet" in capsys.readouterr().err
    assert main(["feel", "date(1)", "--lang", "de"]) == 1
    assert "null" not in capsys.readouterr().err


def test_a_null_comes_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feel", "unbekannt + 1", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["value"] is None
    assert answer["problems"]


@pytest.mark.parametrize("data", ["{", "[1]", "@nirgends.json"])
def test_data_that_cannot_be_read_is_refused(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feel", "1", "--data", data]) in {2, 3}
    assert capsys.readouterr().err.startswith("staffel: ")


def test_a_decision_is_taken_and_explained(decision: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", decision, "--data", '{"Alter": 17}', "--explain"]) == 0
    out = capsys.readouterr().out
    assert out.startswith('"nein"\n')
    assert "Regel 2" in out


def test_dates_in_the_data_are_dates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "d.dmn"
    dated = DECISION.replace('typeRef="number"', 'typeRef="date"').replace(
        "&gt;= 18", '&gt;= date("2026-06-01")'
    )
    path.write_text(dated.replace("&lt; 18", '&lt; date("2026-06-01")'), "utf-8")
    for day, value in (("2026-06-01", "ja"), ("2026-05-31", "nein")):
        assert main(["decide", str(path), "--data", json.dumps({"Alter": day})]) == 0
        assert json.loads(capsys.readouterr().out) == value
    data = tmp_path / "data.yaml"
    data.write_text("Alter: 2026-06-01")
    assert main(["decide", str(path), "--data", f"@{data}"]) == 0
    assert json.loads(capsys.readouterr().out) == "ja"
    assert main(["decide", str(path), "--data", '{"Alter": "1.6.2026"}']) == 1
    assert "Alter" in capsys.readouterr().err


def test_an_unknown_decision_is_named_with_those_that_exist(
    decision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["decide", decision, "--decision", "Anderes"]) == 1
    assert "Volljährig" in capsys.readouterr().err


def test_a_file_that_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", "nirgends.dmn"]) == 3
    assert "nirgends.dmn" in capsys.readouterr().err


def test_decide_picks_the_version_by_key_date_and_runs_test_sets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = reference_bundles()["rechtskreiswechsel"]
    before, after = (folder / f"dt-1-1-umstellungszeitpunkt{end}.dmn" for end in ("", "-ab-2026-07"))
    shared = ["--decision", "umstellungszeitpunkt", "--version", str(after)]
    data = '{"schutzform": "par_24", "wirksam_am": null}'

    main(["decide", str(before), *shared, "--data", data, "--key-date", "2026-08-01"])
    assert "Erster Titel nach dem 31.03.2025" in capsys.readouterr().out
    main(["decide", str(before), *shared, "--data", data, "--key-date", "2026-03-01"])
    assert "Stichtage prüfen" in capsys.readouterr().out
    tests = folder / "tests" / "umstellungszeitpunkt.yaml"
    assert main(["decide", str(before), "--version", str(after), "--tests", str(tests)]) == 0
    assert "✓ umstellungszeitpunkt: Duldung" in capsys.readouterr().out
    red = tmp_path / "rot.yaml"
    red.write_text("entscheidung: umstellungszeitpunkt\nfaelle: [{name: rot, eingaben: {}, erwartet: 1}]")
    assert main(["decide", str(before), "--version", str(after), "--tests", str(red), "--json"]) == 1
    assert '"passed": false' in capsys.readouterr().out


def test_a_table_is_written_as_xlsx_and_taken_back(decision: str, tmp_path: Path) -> None:
    sheet, back = str(tmp_path / "d.xlsx"), str(tmp_path / "neu.dmn")

    assert main(["table", "export", decision, "--decision", "volljaehrig", "-o", sheet]) == 0
    assert main(["table", "import", sheet, "--into", decision, "-o", back]) == 0
    assert main(["decide", back, "--data", '{"Alter": 20}']) == 0
    assert main(["table", "export", decision, "--decision", "nichts", "-o", sheet]) == 1
