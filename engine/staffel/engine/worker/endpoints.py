"""The endpoints that service tasks may call: named and configured by the operator in a YAML file, and nowhere else."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
import yaml
from msgspec import Meta

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
NAME: Final = re.compile("[a-z][a-z0-9-]{0,59}")
FIELD: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PATH: Final = re.compile(r"(/([A-Za-z0-9._~-]|\{[A-Za-z_][A-Za-z0-9_]*\})*)*")
_HEADER: Final = re.compile("[A-Za-z][A-Za-z0-9-]*")
MEGABYTE: Final = 1024 * 1024


class EndpointsError(ValueError):
    """The file of endpoints cannot be used; the message says where and what is expected."""


class Network(StrEnum):
    """Where the addresses of an endpoint lie: the internet, also networks of one's own, or this machine (for trials)."""

    PUBLIC = "public"
    PRIVATE = "private"
    LOOPBACK = "loopback"


class Method(StrEnum):
    """How an endpoint is called."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"


class CredentialKind(StrEnum):
    """How Staffel shows who it is: `Authorization: Bearer …`, `Authorization: Basic …`, or a header of its own."""

    BEARER = "bearer"
    BASIC = "basic"
    HEADER = "header"


class Credentials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the secret is read from at every call: an environment variable or a file. The secret itself is kept nowhere."""

    kind: CredentialKind
    env: str = ""
    file: str = ""
    user: str = ""
    header: str = ""

    def headers(self) -> dict[str, str]:
        """The header to send. Raises `EndpointsError` when the secret is missing."""
        secret = self._secret()
        match self.kind:
            case CredentialKind.BEARER:
                return {"authorization": f"Bearer {secret}"}
            case CredentialKind.BASIC:
                pair = base64.b64encode(f"{self.user}:{secret}".encode()).decode()
                return {"authorization": f"Basic {pair}"}
            case CredentialKind.HEADER:
                return {self.header: secret}

    def _secret(self) -> str:
        try:
            found = os.environ.get(self.env, "") if self.env else Path(self.file).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise EndpointsError(f"the secret cannot be read from the file {self.file}") from err
        found = found.strip()
        if not found or not found.isprintable() or not found.isascii():
            where = f"the variable {self.env}" if self.env else f"the file {self.file}"
            raise EndpointsError(f"expected a secret of one line in {where}, found none")
        return found

    def fault(self) -> str | None:
        """What is wrong with it."""
        if bool(self.env) == bool(self.file):
            return "credentials: expected either env or file"
        if bool(self.user) != (self.kind is CredentialKind.BASIC):
            return "credentials: user is for basic, and needed there"
        if bool(_HEADER.fullmatch(self.header)) != (self.kind is CredentialKind.HEADER):
            return "credentials: header is for kind header, and needed there"
        return None


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One operation of another system. `timeout` in seconds for the whole call, `max_response` in bytes.

    `{name}` in `path` is filled from the inputs of the task. `municipalities` (AGS) says who may use it; empty: all.
    """

    url: str
    path: str = ""
    method: Method = Method.POST
    network: Network = Network.PUBLIC
    timeout: Annotated[float, Meta(gt=0, le=300)] = 10.0
    max_response: Annotated[int, Meta(ge=1, le=25 * MEGABYTE)] = MEGABYTE
    credentials: Credentials | None = None
    municipalities: frozenset[str] = frozenset()

    def serves(self, municipality: str) -> bool:
        """Whether models of the municipality may use it."""
        return not self.municipalities or municipality in self.municipalities

    def fault(self) -> str | None:
        """What is wrong with it."""
        url = urlsplit(self.url)
        local = self.network is Network.LOOPBACK
        if local != (url.hostname in LOOPBACK):
            return "network: loopback is for 127.0.0.1, ::1 and localhost, and needed there"
        if url.scheme != "https" and not (local and url.scheme == "http"):
            return f"url: expected https://…, found {url.scheme or 'no scheme'} (http is for network: loopback only)"
        if not url.hostname or url.username is not None or url.query or url.fragment:
            return "url: expected https://HOST/PATH without user, ? and #"
        if not _PATH.fullmatch(self.path) or "/.." in self.path or "/./" in self.path:
            return "path: expected /part/{name} of letters, digits, . _ ~ - and {name}"
        return self.credentials.fault() if self.credentials else None


def read_endpoints(path: Path) -> dict[str, Endpoint]:
    """The endpoints of a file by name; secrets are not read. Raises `EndpointsError`."""
    try:
        said = yaml.safe_load(path.read_bytes())
        found = msgspec.convert(said, dict[str, Endpoint])
    except OSError as err:
        raise EndpointsError(f"{path} cannot be read: {err.strerror}") from err
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise EndpointsError(f"{path}: expected YAML") from err
    except msgspec.ValidationError as err:
        raise EndpointsError(f"{path}: {err}") from err
    for name, endpoint in found.items():
        if not NAME.fullmatch(name):
            raise EndpointsError(f"{path}: expected a name of a-z, 0-9 and -, found {name[:60]!r}")
        if fault := endpoint.fault():
            raise EndpointsError(f"{path}: {name}: {fault}")
    return found


def check_secrets(endpoints: Mapping[str, Endpoint]) -> None:
    """Raise `EndpointsError` when a secret is missing: the worker tells it when it starts, not at the first call."""
    for name, endpoint in endpoints.items():
        try:
            if endpoint.credentials:
                endpoint.credentials.headers()
        except EndpointsError as err:
            raise EndpointsError(f"{name}: {err}") from err
