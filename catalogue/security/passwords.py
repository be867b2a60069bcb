"""Passwords: argon2id, with the parameters that OWASP recommends (19 MiB, two passes, one lane).

A check takes about a tenth of a second of a processor. It happens outside of units of work, so that nobody waits
for the database meanwhile.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def _spelt(password: str) -> str:
    """One spelling, however a keyboard composes its accents (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    return _hasher.hash(_spelt(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash the same work is done, and it is not."""
    try:
        return _hasher.verify(password_hash or _nobodys(), _spelt(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the parameters have been raised since."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    """The hash that stands in for an unknown person: as costly to check as any other."""
    return _hasher.hash("nobody has this password")
