"""What an operator can set, through environment variables that start with `STAFFEL_`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from staffel.engine.documents import AddressError, Bucket, Folder, Storage
from staffel.engine.library import EndpointNames
from staffel.engine.worker import Endpoint, EndpointsError, SmtpServer, check_secrets, read_endpoints
from staffel.engine.worker.endpoints import LOOPBACK

MEGABYTE = 1024 * 1024
SHORTEST_KEY = 32


class SettingsError(ValueError):
    """A setting has a value that Staffel cannot use; the message names the variable and what is expected."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings; each is the variable `STAFFEL_<NAME>`. Sizes are bytes, times minutes."""

    database_url: Annotated[str, "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"] = (
        "sqlite:///var/staffel.db"
    )
    documents: Annotated[
        str, "folder, or s3://BUCKET/FOLDER, for the contents of documents; back it up with the database"
    ] = "var/documents"
    host: Annotated[str, "address to listen on"] = "127.0.0.1"
    port: Annotated[int, "port to listen on"] = 8000
    hosts: Annotated[frozenset[str], "names by which browsers reach Staffel, with commas between"] = (
        frozenset()
    )
    cookie_secure: Annotated[bool, "yes where Staffel is reached by https"] = False
    worker_in_server: Annotated[bool, "run timers and messages inside the server process"] = True
    max_upload: Annotated[int, "largest upload"] = 25 * MEGABYTE
    max_body: Annotated[int, "largest request that is not an upload"] = MEGABYTE
    session_idle: Annotated[int, "minutes without a request after which a session ends"] = 60
    session_length: Annotated[int, "minutes after which a session ends in any case"] = 12 * 60

    endpoints: Annotated[str, "YAML file of what service tasks may call over HTTP"] = ""
    url: Annotated[str, "address of Staffel as people type it, for links in mails"] = ""
    secret_key: Annotated[str, "at least 32 random characters; webhooks need it"] = ""
    s3_endpoint: Annotated[str, "address of the S3-compatible storage for s3://; empty: Amazon's"] = ""
    s3_region: Annotated[str, "its region"] = "us-east-1"
    s3_access_key: Annotated[str, "name to sign in there"] = ""
    s3_secret_key: Annotated[str, "secret for it"] = ""
    smtp_host: Annotated[str, "mail server; without one no mail is sent"] = ""
    smtp_port: Annotated[int, "its port"] = 587
    smtp_security: Annotated[str, "starttls, tls, or none (a server on this machine only)"] = "starttls"
    smtp_user: Annotated[str, "name to sign in at the mail server"] = ""
    smtp_password: Annotated[str, "password for it"] = ""
    mail_from: Annotated[str, "sender of mails"] = ""

    @property
    def webhook_key(self) -> bytes:
        """What secrets of webhooks are derived from; empty: there are none. Raises `SettingsError` when it is short."""
        if self.secret_key and len(self.secret_key) < SHORTEST_KEY:
            raise SettingsError(
                f"STAFFEL_SECRET_KEY: expected at least {SHORTEST_KEY} characters, found {len(self.secret_key)}"
            )
        return self.secret_key.encode()

    def document_storage(self) -> Storage:
        """Where the contents of documents lie. Raises `SettingsError`."""
        if "://" not in self.documents:
            return Folder(Path(self.documents))
        try:
            return Bucket(
                self.documents, self.s3_endpoint, self.s3_region, self.s3_access_key, self.s3_secret_key
            )
        except AddressError as err:
            raise SettingsError(f"STAFFEL_DOCUMENTS, STAFFEL_S3_…: {err}") from err

    def mail_server(self) -> SmtpServer | None:
        """Where mail goes out; None without one. Raises `SettingsError` when something is missing or unsafe."""
        if not self.smtp_host:
            return None
        if self.smtp_security not in {"starttls", "tls", "none"}:
            raise SettingsError(
                f"STAFFEL_SMTP_SECURITY: expected starttls, tls or none, found {self.smtp_security!r}"
            )
        if self.smtp_security == "none" and self.smtp_host not in LOOPBACK:
            raise SettingsError(
                f"STAFFEL_SMTP_SECURITY: none is for a server on this machine, found STAFFEL_SMTP_HOST {self.smtp_host!r}"
            )
        if not self.url.startswith(("http://", "https://")) or "@" not in self.mail_from:
            raise SettingsError("mail needs STAFFEL_URL (https://…) and STAFFEL_MAIL_FROM (staffel@…)")
        return SmtpServer(
            host=self.smtp_host,
            port=self.smtp_port,
            security=self.smtp_security,
            sender=self.mail_from,
            link=self.url,
            user=self.smtp_user,
            password=self.smtp_password,
        )

    def read_endpoints(self) -> dict[str, Endpoint]:
        """What service tasks may call, by name. Raises `SettingsError`."""
        if not self.endpoints:
            return {}
        try:
            return read_endpoints(Path(self.endpoints))
        except EndpointsError as err:
            raise SettingsError(f"STAFFEL_ENDPOINTS: {err}") from err

    def callable_endpoints(self) -> dict[str, Endpoint]:
        """The endpoints for a worker, which needs their secrets. Raises `SettingsError`."""
        endpoints = self.read_endpoints()
        try:
            check_secrets(endpoints)
        except EndpointsError as err:
            raise SettingsError(f"STAFFEL_ENDPOINTS: {err}") from err
        return endpoints

    def endpoint_names(self) -> EndpointNames:
        """The endpoints that models may name, with the municipalities that may use them (none: all)."""
        return {name: endpoint.municipalities for name, endpoint in self.read_endpoints().items()}

    @property
    def idle(self) -> timedelta:
        """How long a session lives without a request."""
        return timedelta(minutes=self.session_idle)

    @property
    def absolute(self) -> timedelta:
        """How long a session lives at most."""
        return timedelta(minutes=self.session_length)

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Host names a request may name (a guard against DNS rebinding); empty means any.

        Without `hosts`, a server on a loopback address answers to loopback names only.
        """
        if self.hosts or self.host not in LOOPBACK:
            return self.hosts
        return LOOPBACK


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment (default: this process's). Raises `SettingsError`."""
    source = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        name = f"STAFFEL_{setting.name.upper()}"
        if text := source.get(name):
            values[setting.name] = _parsed(name, text, type(setting.default))
    return Settings(**values)


def describe_settings() -> list[tuple[str, str, str]]:
    """Variable, default and meaning of every setting, for help and documentation."""
    hints = get_type_hints(Settings, include_extras=True)
    return [
        (f"STAFFEL_{setting.name.upper()}", _shown(setting.default), hints[setting.name].__metadata__[0])
        for setting in fields(Settings)
    ]


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return "" if isinstance(default, frozenset) else str(default)


def _parsed(name: str, text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() not in {"yes", "no", "true", "false", "1", "0"}:
            raise SettingsError(f"{name}: expected yes or no, found {text!r}")
        return text.lower() in {"yes", "true", "1"}
    if kind is int:
        if not text.isdecimal():
            raise SettingsError(f"{name}: expected a whole number, found {text!r}")
        return int(text)
    if kind is frozenset:
        return frozenset(part.strip().lower() for part in text.split(",") if part.strip())
    return text
