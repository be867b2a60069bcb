"""The public pages. Views are short: read the request, ask, show."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, request

from catalogue.api import openapi
from catalogue.arguments import arguments
from catalogue.doctor import health
from catalogue.i18n import N_
from catalogue.offers import queries
from catalogue.offers.facets import BY_NAME, COUNTED
from catalogue.offers.queries import PublishedOffer
from catalogue.portal import portal
from catalogue.providers import queries as providers
from catalogue.search import read_query
from catalogue.web import browse, jsonld
from catalogue.web.offer_page import OfferPage
from catalogue.web.say import Say
from catalogue.web.search_page import SearchPage
from catalogue.web.search_page import address as address_of
from catalogue.web.site import language, negotiated, page, see_other, url

blueprint = Blueprint("web", __name__)
# When the accessibility statement was prepared and last reviewed.
STATEMENT = (dt.date(2026, 11, 22), dt.date(2026, 11, 22))


def say() -> Say:
    return Say(language())


@blueprint.get("/")
def start() -> Response:
    """The only address whose answer depends on Accept-Language."""
    response = see_other(f"/{negotiated()}/")
    response.headers["Vary"] = "Accept-Language"
    return response


@blueprint.get("/<lang>/")
def home() -> Response:
    with portal().database.read() as session:
        return page("home.html", h=browse.home(portal(), session, say()))


@blueprint.get("/<lang>/search")
def search() -> Response:
    """What cannot be used is named on the page and left out; only bytes that are no text at all are refused."""
    query, problems = read_query(arguments(), language())
    with portal().database.read() as session:
        view = SearchPage(portal(), session, say(), query, problems).view()
    return page("search.html", s=view, nav="search", page_title=view.heading)


@blueprint.get("/<lang>/search/values/<name>")
def facet_values(name: str) -> Response:
    """All values of one facet under a search."""
    entry = BY_NAME.get(name)
    if entry is None or name not in COUNTED:
        abort(404)
    query, problems = read_query(arguments(), language())
    with portal().database.read() as session:
        search_page = SearchPage(portal(), session, say(), query, problems)
        rows, chips = search_page.all_values(entry), search_page.chips()
    label = say().gettext(entry.label)
    values = [{"value": value, "url": address} for value, address in rows]
    view = {"label": label, "rows": values, "search_url": address_of(query), "name": name, "chips": chips}
    return page("facet_values.html", v=view, nav="search", nav_exact=False, page_title=label)


@blueprint.get("/offers/<uuid:offer_id>")
def permanent_offer(offer_id: UUID) -> Response:
    """The permanent, language-neutral address of an offer."""
    with portal().database.read() as session:
        found = queries.one_published(session, str(offer_id))
        if found is None:
            return _gone_or_missing(session, offer_id)
    response = see_other(url("offer", offer_id=found.id, slug=found.slug))
    response.headers["Vary"] = "Accept-Language"
    return response


@blueprint.get("/<lang>/offers/<uuid:offer_id>/<slug>")
@blueprint.get("/<lang>/offers/<uuid:offer_id>", defaults={"slug": None})
def offer(offer_id: UUID, slug: str | None) -> Response:
    with portal().database.read() as session:
        found = queries.one_published(session, str(offer_id))
        if found is None:
            return _gone_or_missing(session, offer_id)
        if slug != found.slug:
            return see_other(url("offer", offer_id=found.id, slug=found.slug), 301)
        return _offer_page(session, found, "offer.html")


@blueprint.get("/<lang>/offers/<uuid:offer_id>/versions/<int:number>")
def offer_version(offer_id: UUID, number: int) -> Response:
    """A dated snapshot: a version that was public, as it was."""
    with portal().database.read() as session:
        found = queries.version(session, str(offer_id), number) if number < 2**31 else None
        if found is None:
            return _gone_version(session, str(offer_id), number)
        return _offer_page(session, found, "offer_version.html")


def _offer_page(session: Any, found: PublishedOffer, template: str) -> Response:
    snapshot = template == "offer_version.html"
    view = OfferPage(session, say(), found, portal().clock()).view(snapshot=snapshot)
    return page(
        template,
        o=view,
        nav="search",
        nav_exact=False,
        page_title=view.title.text,
        jsonld=None if snapshot else jsonld.course(found, portal().settings.base_url, language()),
    )


def _gone_version(session: Any, offer_id: str, number: int) -> Response:
    """A version that was redacted says so; otherwise what holds of the offer holds of its versions."""
    line = queries.redacted(session, offer_id, number) if number < 2**31 else None
    if line is None or queries.one_published(session, offer_id) is None:
        return _gone_or_missing(session, UUID(offer_id))
    view: dict[str, Any] = {
        "number": line.number,
        "date": None,
        "checksum": line.checksum,
        "title": None,
        "reason": line.redaction_reason,
        "similar": [],
    }
    title = say().gettext(N_("No longer listed"))
    return page("gone.html", 410, g=view, nav="search", nav_exact=False, page_title=title)


def _gone_or_missing(session: Any, offer_id: UUID) -> Response:
    gone = queries.tombstone(session, str(offer_id))
    if gone is None:
        abort(404)
    view = {
        "number": gone.version,
        "date": say().day(gone.withdrawn_at),
        "checksum": gone.checksum,
        "title": None,
        "reason": gone.reason,
        "similar": browse.similar(portal(), session, say(), gone.document),
    }
    return page(
        "gone.html",
        410,
        g=view,
        nav="search",
        nav_exact=False,
        page_title=say().gettext(N_("No longer listed")),
    )


@blueprint.get("/<lang>/providers", endpoint="providers")
def provider_list() -> Response:
    with portal().database.read() as session:
        view = browse.provider_list(session, say(), request.args)
    return page("providers.html", p=view, nav="providers", page_title=say().gettext(N_("Providers")))


@blueprint.get("/<lang>/providers/<slug>")
def provider(slug: str) -> Response:
    with portal().database.read() as session:
        found = providers.by_slug(session, slug)
        if found is None:
            abort(404)
        view = browse.provider_page(portal(), session, say(), found)
    return page("provider.html", p=view, nav="providers", nav_exact=False, page_title=view.name.text)


@blueprint.get("/<lang>/subjects")
def subjects() -> Response:
    with portal().database.read() as session:
        view = browse.subjects(portal(), session, say())
    return page("subjects.html", t=view, nav="subjects", page_title=say().gettext(N_("Subjects")))


@blueprint.get("/<lang>/landscape")
def landscape() -> Response:
    with portal().database.read() as session:
        view = browse.landscape(portal(), session, say(), request.args.get("by", "subject"))
    return page("landscape.html", l=view, nav="landscape", page_title=say().gettext(N_("Landscape")))


@blueprint.get("/<lang>/about")
def about() -> Response:
    return page("about.html", nav="about", page_title=say().gettext(N_("What micro-credentials are")))


@blueprint.get("/<lang>/sources")
def sources() -> Response:
    return page("sources.html", page_title=say().gettext(N_("Data sources")))


@blueprint.get("/<lang>/accessibility")
def accessibility() -> Response:
    prepared, reviewed = (say().day(day) for day in STATEMENT)
    statement = {"prepared_on": prepared, "reviewed_on": reviewed}
    return page(
        "accessibility.html", statement=statement, page_title=say().gettext(N_("Accessibility statement"))
    )


@blueprint.get("/api/v1/", defaults={"lang": "en"})
@blueprint.get("/<lang>/api")
def api() -> Response:
    """The API, readable."""
    base = portal().settings.base_url
    operations = [
        {
            "method": "GET",
            "path": path,
            "summary": summary,
            "params": [_parameter(p) for p in openapi.parameters(name)],
        }
        for path, name, summary, _schema, _statuses in openapi.OPERATIONS
    ]
    view = {
        "base_url": base,
        "openapi_url": "/api/v1/openapi.json",
        "version": openapi.VERSION,
        "operations": operations,
    }
    return page("api.html", api=view, page_title="API")


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    inner = schema.get("items", schema)
    kind = (
        " | ".join(map(str, inner["enum"][:12]))
        if "enum" in inner
        else inner.get("format", inner.get("type", ""))
    )
    return {
        "name": parameter["name"],
        "where": parameter["in"],
        "required": parameter["required"],
        "description": parameter["description"],
        "type": f"{kind} ..." if len(inner.get("enum", ())) > 12 else kind,  # noqa: PLR2004
    }


@blueprint.get("/healthz")
def healthz() -> Response:
    """State of database and index for whoever watches over the portal."""
    state, healthy = health(portal())
    response = jsonify(state)
    response.status_code = 200 if healthy else 503
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return see_other("/static/favicon.svg", 301)


@blueprint.get("/robots.txt")
def robots() -> Response:
    lines = ("User-agent: *", "Disallow: /*sort=", "Disallow: /*page_size=", "")
    return Response("\n".join(lines), mimetype="text/plain")
