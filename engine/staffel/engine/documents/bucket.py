"""Contents of documents as objects of a bucket, in any storage that speaks S3 (ADR-0018). Needs the extra `s3`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from staffel.engine.documents.storage import ContentUnavailable, StorageUnavailable, checked, place_of

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

SCHEME: Final = "s3"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_ANSWERS_IN, _GIVES_UP_IN = timedelta(seconds=30), timedelta(seconds=20)


class AddressError(ValueError):
    """The address of a storage cannot be used; the message says what is expected."""


@dataclass(frozen=True)
class Bucket:
    """A bucket, and the beginning of its objects' names. Raises `AddressError` when something is missing or unsafe.

    `endpoint` empty: that of Amazon. `access_key` empty: what the environment of the machine gives.
    """

    address: str
    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if urlsplit(self.address).scheme != SCHEME or not urlsplit(self.address).netloc:
            raise AddressError(f"expected s3://BUCKET/FOLDER, found {self.address!r}")
        if find_spec("obstore") is None:
            raise AddressError("s3:// needs the package obstore: install staffel with its extra s3")
        url = urlsplit(self.endpoint)
        is_safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in _LOOPBACK)
        if self.endpoint and not is_safe:
            raise AddressError("the endpoint is expected to be https://… (http for this machine only)")
        if bool(self.access_key) != bool(self.secret_key):
            raise AddressError("access key and secret key belong together")

    def put(self, key: str, content: bytes) -> None:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - an extra

        try:
            self._objects.put(self._name(key), content, use_multipart=False)
        except (BaseError, OSError) as err:
            raise StorageUnavailable from err

    def get(self, key: str) -> bytes:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - an extra

        try:
            return checked(key, bytes(self._objects.get(self._name(key)).bytes()))
        except (BaseError, OSError) as err:
            raise ContentUnavailable from err

    def remove(self, key: str) -> None:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - an extra

        try:
            self._objects.delete(self._name(key))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as err:
            raise StorageUnavailable from err

    @cached_property
    def _objects(self) -> S3Store:
        from obstore.store import S3Store  # noqa: PLC0415 - an extra

        config: S3Config = {"region": self.region}
        if self.endpoint:
            config["endpoint"] = self.endpoint
        if self.access_key:
            config["access_key_id"], config["secret_access_key"] = self.access_key, self.secret_key
        return S3Store(
            urlsplit(self.address).netloc,
            config=config,
            client_options={"allow_http": self.endpoint.startswith("http:"), "timeout": _ANSWERS_IN},
            retry_config={"max_retries": 3, "retry_timeout": _GIVES_UP_IN},
        )

    def _name(self, key: str) -> str:
        folder = urlsplit(self.address).path.strip("/")
        return f"{folder}/{place_of(key)}" if folder else place_of(key)
