"""Against forms that other sites send in a visitor's name: where a request comes from, and a token in the form.

Both must hold on every unsafe route. In a session the token is bound to it; before sign-in there is no session and
no cookie, so the token is a signed moment, and where the request comes from decides.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
import secrets
from urllib.parse import urlsplit

FIELD = "csrf"
LIFETIME = dt.timedelta(hours=4)
_SIZE = 32


def is_same_origin(*, site: str | None, origin: str | None, host: str, base_url: str) -> bool:
    """Whether a request comes from a page of this portal. One that says nothing of its origin does not.

    site, origin: the headers Sec-Fetch-Site and Origin, which no page can forge.
    """
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        # The scheme is left out for a portal behind a proxy that speaks TLS; a browser never invents its host.
        return urlsplit(origin).netloc in {host, urlsplit(base_url).netloc}
    return site is not None


def session_token(session: str) -> str:
    """The token of a session's forms, different in every page: compressed pages cannot be used to guess it."""
    mask = secrets.token_bytes(_SIZE)
    return base64.urlsafe_b64encode(mask + _xor(mask, _of_session(session))).decode()


def is_of_session(token: str, session: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii", "replace"))
    except (binascii.Error, ValueError):
        return False
    if len(raw) != 2 * _SIZE:
        return False
    return hmac.compare_digest(_xor(raw[:_SIZE], raw[_SIZE:]), _of_session(session))


def moment_token(secret: bytes, at: dt.datetime) -> str:
    """A signed moment, for forms before sign-in."""
    seconds = str(int(at.timestamp()))
    return f"{seconds}.{_signature(secret, seconds)}"


def is_recent(token: str, secret: bytes, at: dt.datetime) -> bool:
    seconds, _, signature = token.partition(".")
    expected = _signature(secret, seconds)
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode()):
        return False
    return 0 <= at.timestamp() - int(seconds) + 1 <= LIFETIME.total_seconds()


def _of_session(session: str) -> bytes:
    return hmac.digest(session.encode("utf-8", "replace"), b"portolan form", "sha256")


def _signature(secret: bytes, seconds: str) -> str:
    return hmac.new(secret, f"portolan form {seconds}".encode("utf-8", "replace"), "sha256").hexdigest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
