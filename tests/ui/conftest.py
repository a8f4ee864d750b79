"""A small installation with a real server and a real Chromium."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from people import use_quick_hashes
from ui_site import NOW, Site, Visitor, add_people, fill

from staffel.api.cli.serve import Server
from staffel.api.settings import Settings
from staffel.engine.accounts.sessions import actor_of_account
from staffel.engine.documents import Folder
from staffel.engine.store import Database
from staffel.ui.app import create_application


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Site]:
    """The installation, served on a free port. Time stands still."""
    database = Database(f"sqlite:///{shutil.copy(migrated_file, tmp_path_factory.mktemp('ui'))}")
    with pytest.MonkeyPatch.context() as patch:
        use_quick_hashes(patch)
        accounts = database.run(add_people)
    actors = {
        login: database.read(actor_of_account, account_id=account_id)
        for login, account_id in accounts.items()
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Site(
        f"http://127.0.0.1:{port}", database, {name: actor for name, actor in actors.items() if actor}
    )
    fill(made)
    application = create_application(
        Settings(port=port),
        database=database,
        documents=Folder(tmp_path_factory.mktemp("documents")),
        clock=lambda: NOW,
    )
    server = Server(uvicorn.Config(application, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield made
    server.should_exit = True
    thread.join(timeout=10)
    assert not thread.is_alive(), "Expected the server to stop, whoever listens"
    database.close()


@pytest.fixture
def visitor(browser: Any, site: Site) -> Iterator[Any]:
    """Makes visitors: `visitor("cm", color_scheme="dark")`."""
    opened: list[Visitor] = []

    def make(login: str | None, **options: Any) -> Visitor:
        opened.append(Visitor(browser, site, login, **options))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
