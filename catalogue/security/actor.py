"""Who acts, and what they may do. Deny by default: an actor holds the permissions it was given, no others."""

from __future__ import annotations

from dataclasses import dataclass


class NotAllowedError(Exception):
    """The actor lacks the permission."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An opaque id (never a name or an address) and permissions such as `offer:publish`."""

    id: str
    permissions: frozenset[str] = frozenset()

    def require(self, permission: str) -> None:
        """Raises NotAllowedError."""
        if permission not in self.permissions:
            raise NotAllowedError(f"{self.id} may not {permission}")


PERMISSIONS = frozenset(
    {
        "offer:save",
        "offer:publish",
        "offer:withdraw",
        "offer:archive",
        "offer:redact",
        "organisation:save",
        "person:moderator",
        "person:second-factor",
    }
)
OPERATOR = Actor("operator", PERMISSIONS)
ANONYMOUS = Actor("anonymous")
