"""Archives are judged before they are unpacked, and counted while they are."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from staffel.api.archives import FileRefused, checked_name, read_archive, read_files


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return buffer.getvalue()


def test_files_of_an_archive_come_without_its_top_folder() -> None:
    data = archive(("p1/model.bpmn", b"<a/>"), ("p1/forms/x.json", b"{}"), ("__MACOSX/p1/._model.bpmn", b"x"))
    assert read_files([("p1.zip", data)]) == {"model.bpmn": b"<a/>", "forms/x.json": b"{}"}


def test_the_same_name_in_two_uploads_is_refused() -> None:
    with pytest.raises(FileRefused, match="occurs twice"):
        read_files([("a.bpmn", b"<a/>"), ("b.zip", archive(("a.bpmn", b"<b/>")))])


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileRefused, match="is empty"):
        read_files([("a.bpmn", b"")])


@pytest.mark.parametrize(
    "name", ["../x.bpmn", "/etc/x.bpmn", "a/../../x", "C:\\x.bpmn", "a\\x", "x\u202egpj.bpmn", "a\nb", ""]
)
def test_names_with_tricks_are_refused(name: str) -> None:
    with pytest.raises(FileRefused, match="permissible name"):
        checked_name(name)


def test_paths_of_an_archive_are_checked() -> None:
    with pytest.raises(FileRefused, match="permissible name"):
        read_archive(archive(("../x.bpmn", b"<a/>")))


def test_a_symlink_is_refused() -> None:
    link = zipfile.ZipInfo("passwd")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(FileRefused, match="not a regular file"):
        read_archive(archive((link, b"/etc/passwd")))


def test_names_that_differ_in_case_only_are_refused() -> None:
    with pytest.raises(FileRefused, match="occurs twice"):
        read_archive(archive(("Model.bpmn", b"<a/>"), ("model.bpmn", b"<b/>")))


def test_a_bomb_is_refused_by_its_ratio() -> None:
    with pytest.raises(FileRefused, match="suspiciously tight"):
        read_archive(archive(("a.bpmn", b"\0" * 20_000_000)))


def test_many_entries_are_refused_before_they_are_listed() -> None:
    data = archive(*((f"f{number}", b"") for number in range(6_000)))
    with pytest.raises(FileRefused, match="more than 500 files"):
        read_archive(data)


def test_six_hundred_entries_are_refused() -> None:
    with pytest.raises(FileRefused, match="more than 500 files"):
        read_archive(archive(*((f"f{number}", b"") for number in range(600))))


def test_a_wrong_declared_size_is_refused() -> None:
    data = bytearray(archive(("a.bpmn", b"x" * 5_000)))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 10)
    with pytest.raises(FileRefused):
        read_archive(bytes(data))


def test_an_archive_larger_than_the_limit_when_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staffel.api.archives.MAX_UNPACKED", 1_000)
    with pytest.raises(FileRefused, match="larger than"):
        read_archive(archive(("a", b"x" * 600), ("b", b"y" * 600)))


def test_an_encrypted_entry_is_refused() -> None:
    data = bytearray(archive(("a.bpmn", b"<a/>")))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(FileRefused, match="encrypted"):
        read_archive(bytes(data))


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 10, b"PK\x03\x04" + b"x" * 500])
def test_a_damaged_archive_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused):
        read_archive(data)
