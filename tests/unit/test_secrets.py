"""Passwords as they are hashed outside of tests, which use quicker hashes."""

from __future__ import annotations

from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from staffel.engine.accounts.secrets import hash_password, password_fits


def test_a_password_is_hashed_at_the_cost_that_rfc_9106_recommends() -> None:
    kept = hash_password("eine lange Reihe Wörter", login="a")

    assert extract_parameters(kept) == RFC_9106_LOW_MEMORY
    assert password_fits("eine lange Reihe Wörter", kept)
    assert not password_fits("eine lange Reihe Worte", kept)
    assert not password_fits("eine lange Reihe Wörter", None)
