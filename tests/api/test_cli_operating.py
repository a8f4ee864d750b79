"""`staffel init`, `user`, `import`, `export`, `migrate`, `serve`: what an operator does."""

from __future__ import annotations

import io
import socket
import zipfile
from pathlib import Path

import pytest
from models import RELAY, RELAY_FILES
from people import RHEINE

from staffel.api.cli import COMMANDS, main
from staffel.api.cli.serve import load_application, port_is_free, with_free_port
from staffel.api.settings import Settings, SettingsError, read_settings

Captured = pytest.CaptureFixture[str]
INIT = ["init", "--ags", RHEINE, "--name", "Rheine", "--unit", "ABH", "--unit", "JC"]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> Path:
    """An installation with a municipality and its administrator."""
    monkeypatch.setenv("STAFFEL_DATABASE_URL", f"sqlite:///{tmp_path / 'var' / 'staffel.db'}")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(INIT) == 0
    capsys.readouterr()
    return tmp_path


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself_with_examples(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as done:
        main([command, "--help"])
    assert done.value.code == 0
    out = capsys.readouterr().out
    assert "examples:" in out
    assert f"staffel {command}" in out


def test_the_version_is_told(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("staffel ")


def test_wrong_usage_is_told_by_the_exit_code(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as done:
        main(["dance"])
    assert done.value.code == 2


def test_init_makes_an_administrator_with_a_password_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("STAFFEL_DATABASE_URL", f"sqlite:///{tmp_path / 'staffel.db'}")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(INIT) == 0
    assert len(capsys.readouterr().out.strip()) >= 20
    assert main(["init", "--if-needed"]) == 0
    assert main(["user", "list"]) == 0
    assert "admin  Administration  administration, analyse, prozessdesign" in capsys.readouterr().out


def test_init_again_adds_the_stellen_that_are_missing_and_changes_nothing_else(
    installation: Path, capsys: Captured
) -> None:
    assert main([*INIT, "--unit", "GA"]) == 0
    assert capsys.readouterr().out == ""  # no new password

    assert main(["unit", "list"]) == 0
    kinds = [line.split()[1] for line in capsys.readouterr().out.splitlines()]
    assert kinds == ["ABH", "GA", "JC"]


def test_stellen_are_added_afterwards_and_once(installation: Path, capsys: Captured) -> None:
    for _ in range(2):
        assert main(["unit", "add", "SCHA", "JC", "--municipality", RHEINE]) == 0
    assert main(["unit", "add", "SCH", "--name", "Südschule", "--municipality", RHEINE]) == 0
    capsys.readouterr()

    assert main(["unit", "list", "--municipality", RHEINE]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["ABH", "JC", "SCH", "SCHA"]
    assert any(line.endswith("Südschule") for line in lines)
    assert main(["unit", "add", "JC", "--municipality", "05999999"]) == 1


def test_without_a_terminal_init_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("STAFFEL_DATABASE_URL", f"sqlite:///{tmp_path / 'staffel.db'}")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["init"]) == 2
    assert "--ags" in capsys.readouterr().err


def test_an_account_is_made_changed_and_closed(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ein langes Kennwort\n"))
    add = ["user", "add", "muster", "--name", "M. Muster", "--municipality", RHEINE, "--password", "-"]
    assert main([*add, "--role", "sachbearbeitung@JC"]) == 0
    assert main(["user", "role", "muster", "analyse"]) == 0
    assert main(["user", "role", "muster", "sachbearbeitung@JC", "--take"]) == 0
    assert main(["user", "disable", "muster"]) == 0
    assert main(["user", "list", "--municipality", RHEINE]) == 0
    assert "muster  M. Muster  analyse  (closed)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["role", "nobody", "analyse"], "there is no account"),
        (["role", "admin", "king"], "expected one of the roles"),
        (["role", "admin", "sachbearbeitung@GA"], "expected one Stelle"),
    ],
)
def test_what_an_operator_mistypes_is_named(
    installation: Path, capsys: Captured, arguments: list[str], said: str
) -> None:
    assert main(["user", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_short_password_is_refused(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kurz\n"))
    assert main(["user", "password", "admin", "--password", "-"]) == 1
    assert "password-too-weak" in capsys.readouterr().err


def test_a_model_goes_in_and_comes_out_as_it_was(installation: Path, capsys: Captured) -> None:
    bundle = installation / "relay"
    for name, content in RELAY_FILES.items():
        (bundle / name).parent.mkdir(parents=True, exist_ok=True)
        (bundle / name).write_bytes(content)
    assert main(["import", str(bundle), "--municipality", RHEINE, "--in-force"]) == 0
    assert main(["export"]) == 0
    assert "relay@1" in capsys.readouterr().out
    target = installation / "out.zip"
    assert main(["export", "relay@1", "-o", str(target)]) == 0
    with zipfile.ZipFile(target) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == RELAY_FILES
    assert main(["import", str(target), "--municipality", RHEINE]) == 0


def test_a_model_with_errors_is_kept_as_a_draft(installation: Path, capsys: Captured) -> None:
    (installation / "m.bpmn").write_bytes(RELAY.replace(b'targetRef="B"', b'targetRef="Nirgends"'))
    assert main(["import", str(installation / "m.bpmn"), "--municipality", RHEINE, "--in-force"]) == 1
    assert "entwurf" in capsys.readouterr().err


def test_the_log_of_steps_has_no_names(installation: Path) -> None:
    (installation / "m.bpmn").write_bytes(RELAY)
    main(["import", str(installation / "m.bpmn"), "--municipality", RHEINE])
    target = installation / "steps.csv"
    assert main(["export", "--events", "relay", "-o", str(target)]) == 0
    head = target.read_text("utf-8-sig").splitlines()[0]
    assert head.startswith("vorgang;ags;prozess")
    assert main(["export", "--events", "nothing", "-o", str(target)]) == 1


def test_a_database_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        monkeypatch.setenv("STAFFEL_DATABASE_URL", f"postgresql://u@127.0.0.1:{port}/x")
        assert main(["migrate"]) == 3
    monkeypatch.setenv("STAFFEL_DATABASE_URL", "oracle://x")
    assert main(["migrate"]) == 2
    assert "STAFFEL_DATABASE_URL" in capsys.readouterr().err


def test_a_server_without_tables_says_how_to_make_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("STAFFEL_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert main(["serve", "--port", str(port)]) == 1
    assert "staffel migrate" in capsys.readouterr().err


def test_settings_come_from_the_environment_and_wrong_ones_are_named() -> None:
    settings = read_settings(
        {"STAFFEL_PORT": "9000", "STAFFEL_COOKIE_SECURE": "yes", "STAFFEL_HOSTS": "A.de, b.de"}
    )
    assert (settings.port, settings.cookie_secure, settings.hosts) == (9000, True, {"a.de", "b.de"})
    for name, value in {"STAFFEL_PORT": "many", "STAFFEL_COOKIE_SECURE": "perhaps"}.items():
        with pytest.raises(SettingsError, match=name):
            read_settings({name: value})


def test_a_busy_port_is_told_and_the_demo_takes_another(capsys: Captured) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = Settings(port=busy.getsockname()[1])
        assert not port_is_free(taken)
        assert with_free_port(taken).port != taken.port
        assert main(["serve", "--port", str(taken.port)]) == 3
    assert "in use" in capsys.readouterr().err


def test_the_server_loads_the_application_with_its_pages(installation: Path) -> None:
    app = load_application(read_settings())
    paths = {getattr(route, "path", "") for route in app.routes}
    assert "/static" in paths
    app.state.database.close()


def test_the_demo_is_built_once_and_left_alone_after_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STAFFEL_DATABASE_URL", raising=False)
    few = ["demo", "--no-serve", "--finished", "3", "--open", "1"]
    assert main(few) == 0
    assert "municipalities" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["demo.db"]
    assert main(few) == 0
    assert "municipalities" not in capsys.readouterr().err


def test_endpoints_are_listed_without_their_secrets_and_a_missing_one_is_told(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    file = installation / "endpoints.yaml"
    file.write_text(
        "register: {url: 'https://register.example', credentials: {kind: bearer, env: REGISTER_TOKEN}}"
    )
    monkeypatch.setenv("STAFFEL_ENDPOINTS", str(file))
    assert main(["endpoints"]) == 1
    monkeypatch.setenv("REGISTER_TOKEN", "streng-geheim")
    capsys.readouterr()

    assert main(["endpoints"]) == 0

    out = capsys.readouterr().out
    assert "POST https://register.example (public, 10 s, all municipalities)" in out
    assert "bearer from $REGISTER_TOKEN" in out
    assert "geheim" not in out
