"""How the command line speaks: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from enum import IntEnum
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.text import Text

from staffel.engine.errors import Refusal


class Exit(IntEnum):
    """What the exit code says."""

    DONE = 0
    NO = 1
    USAGE = 2
    OUTSIDE = 3
    INTERRUPTED = 130


class UsageError(Refusal):
    """The command was given something it cannot use."""

    code = "usage"


def console() -> Console:
    """Standard output; plain when it is no terminal."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=not sys.stdout.isatty())


def say_error(text: str) -> None:
    """One line on standard error."""
    Console(file=sys.stderr, highlight=False, soft_wrap=True).print(
        Text.assemble(("staffel: ", "bold"), text)
    )


def tell_refusal(refusal: Refusal) -> None:
    """A refusal with what was found."""
    say_error(f"{refusal} [{refusal.code}]")
    for name, value in refusal.details.items():
        say_error(f"  {name}: {value}")


def print_json(value: Any) -> None:
    """A value as JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def read_data(text: str) -> Any:
    """JSON given in an argument, or `@FILE` for a JSON or YAML file. Raises `UsageError`."""
    try:
        if text.startswith("@"):
            return yaml.safe_load(Path(text[1:]).read_text("utf-8"))
        return json.loads(text)
    except (json.JSONDecodeError, yaml.YAMLError) as err:
        raise UsageError(f"expected JSON, or @FILE with JSON or YAML, found {text[:60]!r}: {err}") from err


def read_context(text: str) -> dict[str, Any]:
    """As `read_data`, for names and values. Raises `UsageError`."""
    data = read_data(text)
    if not isinstance(data, dict):
        raise UsageError(f"expected an object with names and values, found {text[:60]!r}")
    return data
