"""Rules over addresses, passwords and codes. Standard library only."""

from __future__ import annotations

import re

PASSWORD_SHORTEST, PASSWORD_LONGEST = 12, 200
EMAIL_LONGEST = 254
_FEWEST_CHARACTERS = 5
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def normalised(email: str) -> str | None:
    """An address in its one spelling: lower case, ASCII, an international domain by its A-labels. None: no address.

    Letters outside ASCII before the @ are refused: some fold into others, and two people would share an account.
    """
    local, _, domain = email.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    labels = ascii_domain.split(".")
    sound = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    address = f"{local.lower()}@{ascii_domain}" if local.isascii() else ""
    if not sound or not _LOCAL.fullmatch(address.rpartition("@")[0]) or len(address) > EMAIL_LONGEST:
        return None
    return address


def password_fault(password: str, email: str) -> str | None:
    """`short`, `long`, `simple` or None. Long words beat mixed signs (NIST SP 800-63B, 3.1.1.2)."""
    if len(password) < PASSWORD_SHORTEST:
        return "short"
    if len(password) > PASSWORD_LONGEST:
        return "long"
    lower = password.lower()
    simple = len(set(lower)) < _FEWEST_CHARACTERS or email in lower or lower in "0123456789" * 20
    return "simple" if simple or lower.replace("portolan", "").isdigit() else None


def bare_code(typed: str) -> str:
    """A code without the gaps and dashes that people type with it."""
    return re.sub(r"[\s-]", "", typed).lower()
