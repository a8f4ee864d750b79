"""`staffel check` and `staffel play`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from models import BPMN, MACHINE, RELAY, RELAY_FILES

from staffel.api.cli import main

BROKEN = RELAY.replace(b'targetRef="B"', b'targetRef="Nirgends"')


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def test_a_sound_model_has_no_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder(tmp_path / "relay", RELAY_FILES))]) == 0
    assert "0 errors" in capsys.readouterr().err


def test_an_error_is_told_with_code_element_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.bpmn").write_bytes(BROKEN)
    assert main(["check", str(tmp_path / "m.bpmn"), "--json", "--errors-only"]) == 1
    findings = json.loads(capsys.readouterr().out)
    dangling = next(finding for finding in findings if finding["element"] == "f2")
    assert dangling["severity"] == "error"
    assert dangling["line"] > 1
    assert {"code", "text", "text_de", "mend", "file"} <= dangling.keys()


def test_what_mends_findings_that_follow_each_other_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    throw = '<intermediateThrowEvent id="{0}"><messageEventDefinition/></intermediateThrowEvent>'.format
    body = f"""<startEvent id="s"/>{throw("a")}{throw("b")}<endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
    <sequenceFlow id="f3" sourceRef="b" targetRef="e"/>"""
    (tmp_path / "m.bpmn").write_text(
        f'<definitions {BPMN} targetNamespace="t"><process id="P">{body}</process></definitions>'
    )
    assert main(["check", str(tmp_path / "m.bpmn")]) == 1
    printed = capsys.readouterr().out
    assert printed.count("[message-missing]") == 2
    assert printed.count("→ Im Zeichenprogramm am Ereignis eine Nachricht anlegen") == 1


def test_a_model_is_compared_with_spiffworkflow_on_demand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(folder(tmp_path / "relay", RELAY_FILES))
    assert main(["check", place, "--json"]) == 0
    assert not any(each["layer"] == "portability" for each in json.loads(capsys.readouterr().out))
    assert main(["check", place, "--json", "--portability"]) == 0
    found = [each for each in json.loads(capsys.readouterr().out) if each["layer"] == "portability"]
    assert {each["code"] for each in found} & {
        "portability-runs",
        "portability-waits",
        "portability-not-loaded",
    }
    assert all(each["text"] != each["text_de"] for each in found)


def test_every_model_below_a_folder_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder(tmp_path / "a", RELAY_FILES)
    folder(tmp_path / "b", {"one.bpmn": BROKEN, "two.bpmn": MACHINE, "nested/three.bpmn": BROKEN})
    assert main(["check", str(tmp_path), "--json", "--errors-only"]) == 1
    models = {finding["model"] for finding in json.loads(capsys.readouterr().out)}
    assert models == {str(tmp_path / "b" / "one.bpmn"), str(tmp_path / "b" / "nested")}


def test_what_is_no_model_is_a_finding_and_what_is_missing_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.bpmn").write_bytes(b"no xml")
    assert main(["check", str(tmp_path / "m.bpmn")]) == 1
    assert "xml-malformed" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "nirgends.bpmn")]) == 3
    assert main(["check", str(folder(tmp_path / "empty", {"x.txt": b"x"}))]) == 2


FOREIGN = RELAY.replace(
    b"<userTask ",
    b'<userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:dueDate="${frist}" camunda:assignee="x" ',
    1,
)


def test_what_an_import_makes_of_a_model_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder(tmp_path / "foreign", {**RELAY_FILES, "relay.bpmn": FOREIGN})
    main(["check", str(path)])
    printed = capsys.readouterr().out
    assert "Import: in FEEL übersetzt, bitte prüfen (1)" in printed
    assert "${frist} → frist" in printed
    assert printed.index("Import: übernommen (1)") < printed.index(
        "Import: nicht übernommen, ohne Wirkung (1)"
    )
    main(["check", str(path), "--json"])
    told = {each["was"]: (each["import"], each["became"]) for each in json.loads(capsys.readouterr().out)}
    assert told["${frist}"] == ("translated", "frist")
    assert told["camunda:assignee"] == ("left", "")


def test_json_without_findings_is_an_empty_array(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(folder(tmp_path / "relay", RELAY_FILES)), "--json", "--errors-only"])
    assert json.loads(capsys.readouterr().out) == []


def test_a_model_plays_to_its_end_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder(tmp_path / "relay", RELAY_FILES)
    assert main(["play", str(path), "--auto", "--values", "{name: Amal}", "--json"]) == 0
    events = json.loads(capsys.readouterr().out)
    assert events[-1]["event"] == "CaseEnded"
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))


def test_play_begins_at_the_start_event_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = (
        f'<definitions {BPMN} id="d" targetNamespace="urn:t"><process id="p" isExecutable="true"><startEvent id="a"/>'
        '<startEvent id="b"/><task id="t"/><sequenceFlow id="f" sourceRef="a" targetRef="t"/>'
        '<sequenceFlow id="g" sourceRef="b" targetRef="t"/></process></definitions>'
    )
    (tmp_path / "m.bpmn").write_text(model)
    (tmp_path / "s.yaml").write_text("- start: {at: b}")
    play = ["play", str(tmp_path / "m.bpmn"), "--json"]

    assert main([*play, "--auto"]) == 2
    assert "say which: a, b" in capsys.readouterr().err
    for chosen in (["--auto", "--at", "b"], ["--steps", str(tmp_path / "s.yaml")]):
        assert main([*play, *chosen]) == 0
        events = json.loads(capsys.readouterr().out)
        assert next(each for each in events if each["event"] == "CaseStarted")["element"] == "b"


@pytest.mark.parametrize(("ends", "code"), [("true", 0), ("false", 1)])
def test_scenarios_beside_a_model_are_green_or_red(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ends: str, code: int
) -> None:
    scenario = f"""
    name: Hauptweg
    schritte: [{{erledigen: A, werte: {{name: Amal}}}}, {{annehmen: f2}}, {{erledigen: B, werte: {{betrag: 1}}}}]
    erwartet: {{beendet: {ends}}}
    """
    path = folder(tmp_path / "relay", RELAY_FILES | {"scenarios/s.yaml": scenario.encode()})
    assert main(["play", str(path), "--scenarios", "--json"]) == code
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["name"], told["green"], told["steps"]) == ("Hauptweg", code == 0, 3)
    assert code == 0 or told["fault"]["expected"] == "the case still runs"
    assert main(["play", str(path), "--scenarios"]) == code
    assert ("red" in capsys.readouterr().out) == bool(code)


def test_steps_of_a_file_are_carried_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.bpmn").write_bytes(MACHINE)
    (tmp_path / "s.yaml").write_text("- start: {}\n- complete: W\n- wait: P2D\n- send: {name: Antwort}\n")
    assert main(["play", str(tmp_path / "m.bpmn"), "--steps", str(tmp_path / "s.yaml"), "--json"]) == 0
    events = json.loads(capsys.readouterr().out)
    assert (events[-1]["event"], events[-1]["at"][:10]) == ("CaseEnded", "2026-01-07")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("- dance: x", "expected one of start"),
        ("- complete: Nirgends", "what waits: W"),
        ("- wait: morgen", "ISO 8601"),
        ("- send: {name: Antwort}", "nobody waits"),
        ("- start: Nirgends", "there is no process"),
        ("x: [", "not YAML"),
    ],
)
def test_a_step_that_cannot_be_done_says_what_could_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], steps: str, said: str
) -> None:
    (tmp_path / "m.bpmn").write_bytes(MACHINE)
    (tmp_path / "s.yaml").write_text(steps)
    assert main(["play", str(tmp_path / "m.bpmn"), "--steps", str(tmp_path / "s.yaml")]) in {1, 2}
    assert said in capsys.readouterr().err


def test_commands_come_from_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m.bpmn").write_bytes(MACHINE)
    monkeypatch.setattr("sys.stdin", io.StringIO("list\ncomplete W {seiten: 2}\nvars\nsend Antwort\ntrace\n"))
    assert main(["play", str(tmp_path / "m.bpmn")]) == 0
    out = capsys.readouterr().out
    assert "work      W" in out
    assert '"seiten": 2' in out
    assert "CaseEnded" in out


def test_an_incident_at_the_end_is_told_by_the_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.bpmn").write_bytes(MACHINE)
    monkeypatch.setattr("sys.stdin", io.StringIO("fail W kaputt\n"))
    assert main(["play", str(tmp_path / "m.bpmn")]) == 1
    assert "incident" in capsys.readouterr().out


def test_a_model_drawn_to_be_read_gets_its_to_do_list_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = tmp_path / "m.bpmn"
    drawn.write_bytes(RELAY.replace(b' isExecutable="true"', b"").replace(b"userTask", b"task"))
    main(["check", str(drawn), "--lang", "en"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].strip() == "Before this model runs, it lacks:"
    assert lines[2].strip().startswith("Give tasks a type (")
    main(["check", str(drawn), "--json"])
    kinds = [finding["todo"] for finding in json.loads(capsys.readouterr().out)]
    assert kinds[0] == "task-types"
    assert "executable" in kinds
