"""Random tokens. The holder keeps the token, the database only its digest: who reads the database holds none."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def new_token() -> str:
    """256 random bits, fit for addresses and cookies."""
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """What is kept of a token: SHA-256 in hexadecimal. A random token needs no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
