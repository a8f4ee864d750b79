"""Secrets: passwords are hashed slowly with argon2id; random secrets of sessions and tokens quickly, they cannot be guessed."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from staffel.engine.errors import Refusal

MINIMUM_LENGTH = 12
"""NIST SP 800-63B and OWASP ASVS 5.0 §6.2.1 ask for at least 8, recommend 15; length counts, not character classes."""
MAXIMUM_LENGTH = 256

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


class PasswordTooWeak(Refusal):
    """The password must have between 12 and 256 characters and must not be the sign-in name."""

    status, code = 422, "password-too-weak"
    text_de = "Das Kennwort braucht 12 bis 256 Zeichen und darf nicht der Anmeldename sein."


def hash_password(password: str, *, login: str) -> str:
    """The hash to keep. Raises `PasswordTooWeak`."""
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH or password.casefold() == login.casefold():
        raise PasswordTooWeak(found=len(password))
    return _hasher.hash(password)


def password_fits(password: str, kept: str | None) -> bool:
    """Whether the password belongs to the hash. Without a hash the same time passes and the answer is no."""
    try:
        return _hasher.verify(kept or _NOBODY, password[:MAXIMUM_LENGTH]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def new_secret(prefix: str = "") -> str:
    """A random secret of 256 bits, to be shown once."""
    return prefix + secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """What is kept of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
