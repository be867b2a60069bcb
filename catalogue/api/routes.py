"""API v1: read access for guidance services and platforms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Blueprint, Response, request

from catalogue.api import openapi
from catalogue.api.problems import problem
from catalogue.api.views import (
    facets_json,
    offer_json,
    provider_json,
    suggestions_json,
    tombstone_json,
    understood_json,
)
from catalogue.arguments import arguments
from catalogue.changes import log
from catalogue.i18n import INTERFACE_LANGUAGES
from catalogue.offers import queries
from catalogue.offers.facets import FACETS
from catalogue.portal import Portal, portal
from catalogue.providers import queries as providers
from catalogue.search import find, read_query
from catalogue.sentences import problem_sentence
from catalogue.suggestions import LONGEST, MOST, SHORTEST, suggest
from catalogue.vocabularies import NAMES, uri, vocabulary
from search.query import MAX_DEPTH, Problem, SearchQuery

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
CHANGES_LIMIT = 200


class BadRequestError(Exception):
    """Arguments that cannot be used; one entry each. sentences: by code, where the usual one does not fit."""

    def __init__(self, problems: tuple[Problem, ...], sentences: Mapping[str, str] | None = None) -> None:
        super().__init__(problems)
        self.problems = problems
        self.sentences = sentences or {}


@blueprint.errorhandler(BadRequestError)
def bad_request(error: BadRequestError) -> Response:
    errors = [
        {
            "param": p.param,
            "value": p.value,
            "code": p.code,
            "message": error.sentences.get(p.code) or problem_sentence(p, "en"),
        }
        for p in error.problems
    ]
    return problem(400, " ".join(entry["message"] for entry in errors), errors=errors)


def answer(body: Any, status: int = 200) -> Response:
    """JSON with an ETag; a client that has it already gets 304."""
    response = Response(orjson.dumps(body), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    if status == 200:  # noqa: PLR2004
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def _language() -> str:
    language = request.args.get("lang", "en")
    if language not in INTERFACE_LANGUAGES:
        raise BadRequestError((Problem("lang", language[:80], "unknown-value"),))
    return language


def _only(*names: str) -> None:
    unknown = [name for name in request.args if name not in names]
    if unknown:
        problems = tuple(Problem(name[:40], request.args[name][:80], "unknown-parameter") for name in unknown)
        raise BadRequestError(problems)


@blueprint.get("/offers")
def offers() -> Response:
    """Search: the same parameters, totals and counts as the page."""
    here, language = portal(), _language()
    args = [pair for pair in arguments() if pair[0] != "lang"]
    query, problems = read_query(args, language)
    if problems:
        raise BadRequestError(problems)
    with here.database.read() as session:
        results = find(session, here.engine, query, as_of=here.clock())
        found = queries.published(session, [hit.id for hit in results.hits])
        named = providers.by_slugs(session, results.facets.get("provider", {}))
    base = here.settings.base_url
    return answer(
        {
            "total": results.total,
            "items": [offer_json(found[hit.id], base, language) for hit in results.hits if hit.id in found],
            "facets": facets_json(results.facets, language, named),
            "understood": understood_json(results.understanding),
            "links": _links(query, results.total, language),
        }
    )


def _links(query: SearchQuery, total: int, language: str) -> dict[str, str]:
    pages = min(-(-total // query.page_size), MAX_DEPTH // query.page_size)
    places = {"self": query.page, "first": 1, "prev": query.page - 1, "next": query.page + 1}
    return {
        name: _link(query, page, language) for name, page in places.items() if 1 <= page <= max(pages, 1)
    } | {"page": f"{portal().settings.base_url}/{language}/search?{urlencode(_at(query, query.page))}"}


def _at(query: SearchQuery, page: int) -> list[tuple[str, str]]:
    pairs = [pair for pair in query.to_args(FACETS) if pair[0] != "page"]
    return [*pairs, ("page", str(page))] if page > 1 else pairs


def _link(query: SearchQuery, page: int, language: str) -> str:
    return f"{portal().settings.base_url}/api/v1/offers?{urlencode([*_at(query, page), ('lang', language)])}"


@blueprint.get("/suggest")
def suggestions() -> Response:
    """What somebody who is still typing may mean: offers, providers and concepts."""
    _only("q", "lang", "limit")
    here, language = portal(), _language()
    query, limit = _typed(language), _limit()
    with here.database.read() as session:
        groups = suggest(session, here.engine, query, language, as_of=here.clock(), limit=limit)
    return answer({"query": query.text, "groups": suggestions_json(groups, here.settings.base_url)})


_TYPED = {
    "too-short": f"Suggestions need at least {SHORTEST} characters.",
    "too-long": f"Suggestions are made for at most {LONGEST} characters.",
}


def _typed(language: str) -> SearchQuery:
    """The search for what was typed."""
    pairs = [pair for pair in arguments() if pair[0] == "q"]
    query, problems = read_query(pairs, language)
    length = len(query.text)
    if not problems and not SHORTEST <= length <= LONGEST:
        code = "too-short" if length < SHORTEST else "too-long"
        problems = (Problem("q", query.text[:80], code),)
    if problems:
        raise BadRequestError(problems, _TYPED)
    return query


def _limit() -> int:
    most = max(MOST.values())
    value = request.args.get("limit", str(most))
    if not re.fullmatch("[0-9]{1,9}", value) or not 1 <= int(value) <= most:
        raise BadRequestError((Problem("limit", value[:80], "not-in-range"),))
    return int(value)


@blueprint.get("/offers.jsonl")
def export() -> Response:
    """Every published offer, one JSON object a line, streamed: for whoever wants more than 10,000 at once."""
    _only("lang")
    return Response(_lines(portal(), _language()), mimetype="application/x-ndjson")


def _lines(here: Portal, language: str) -> Iterator[bytes]:
    with here.database.read() as session:
        for found in queries.all_published(session):
            yield orjson.dumps(offer_json(found, here.settings.base_url, language)) + b"\n"


@blueprint.get("/offers/<uuid:offer_id>")
def offer(offer_id: Any) -> Response:
    """One offer in its version in force; 410 with the tombstone when it is no longer public."""
    _only("lang")
    language = _language()
    with portal().database.read() as session:
        found = queries.one_published(session, str(offer_id))
        gone = None if found else queries.tombstone(session, str(offer_id))
    if found:
        return answer(offer_json(found, portal().settings.base_url, language))
    return _absent(gone)


def _absent(gone: queries.Tombstone | None) -> Response:
    if gone is None:
        return problem(404, "There is no such offer.")
    return problem(410, "This offer is no longer public.", tombstone=tombstone_json(gone))


@blueprint.get("/offers/<uuid:offer_id>/versions/<int:number>")
def offer_version(offer_id: Any, number: int) -> Response:
    """A version that was public, of an offer that still is. It never changes."""
    _only("lang")
    language = _language()
    with portal().database.read() as session:
        found = queries.version(session, str(offer_id), number) if number < 2**31 else None
        gone = None if found else queries.tombstone(session, str(offer_id))
        line = queries.redacted(session, str(offer_id), number) if number < 2**31 else None
    if found:
        return answer(offer_json(found, portal().settings.base_url, language))
    if gone is None and line is not None:
        return problem(
            410,
            "The content of this version was removed.",
            checksum=line.checksum,
            reason=line.redaction_reason,
        )
    return _absent(gone) if gone else problem(404, "There is no such public version.")


@blueprint.get("/changes")
def changes() -> Response:
    """Changes behind a cursor, in order, with tombstones: enough to keep an exact copy."""
    _only("since", "lang")
    language, since = _language(), request.args.get("since", "0")
    if not re.fullmatch(r"[0-9]{1,15}", since):
        raise BadRequestError((Problem("since", since[:80], "not-in-range"),))
    with portal().database.read() as session:
        if int(since) > log.last_position(session):
            raise BadRequestError((Problem("since", since, "unknown-cursor"),))
        rows = log.after(session, int(since), CHANGES_LIMIT + 1)
        page = rows[:CHANGES_LIMIT]
        items = [_change(session, row, language) for row in page]
        cursor = page[-1].position if page else int(since)
    base = f"{portal().settings.base_url}/api/v1/changes"
    return answer(
        {
            "items": items,
            "cursor": str(cursor),
            "more": len(rows) > CHANGES_LIMIT,
            "links": {"next": f"{base}?since={cursor}"},
        }
    )


def _change(session: Any, row: Any, language: str) -> dict[str, Any]:
    base = portal().settings.base_url
    line = {
        "cursor": str(row.position),
        "kind": row.kind,
        "id": row.subject_id,
        "version": row.version,
        "action": row.action,
        "at": row.at.isoformat(),
    }
    if row.kind == "organisation":
        provider = providers.by_id(session, row.subject_id)
        return line | ({"provider": provider_json(provider, 0, base) | {"offers": None}} if provider else {})
    gone = queries.tombstone(session, row.subject_id)
    if gone is not None:
        return line | {"offer": tombstone_json(gone)}
    offer = queries.version(session, row.subject_id, row.version)
    return line | ({"offer": offer_json(offer, base, language)} if offer else {})


@blueprint.get("/providers")
def provider_list() -> Response:
    """All providers with the number of their published offers."""
    _only("lang")
    _language()
    with portal().database.read() as session:
        counts = providers.offer_counts(session)
        everyone = providers.everyone(session)
    base = portal().settings.base_url
    items = [provider_json(provider, counts.get(provider.id, 0), base) for provider in everyone]
    return answer({"total": len(items), "items": items, "links": {"self": f"{base}/api/v1/providers"}})


@blueprint.get("/providers/<slug>")
def provider(slug: str) -> Response:
    """One provider."""
    _only("lang")
    _language()
    with portal().database.read() as session:
        found = providers.by_slug(session, slug)
        offers = providers.offer_counts(session).get(found.id, 0) if found else 0
    if found is None:
        return problem(404, "There is no such provider.")
    return answer(provider_json(found, offers, portal().settings.base_url))


@blueprint.get("/vocabularies")
def vocabularies() -> Response:
    """Names of the controlled vocabularies."""
    _only("lang")
    base = f"{portal().settings.base_url}/api/v1/vocabularies"
    return answer(
        {
            "total": len(NAMES),
            "items": [{"name": name, "links": {"self": f"{base}/{name}"}} for name in NAMES],
        }
    )


@blueprint.get("/vocabularies/<name>")
def vocabulary_codes(name: str) -> Response:
    """The codes of a vocabulary with labels, parents and official URIs where there are any."""
    _only("lang")
    language = _language()
    if name not in NAMES:
        return problem(404, "There is no such vocabulary.")
    terms = vocabulary(name)
    return answer(
        {
            "name": name,
            "total": len(terms.codes),
            "items": [_term(name, code, language) for code in terms.codes],
        }
    )


def _term(name: str, code: str, language: str) -> dict[str, Any]:
    label = vocabulary(name).label(code, language)
    above = [ancestor for ancestor in vocabulary(name).ancestors(code) if ancestor != code]
    parent = max(above, key=len) if above else None
    return {
        "code": code,
        "label": label.text,
        "language": label.language,
        "parent": parent,
        "uri": uri(name, code),
    }


@blueprint.get("/openapi.json")
def openapi_document() -> Response:
    """This API, described in OpenAPI 3.1."""
    return answer(openapi.document(portal().settings.base_url))
