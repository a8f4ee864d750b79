"""The vendored browser libraries are what the lock says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tools import vendor


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the vendored files that a test may spoil."""
    folder = tmp_path / "vendor"
    shutil.copytree(vendor.FOLDER, folder)
    return folder


@pytest.mark.parametrize("folder", vendor.FOLDERS, ids=lambda folder: folder.parent.name)
def test_vendored_files_are_as_locked(folder: Path) -> None:
    assert vendor.faults(folder) == []


def test_changed_file_is_found(copy: Path) -> None:
    with (copy / "htmx" / "htmx.min.js").open("a") as file:
        file.write(" ")
    assert any("htmx/htmx.min.js differs" in fault for fault in vendor.faults(copy))


def test_missing_file_is_found(copy: Path) -> None:
    (copy / "kern" / "kern.min.css").unlink()
    assert any("kern/kern.min.css is missing" in fault for fault in vendor.faults(copy))


def test_unlisted_file_is_found(copy: Path) -> None:
    (copy / "bpmn-js" / "extra.js").write_text("")
    assert any("bpmn-js/extra.js is in no library" in fault for fault in vendor.faults(copy))


def test_lock_names_no_download_address() -> None:
    assert "://" not in (vendor.FOLDER / vendor.LOCK).read_text()


def test_lock_is_written_as_it_is_read(copy: Path) -> None:
    before = (copy / vendor.LOCK).read_text()
    vendor.write_lock(vendor.read_lock(copy), copy)
    assert (copy / vendor.LOCK).read_text() == before
