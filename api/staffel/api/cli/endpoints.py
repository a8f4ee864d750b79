"""`staffel endpoints`: what service tasks may call, and which models do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from staffel.api.cli.output import Exit, say_error
from staffel.api.cli.storage import open_database
from staffel.api.settings import read_settings
from staffel.engine import cases, library
from staffel.engine.worker import Endpoint, EndpointsError


def configure(parser: argparse.ArgumentParser) -> None:
    """Help of the command."""
    parser.epilog = (
        "examples:\n"
        "  STAFFEL_ENDPOINTS=/etc/staffel/endpoints.yaml staffel endpoints\n\n"
        "Secrets are never shown, only whether they are there. The exit code is 1 when a secret is missing, or a model in\n"
        "force or an open step needs an endpoint that is not configured. The file: docs/endpoints.md"
    )


def run(_arguments: argparse.Namespace) -> Exit:
    """List the endpoints with their uses, then what is missing."""
    settings = read_settings()
    endpoints = settings.read_endpoints()
    with open_database(settings, migrated=False) as database:
        uses = database.read(library.uses_in_force)
        waited_for = database.read(cases.endpoints_waited_for)
    missing = sorted(({use.endpoint for use in uses} | set(waited_for)) - endpoints.keys())
    fit = not missing
    for name in sorted(endpoints):
        told, is_there = _credentials(endpoints[name])
        fit = fit and is_there
        print(f"{name}\n  {_address(endpoints[name])}\n  {told}")
        _print_uses([use for use in uses if use.endpoint == name])
    for name in missing:
        waits = "; work waits for it" if name in waited_for else ""
        say_error(f"{name}: not configured{waits}")
        _print_uses([use for use in uses if use.endpoint == name])
    return Exit.DONE if fit else Exit.NO


def _address(endpoint: Endpoint) -> str:
    whose = ", ".join(sorted(endpoint.municipalities)) or "all municipalities"
    where = f"{endpoint.url.rstrip('/')}{endpoint.path}"
    return f"{endpoint.method} {where} ({endpoint.network}, {endpoint.timeout:g} s, {whose})"


def _credentials(endpoint: Endpoint) -> tuple[str, bool]:
    credentials = endpoint.credentials
    if credentials is None:
        return "no credentials", True
    source = f"${credentials.env}" if credentials.env else credentials.file
    try:
        credentials.headers()
    except EndpointsError as err:
        return f"{credentials.kind}: {err}", False
    return f"{credentials.kind} from {source}", True


def _print_uses(uses: Sequence[library.EndpointUse]) -> None:
    for use in uses:
        print(
            f"  used by {use.process} {use.number} ({use.municipality or 'common'}): {', '.join(use.steps)}"
        )
