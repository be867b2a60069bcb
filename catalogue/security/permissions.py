"""Who may use which route: one table, deny by default.

Every route of the application has an entry, under the name of its endpoint; the application does not start while one
is missing, or while an entry names no route. What a permission allows within an organisation is checked again by the
use case itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from flask import Flask

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Who(Enum):
    """From those who may use the fewest routes to those who may use the most."""

    EVERYONE = "everyone, alike: no cookie is read"
    VISITOR = "whoever holds a link from a letter, or asks for one, signed in or not"
    NEWCOMER = "whoever has no complete session yet"
    HALFWAY = "whose password was right and whose code is due"
    PERSON = "with a complete session, even if a second factor is still to be set up"
    WORKER = "with a complete session and the second factor that the role asks for"
    MODERATOR = "a moderator"


@dataclass(frozen=True, slots=True)
class Access:
    """permission: what the role must allow in the organisation that the address names."""

    who: Who
    permission: str | None = None


class UnguardedRouteError(Exception):
    """A route has no entry, or an entry no route, or a route both reads and writes."""


def _all(who: Who, *endpoints: str) -> dict[str, Access]:
    return {endpoint: Access(who) for endpoint in endpoints}


def _offers(permission: str, *names: str) -> dict[str, Access]:
    return {f"offers.{name}": Access(Who.WORKER, permission) for name in names}


_PUBLIC = (
    *(
        "static",
        "web.start",
        "web.home",
        "web.search",
        "web.facet_values",
        "web.permanent_offer",
        "web.offer",
    ),
    *("web.offer_version", "web.providers", "web.provider", "web.subjects", "web.landscape", "web.about"),
    *("web.sources", "web.accessibility", "web.api", "web.healthz", "web.favicon", "web.robots"),
    *("api.offers", "api.suggestions", "api.export", "api.offer", "api.offer_version", "api.changes"),
    *(
        "api.provider_list",
        "api.provider",
        "api.vocabularies",
        "api.vocabulary_codes",
        "api.openapi_document",
    ),
)
_LETTERS = (
    *("entrance.confirm", "entrance.send_confirm", "entrance.reset", "entrance.send_reset"),
    *("entrance.forgotten", "entrance.send_forgotten"),
)
_ENTERING = ("entrance.sign_up", "entrance.send_sign_up", "entrance.sign_in", "entrance.send_sign_in")
_ACCOUNT = (
    *("account.account", "account.send_password", "account.send_end_others", "account.leave"),
    *("account.send_leave", "account.second_factor", "account.send_second_factor"),
    *("account.send_no_second_factor", "account.send_recovery_codes", "account.sign_out"),
)
TABLE: Final[dict[str, Access]] = {
    **_all(Who.EVERYONE, *_PUBLIC),
    **_all(Who.VISITOR, *_LETTERS),
    **_all(Who.NEWCOMER, *_ENTERING),
    **_all(Who.HALFWAY, "entrance.code", "entrance.send_code", "entrance.send_recovery", "entrance.cancel"),
    **_all(Who.PERSON, *_ACCOUNT),
    **_all(Who.WORKER, "workspace.home", "workspace.accept", "workspace.register", "workspace.send_register"),
    "workspace.organisation": Access(Who.WORKER, "organisation:read"),
    "workspace.leave": Access(Who.WORKER, "organisation:read"),
    "workspace.invite": Access(Who.WORKER, "member:invite"),
    "workspace.withdraw": Access(Who.WORKER, "member:invite"),
    "workspace.change_role": Access(Who.WORKER, "member:change"),
    "workspace.remove": Access(Who.WORKER, "member:change"),
    **_offers("offer:read", "listing", "overview", "preview", "history", "version"),
    **_offers("offer:save", "new", "send_new", "copy", "send_copy", "edit", "send_edit", "send_restore"),
    **_offers("offer:save", "roll_over", "send_roll_over"),
    **_offers("offer:publish", "publish", "send_publish"),
    **_offers("offer:withdraw", "withdraw", "send_withdraw"),
    **_offers("offer:archive", "archive", "send_archive"),
    **_all(Who.MODERATOR, "workspace.moderation", "workspace.verify"),
}


def require_entries(app: Flask, table: dict[str, Access] | None = None) -> None:
    """Raises UnguardedRouteError, which ends the start."""
    table = TABLE if table is None else table
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    if missing := sorted(routes - table.keys()):
        raise UnguardedRouteError(f"No permission is stated for: {', '.join(missing)}.")
    if surplus := sorted(table.keys() - routes):
        raise UnguardedRouteError(
            f"Permissions are stated for routes that are not there: {', '.join(surplus)}."
        )
    for rule in app.url_map.iter_rules():
        unsafe = (rule.methods or set()) - SAFE
        if unsafe and (rule.methods or set()) & {"GET", "HEAD"}:
            raise UnguardedRouteError(
                f"{rule.endpoint} both reads and writes; give each an endpoint of its own."
            )
