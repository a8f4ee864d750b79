"""Contents come back unchanged or not at all, from a folder and from a bucket of a real S3 server."""

from __future__ import annotations

import hashlib
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from obstore.store import S3Store

from staffel.api.settings import SettingsError, read_settings
from staffel.engine.documents import Bucket, ContentUnavailable, Folder, Storage, StorageUnavailable

CONTENT = b"%PDF-1.7\n%%EOF\n"
KEY = f"{hashlib.sha256(CONTENT).hexdigest()}-1"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 server with the bucket `staffel`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # moto's libraries warn about what they will change
        from moto.server import ThreadedMotoServer  # noqa: PLC0415 - slow to import

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        address = "http://{}:{}".format(*server.get_host_and_port())
        urlopen(Request(f"{address}/staffel", method="PUT")).close()
        yield address
        server.stop()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Folder(tmp_path / "documents")
    address = request.getfixturevalue("endpoint")
    return Bucket("s3://staffel/rheine", address, access_key="staffel", secret_key="geheim")


def test_a_content_comes_back_as_it_was_and_a_changed_or_missing_one_not_at_all(storage: Storage) -> None:
    storage.put(KEY, CONTENT)
    storage.put(KEY, CONTENT)
    assert storage.get(KEY) == CONTENT

    storage.put(KEY, CONTENT + b" ")
    with pytest.raises(ContentUnavailable):
        storage.get(KEY)
    storage.remove(KEY)
    storage.remove(KEY)
    with pytest.raises(ContentUnavailable):
        storage.get(KEY)


def test_a_content_is_readable_for_the_server_alone(tmp_path: Path) -> None:
    Folder(tmp_path).put(KEY, CONTENT)
    (stored,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert stored.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_a_storage_that_does_not_answer_is_told_and_holds_nobody_up(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    storage: Storage = (
        Folder(tmp_path / "file")
        if kind == "folder"
        else Bucket("s3://staffel", "http://127.0.0.1:9", access_key="staffel", secret_key="geheim")
    )
    with pytest.raises(StorageUnavailable):
        storage.put(KEY, CONTENT)
    with pytest.raises(ContentUnavailable):
        storage.get(KEY)
    with pytest.raises(StorageUnavailable):
        storage.remove(KEY)
    assert "geheim" not in repr(storage)


def test_contents_lie_at_the_same_places_in_both_so_that_they_can_be_copied_over(
    endpoint: str, tmp_path: Path
) -> None:
    keys = {"access_key": "staffel", "secret_key": "geheim"}
    Folder(tmp_path).put(KEY, CONTENT)
    (stored,) = (path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    Bucket("s3://staffel/copied/", endpoint, **keys).put(KEY, CONTENT)
    other = S3Store(
        "staffel",
        config={"endpoint": endpoint, "access_key_id": "staffel", "secret_access_key": "geheim"},
        client_options={"allow_http": True},
    )
    assert [found["path"] for found in other.list("copied").collect()] == [f"copied/{stored}"]


@pytest.mark.parametrize(
    "said",
    [
        {"DOCUMENTS": "s3:///folder"},
        {"DOCUMENTS": "ftp://bucket"},
        {"DOCUMENTS": "s3://bucket", "S3_ENDPOINT": "http://storage.stadt.example"},
        {"DOCUMENTS": "s3://bucket", "S3_ACCESS_KEY": "a"},
    ],
)
def test_a_storage_that_cannot_be_used_is_told_at_the_start(said: dict[str, str]) -> None:
    settings = read_settings({f"STAFFEL_{name}": value for name, value in said.items()})
    with pytest.raises(SettingsError, match="STAFFEL_DOCUMENTS"):
        settings.document_storage()
