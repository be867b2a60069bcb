"""Who acts, and what they may do. Deny by default: an actor holds the permissions it was given, no others."""

from __future__ import annotations

from dataclasses import dataclass


class NotAllowedError(Exception):
    """The actor lacks the permission."""


class StrangerError(NotAllowedError):
    """The actor works for another organisation, and shall not even learn that there is something here."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An opaque id (never a name or an address) and permissions such as `offer:publish`.

    organisation_id: the one organisation for which the permissions hold; None for the operator and moderators, whose
    permissions hold everywhere.
    """

    id: str
    permissions: frozenset[str] = frozenset()
    organisation_id: str | None = None

    def require(self, permission: str, organisation_id: str | None = None) -> None:
        """organisation_id: whose thing it is. Raises NotAllowedError, or StrangerError if it is another's."""
        if self.organisation_id is not None and self.organisation_id != organisation_id:
            raise StrangerError(f"{self.id} does not work for {organisation_id}")
        if permission not in self.permissions:
            raise NotAllowedError(f"{self.id} may not {permission}")


PERMISSIONS = frozenset(
    {
        "offer:save",
        "offer:publish",
        "offer:withdraw",
        "offer:archive",
        "offer:redact",
        "organisation:register",
        "organisation:save",
        "mapping:save",
        "organisation:verify",
        "member:invite",
        "member:change",
        "person:moderator",
        "person:second-factor",
    }
)
# What a role allows in its organisation; each role may also do what the one before it may.
_VIEWER = frozenset({"organisation:read", "offer:read"})
_EDITOR = _VIEWER | {"offer:save"}
_PUBLISHER = _EDITOR | {"offer:publish", "offer:withdraw", "offer:archive"}
_OWNER = _PUBLISHER | {"organisation:save", "member:invite", "member:change"}
ROLES = {"viewer": _VIEWER, "editor": _EDITOR, "publisher": _PUBLISHER, "owner": _OWNER}
MODERATOR = frozenset({"organisation:verify"})
OPERATOR = Actor("operator", PERMISSIONS)
ANONYMOUS = Actor("anonymous")
