"""Processes and their model versions: checked at upload, put in force, ready to run."""

from __future__ import annotations

from staffel.engine.library.deployed import Deployed, deployed
from staffel.engine.library.versions import (
    put_in_force,
    release,
    resolve_calls,
    upload,
    version_for,
    withdraw,
)

__all__ = [
    "Deployed",
    "deployed",
    "put_in_force",
    "release",
    "resolve_calls",
    "upload",
    "version_for",
    "withdraw",
]
