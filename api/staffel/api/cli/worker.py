"""`staffel worker`: run timers and messages beside the web servers."""

from __future__ import annotations

import argparse
import signal
import threading

from staffel.api.cli.output import Exit, say_error
from staffel.api.cli.storage import open_database
from staffel.api.clock import utc_now
from staffel.api.logs import log_to_stderr
from staffel.api.settings import read_settings
from staffel.engine.worker import Worker


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parser.add_argument(
        "--interval", type=float, default=1.0, metavar="SECONDS", help="pause between two looks"
    )
    parser.epilog = (
        "examples:\n"
        "  STAFFEL_DATABASE_URL=postgresql://staffel:…@db/staffel staffel worker\n\n"
        "Any number of workers may run; each piece of work is done once, in the transaction that locks it. A worker\n"
        "that is killed leaves nothing behind. `staffel serve` runs one inside unless STAFFEL_WORKER_IN_SERVER=no."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Work until interrupted or told to end."""
    log_to_stderr()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    settings = read_settings()
    mail, endpoints = settings.mail_server(), settings.callable_endpoints()
    with open_database(settings, migrated=False) as database:
        say_error("working (Ctrl+C ends)")
        Worker(
            database,
            utc_now,
            interval=arguments.interval,
            mail=mail,
            documents=settings.document_storage(),
            endpoints=endpoints,
        ).run(stop)
    return Exit.DONE
