"""Processes and their model versions: checked at upload, put in force, ready to run."""

from __future__ import annotations

from staffel.engine.library.bundle import Bundle, check_bundle
from staffel.engine.library.deployed import Deployed, deployed
from staffel.engine.library.endpoints import EndpointNames, EndpointUse, uses_in_force
from staffel.engine.library.versions import (
    CheckedUpload,
    callable_programs,
    check_files,
    check_upload,
    programs_in_force,
    put_in_force,
    release,
    resolve_calls,
    upload,
    version_for,
    withdraw,
)

__all__ = [
    "Bundle",
    "CheckedUpload",
    "Deployed",
    "EndpointNames",
    "EndpointUse",
    "callable_programs",
    "check_bundle",
    "check_files",
    "check_upload",
    "deployed",
    "programs_in_force",
    "put_in_force",
    "release",
    "resolve_calls",
    "upload",
    "uses_in_force",
    "version_for",
    "withdraw",
]
