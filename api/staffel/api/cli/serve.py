"""`staffel serve`: the web server."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import logging
import socket
from importlib import import_module
from typing import Any

import uvicorn

from staffel.api.cli.output import Exit, say_error
from staffel.api.cli.storage import open_database
from staffel.api.health.service import check_database
from staffel.api.logs import log_to_stderr
from staffel.api.settings import Settings, describe_settings, read_settings

APPLICATION = "staffel.ui.app:create_application"
"""The pages stand above the API (import rule `ui -> api`), so that the whole application is loaded by name."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    add_address(parser)
    parser.epilog = (
        "examples:\n"
        "  staffel serve                                    SQLite under var/, http://127.0.0.1:8000\n"
        "  STAFFEL_DATABASE_URL=postgresql://staffel:…@db/staffel STAFFEL_COOKIE_SECURE=yes \\\n"
        "    STAFFEL_HOSTS=staffel.stadt.example staffel serve --host 0.0.0.0\n\n"
        "With PostgreSQL any number of servers and workers share the work.\n\n"
        "settings (environment variable, default, meaning):\n"
        + "\n".join(f"  {name:27}{default:27}{note}" for name, default, note in describe_settings())
    )


def add_address(parser: argparse.ArgumentParser) -> None:
    """The options that say where to listen."""
    parser.add_argument("--host", help="address to listen on (default: STAFFEL_HOST or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: STAFFEL_PORT or 8000)")


def run(arguments: argparse.Namespace) -> Exit:
    """Serve until interrupted."""
    settings = settings_of(arguments)
    if not port_is_free(settings):
        say_error(
            f"port {settings.port} of {settings.host} is in use; name another one: --port {settings.port + 1}"
        )
        return Exit.OUTSIDE
    with open_database(settings, migrated=False) as database:
        check_database(database)
    say_error(f"serving on {address(settings)} (Ctrl+C ends)")
    serve(settings)
    return Exit.DONE


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The environment's settings with the address of the command line."""
    given = {name: value for name in ("host", "port") if (value := getattr(arguments, name)) is not None}
    return dataclasses.replace(read_settings(), **given)


def serve(settings: Settings, *, level: int = logging.INFO) -> None:
    """Run the whole application, pages included."""
    log_to_stderr(level)
    config = uvicorn.Config(
        load_application(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.cookie_secure,
        timeout_graceful_shutdown=10,
    )
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run()


class Server(uvicorn.Server):
    """A server that ends its streams first when it stops; it would wait for them otherwise."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server`."""
        self.config.app.state.streams.stop()  # type: ignore[union-attr]  # always our application
        await super().shutdown(sockets)


def load_application(settings: Settings) -> Any:
    """The ASGI application with its pages."""
    module, _, name = APPLICATION.partition(":")
    return getattr(import_module(module), name)(settings)


def address(settings: Settings) -> str:
    """What to type into the browser."""
    return f"http://{settings.host}:{settings.port}/"


def port_is_free(settings: Settings) -> bool:
    """Whether the port can be listened on now."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def with_free_port(settings: Settings) -> Settings:
    """The settings, with another port where theirs is in use."""
    if port_is_free(settings):
        return settings
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.bind((settings.host, 0))
        return dataclasses.replace(settings, port=probe.getsockname()[1])
