"""The gate before every view: origin and token of what changes something, then the session, then the permission."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, abort, g, render_template, request
from markupsafe import Markup

from catalogue.people import queries, sessions
from catalogue.people.queries import Post
from catalogue.people.sessions import Begun, SignedIn
from catalogue.portal import portal
from catalogue.security import csrf
from catalogue.security.actor import Actor
from catalogue.security.permissions import SAFE, TABLE, Access, Who, require_entries
from catalogue.security.secret import secret_of
from catalogue.web.site import language, see_other, url

log = logging.getLogger("portolan.web")
# What is never shown again, however a form was received.
UNSHOWN = frozenset(
    {csrf.FIELD, "password", "new_password", "codes_password", "factor_password", "code", "recovery"}
)


def install(app: Flask) -> None:
    """Guard every route. Raises UnguardedRouteError while a route has no permission."""
    require_entries(app)
    app.before_request(_check)
    app.after_request(_keep_private)
    app.context_processor(_frame)
    app.jinja_env.filters["csrf"] = _hidden


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # 404 or 405, which Flask answers
    access = TABLE.get(request.endpoint)
    if access is None:
        abort(403)
    g.private = access.who is not Who.EVERYONE
    if not g.private:
        return None if request.method in SAFE else abort(403)
    unsafe = request.method not in SAFE
    if unsafe and not _is_ours():
        abort(403)
    g.here = _session()
    elsewhere = _admit(access)
    if elsewhere is None:
        return _too_old() if unsafe and not _has_token() else None
    if unsafe and here() is None and _typed():
        return _too_old()  # the session has run out, but what was typed is not lost
    return elsewhere


def here() -> SignedIn | None:
    """The session of the one who asks."""
    found: SignedIn | None = g.get("here")
    return found


def signed_in() -> SignedIn:
    """The session, on routes that the gate opens for sessions only."""
    found = here()
    if found is None:
        abort(403)
    return found


def post() -> Post:
    """The post of the one who asks, on routes whose permission is that of a role."""
    held: Post = g.post
    return held


def actor() -> Actor:
    """The one who asks, as they act for the organisation that the address names."""
    acting: Actor = g.actor
    return acting


def _session() -> SignedIn | None:
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    at = portal().clock()
    with portal().database.read() as session:
        found = sessions.find(session, token, demo=portal().settings.is_trial, at=at)
    if found is not None and at - found.seen_at >= sessions.SEEN_STEP:
        with portal().database.write() as session:
            sessions.see(session, found.session_id, at=at)
    return found


def _admit(access: Access) -> Response | None:
    """None where the session suffices; otherwise where to go instead."""
    found = here()
    if access.who is Who.VISITOR:
        return None
    if access.who is Who.NEWCOMER:
        return see_other(url("workspace.home")) if found and found.complete else None
    if found is None:
        return see_other(_sign_in_address())
    if access.who is Who.HALFWAY:
        return see_other(url("workspace.home")) if found.complete else None
    if not found.complete:
        return see_other(url("entrance.code"))
    return None if access.who is Who.PERSON else _admit_to_work(access, found)


def _admit_to_work(access: Access, found: SignedIn) -> Response | None:
    if owes_second_factor(found):
        return see_other(url("account.second_factor"))
    if access.who is Who.MODERATOR and not found.moderator:
        abort(404)
    if access.permission is not None:
        _take_post(access.permission, found)
    return None


def _take_post(permission: str, found: SignedIn) -> None:
    """The post at the organisation that the address names: 404 for strangers, 403 where the role allows less."""
    slug = str((request.view_args or {}).get("organisation"))
    with portal().database.read() as session:
        held = queries.post(session, found.person_id, slug)
    if held is None:
        abort(404)
    g.post, g.actor = held, queries.actor_of(found.person_id, held)
    if permission not in g.actor.permissions:
        abort(403)


def owes_second_factor(found: SignedIn) -> bool:
    """Whether somebody who publishes or moderates has yet to set up codes."""
    if found.has_second_factor or found.demo or portal().settings.second_factor == "optional":
        return False
    with portal().database.read() as session:
        return found.moderator or queries.publishes(session, found.person_id)


def _sign_in_address() -> str:
    if request.method not in SAFE or request.endpoint == "workspace.home":
        return url("entrance.sign_in")
    query = request.query_string.decode("ascii", "replace")
    return f"{url('entrance.sign_in')}?{urlencode({'next': request.path + ('?' + query if query else '')})}"


def next_address(asked: str) -> str:
    """Where to go after sign-in: the page that was asked for, if it is one of ours."""
    parts = urlsplit(asked)
    sound = (
        asked.startswith(f"/{language()}/") and not parts.netloc and not parts.scheme and "\\" not in asked
    )
    return asked if sound and asked.isprintable() else url("workspace.home")


# forms


def form_token() -> str:
    """The token of the forms on the page being made."""
    found = here()
    if found is not None:
        return csrf.session_token(found.token)
    return csrf.moment_token(secret_of(portal().settings), portal().clock())


def _hidden(token: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, token)


def _is_ours() -> bool:
    """Whether the request comes from a page of this portal."""
    return csrf.is_same_origin(
        site=request.headers.get("Sec-Fetch-Site"),
        origin=request.headers.get("Origin"),
        host=request.host,
        base_url=portal().settings.base_url,
    )


def _has_token() -> bool:
    token, found = request.form.get(csrf.FIELD, ""), here()
    if found is not None:
        return csrf.is_of_session(token, found.token)
    return csrf.is_recent(token, secret_of(portal().settings), portal().clock())


def _typed() -> list[tuple[str, str]]:
    typed = request.form.items(multi=True)
    return [(name, value) for name, value in typed if value and name not in UNSHOWN]


def _too_old() -> Response:
    """A form of ours that can no longer be used: shows what was typed, ready to be sent again."""
    return private_page("too_old.html", 403, typed=_typed(), action=request.path, page_title=None)


# cookies and pages


def cookie_name() -> str:
    return "__Host-portolan" if _is_https() else "portolan"


def _is_https() -> bool:
    return portal().settings.base_url.startswith("https://")


def go_on_as(found: SignedIn | None) -> None:
    """Let the page that answers belong to a session that has just begun in place of another, or to none."""
    g.here = found


def give_cookie(response: Response, begun: Begun) -> Response:
    """The cookie ends with the browser's session; the database decides whether it still counts."""
    response.set_cookie(
        cookie_name(), begun.token, path="/", secure=_is_https(), httponly=True, samesite="Lax"
    )
    return response


def take_cookie(response: Response) -> Response:
    response.delete_cookie(cookie_name(), path="/", secure=_is_https(), httponly=True, samesite="Lax")
    return response


def private_page(template: str, status: int = 200, **values: Any) -> Response:
    """A page for one person."""
    return Response(render_template(template, **values), status, mimetype="text/html")


def minutes(span: dt.timedelta) -> int:
    """Whole minutes, at least one."""
    return max(1, -int(-span.total_seconds() // 60))


def _keep_private(response: Response) -> Response:
    if g.get("private", False):
        response.headers["Cache-Control"] = "no-store"
        # With `no-referrer` browsers would not say where forms come from, which is what guards them.
        response.headers["Referrer-Policy"] = "same-origin"
    return response


def _frame() -> dict[str, Any]:
    """What templates of the workspace know besides the frame of every page."""
    return {"here": here(), "form_token": form_token} if g.get("private", False) else {}
