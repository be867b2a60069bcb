"""Ways in without words: start page, subject tree, landscape, providers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy.orm import Session

from catalogue.i18n import N_
from catalogue.offers import queries
from catalogue.offers.facets import BY_NAME, FACETS
from catalogue.offers.labels import ordered, provider_label
from catalogue.portal import Portal
from catalogue.providers import queries as providers
from catalogue.providers.queries import Provider
from catalogue.search import find
from catalogue.vocabularies import Label, vocabulary
from catalogue.web.cards import card
from catalogue.web.offer_statements import policy_view, quality_view
from catalogue.web.say import Say, share
from catalogue.web.search_page import EQF
from catalogue.web.search_views import PageLink, Pages
from catalogue.web.site import search_url, url
from search.facets import NOT_STATED
from search.query import SearchQuery, Selection
from search.results import Results
from search.text import collation_key

View = SimpleNamespace
NEWEST: Final = 6
PROVIDERS_PER_PAGE: Final = 50
STEPS: Final = 8


def _default_query(say: Say) -> SearchQuery:
    return SearchQuery.from_args([], FACETS, (say.language,))[0]


def _narrowed(query: SearchQuery, name: str, code: str) -> SearchQuery:
    return query.with_selection(name, Selection(frozenset([code])))


def _row(label: Label, count: int, pairs: list[tuple[str, str]], counts: Mapping[str, int]) -> View:
    return View(label=label, count=count, url=search_url(pairs), share=share(count, counts))


def home(portal: Portal, session: Session, say: Say) -> View:
    query = _default_query(say)
    results = find(
        session,
        portal.engine,
        query,
        as_of=portal.clock(),
        facets=("isced", "eqf", "sector", "provider", "language"),
    )
    offers = queries.published(session, [hit.id for hit in results.hits[:NEWEST]])
    levels = {code: results.facets["eqf"].get(code, 0) for code in EQF}
    not_stated = results.facets["eqf"].get(NOT_STATED, 0)
    return View(
        offers=results.total,
        providers=len(results.facets["provider"]),
        languages=len([code for code in results.facets["language"] if code != NOT_STATED]),
        subjects=[row for row in _rows("isced", results, say) if len(row.code) == 2],  # noqa: PLR2004
        levels=[
            View(eqf=int(code), count=count, url=search_url([("eqf", code)]), share=share(count, levels))
            for code, count in levels.items()
        ],
        level_not_stated=View(count=not_stated, url=search_url([("eqf", NOT_STATED)]))
        if not_stated
        else None,
        sectors=[row for row in _rows("sector", results, say) if row.code != NOT_STATED][:8],
        newest=[
            card(offers[hit.id], say, portal.clock()) for hit in results.hits[:NEWEST] if hit.id in offers
        ],
        newest_url=search_url([("sort", "newest")]),
        search_label=say.plural("Search %(num)s offer", "Search %(num)s offers", results.total),
    )


def _rows(name: str, results: Results, say: Say) -> list[View]:
    counts = results.facets[name]
    rows = ordered(BY_NAME[name], counts, say.language, {})
    largest = max((count for code, _, count in rows if code != NOT_STATED), default=1)
    return [
        View(
            code=code,
            label=label,
            count=count,
            url=search_url([(name, code)]),
            share=min(100, 100 * count / largest),
        )
        for code, label, count in rows
    ]


def subjects(portal: Portal, session: Session, say: Say) -> View:
    """The tree of ISCED-F with counts; fields without offers are shown too, so that gaps can be seen."""
    results = find(session, portal.engine, _default_query(say), as_of=portal.clock(), facets=("isced",))
    counts = results.facets["isced"]
    return View(
        fields=[_field(code, counts, say) for code in vocabulary("isced").roots if counts.get(code)],
        total=results.total,
        not_stated=View(count=counts.get(NOT_STATED, 0), url=search_url([("isced", NOT_STATED)])),
    )


def _field(code: str, counts: Mapping[str, int], say: Say) -> View:
    children = [child for child in vocabulary("isced").children(code) if counts.get(child)]
    tops = {root: counts.get(root, 0) for root in vocabulary("isced").roots}
    return View(
        code=code,
        label=say.label("isced", code),
        count=counts.get(code, 0),
        url=search_url([("isced", code)]),
        share=share(counts.get(code, 0), tops),
        children=[_field(child, counts, say) for child in children],
    )


def landscape(portal: Portal, session: Session, say: Say, by: str) -> View:
    """Subjects or sectors against EQF levels: one search per level, every number a link to its offers."""
    name = "sector" if by == "sector" else "isced"
    query = _default_query(say)
    levels = (*EQF, NOT_STATED)
    found = {level: _counts(portal, session, _narrowed(query, "eqf", level), name) for level in levels}
    everything = _counts(portal, session, query, name)
    codes = _row_codes(name, everything)
    largest = max((found[level].get(code, 0) for level in levels for code in codes), default=1) or 1
    return View(
        by="sector" if name == "sector" else "subject",
        by_options=[
            View(label=say.gettext(N_("By subject")), url=url("landscape"), current=name == "isced"),
            View(
                label=say.gettext(N_("By sector")),
                url=url("landscape", by="sector"),
                current=name == "sector",
            ),
        ],
        columns=[_column(level, say) for level in levels],
        rows=[_landscape_row(name, code, levels, found, everything, largest, say) for code in codes],
        legend=_legend(largest, say),
    )


def _counts(portal: Portal, session: Session, query: SearchQuery, name: str) -> Mapping[str, int]:
    return find(session, portal.engine, query, as_of=portal.clock(), facets=(name,)).facets[name]


def _row_codes(name: str, everything: Mapping[str, int]) -> list[str]:
    codes = vocabulary("isced").roots if name == "isced" else vocabulary("nace").codes
    return [
        *(code for code in codes if everything.get(code)),
        *([NOT_STATED] if everything.get(NOT_STATED) else []),
    ]


def _column(level: str, say: Say) -> View:
    if level == NOT_STATED:
        label = vocabulary("not-stated").label(NOT_STATED, say.language)
        return View(label=label, short="–", total=0, url=None)
    label = Label(say.sentence(N_("EQF %(level)s"), level=level), say.language)
    return View(label=label, short=level, total=0, url=None)


def _landscape_row(
    name: str,
    code: str,
    levels: Iterable[str],
    found: Mapping[str, Mapping[str, int]],
    everything: Mapping[str, int],
    largest: int,
    say: Say,
) -> View:
    label = _code_label(name, code, say)
    return View(
        label=label,
        url=search_url([(name, code)]),
        total=everything[code],
        cells=[_cell(name, code, level, found[level].get(code, 0), largest, label, say) for level in levels],
    )


def _code_label(name: str, code: str, say: Say) -> Label:
    terms = "not-stated" if code == NOT_STATED else {"isced": "isced", "sector": "nace"}[name]
    return vocabulary(terms).label(code, say.language)


def _cell(name: str, code: str, level: str, count: int, largest: int, label: Label, say: Say) -> View:
    heading = _column(level, say).label.text
    sentence = say.plural(
        "%(num)s offer: %(row)s, %(column)s",
        "%(num)s offers: %(row)s, %(column)s",
        count,
        row=label.text,
        column=heading,
    )
    return View(
        count=count,
        url=search_url([("eqf", level), (name, code)]) if count else None,
        step=_step(count, largest),
        sentence=sentence,
    )


def _step(count: int, largest: int) -> int:
    return 0 if not count else max(1, round(STEPS * count / largest))


def _legend(largest: int, say: Say) -> list[View]:
    """What the colours mean: for each step in use the numbers it stands for."""
    spans: dict[int, list[int]] = {}
    for count in range(largest + 1):
        spans.setdefault(_step(count, largest), []).append(count)
    return [
        View(
            step=step,
            label=say.number(span[0]) if len(span) == 1 else f"{say.number(span[0])}–{say.number(span[-1])}",
        )
        for step, span in sorted(spans.items())
    ]


# Providers ---------------------------------------------------------------------------------------------------


def provider_list(session: Session, say: Say, args: Mapping[str, str]) -> View:
    """All organisations, filtered by kind and country, by name."""
    counts = providers.offer_counts(session)
    everyone = providers.everyone(session)
    kind, country, page = args.get("kind", ""), args.get("country", ""), args.get("page", "1")
    chosen = [
        p for p in everyone if (not kind or kind in p.content.kinds) and country in {"", p.content.country}
    ]
    chosen.sort(key=lambda p: collation_key(provider_label(p, say.language).text, say.language))
    last = max(1, -(-len(chosen) // PROVIDERS_PER_PAGE))
    number = min(int(page), last) if page.isdecimal() and len(page) < 7 and int(page) else 1  # noqa: PLR2004
    shown = chosen[(number - 1) * PROVIDERS_PER_PAGE : number * PROVIDERS_PER_PAGE]
    return View(
        total=len(chosen),
        items=[_provider_item(provider, counts.get(provider.id, 0), say) for provider in shown],
        kinds=_choices("provider-kind", [code for p in everyone for code in p.content.kinds], kind, say),
        countries=_choices("country", [p.content.country for p in everyone], country, say),
        pages=_provider_pages(number, last, kind, country),
    )


def _provider_item(provider: Provider, count: int, say: Say) -> View:
    content = provider.content
    return View(
        name=provider_label(provider, say.language),
        url=url("provider", slug=provider.slug),
        kinds=say.labels("provider-kind", content.kinds),
        place=say.seat(content),
        count=count,
        search_url=_offers_url(provider),
        adheres=content.adheres_to_european_approach,
    )


def _offers_url(provider: Provider) -> str:
    return search_url([("leads_to", "all"), ("provider", provider.slug)])


def _choices(name: str, codes: list[str], selected: str, say: Say) -> list[View]:
    labels = {code: vocabulary(name).label(code, say.language) for code in set(codes)}
    ranked = sorted(labels, key=lambda code: collation_key(labels[code].text, say.language))
    return [
        View(code=code, label=labels[code], count=codes.count(code), selected=code == selected)
        for code in ranked
    ]


def _provider_pages(current: int, last: int, kind: str, country: str) -> Pages:
    stated = {name: value for name, value in (("country", country), ("kind", kind)) if value}

    def link(number: int) -> str:
        return url("providers", **stated, **({"page": number} if number > 1 else {}))

    return Pages(
        [PageLink(number, link(number), number == current) for number in range(1, last + 1)],
        link(current - 1) if current > 1 else None,
        link(current + 1) if current < last else None,
        current,
        last,
    )


def provider_page(portal: Portal, session: Session, say: Say, provider: Provider) -> View:
    """One organisation with its newest offers."""
    content, now = provider.content, portal.clock()
    ids = queries.of_provider(session, provider.id)
    offers = queries.published(session, ids[:20])
    name = provider_label(provider, say.language)
    verified = N_("Verified by the operator of this catalogue") if provider.verified else N_("Not verified")
    return View(
        name=name,
        legal_name=content.legal_name,
        description=say.text(content.description, content.default_language),
        kinds=say.labels("provider-kind", content.kinds),
        place=say.place(content.country, content.region, content.town),
        homepage=content.homepage,
        contact=content.contact,
        identifiers=[View(scheme=entry.scheme, value=entry.value, url=None) for entry in content.identifiers],
        quality=quality_view(say, (content.quality_assurance,), content.default_language, now.date()),
        recognition_policy=policy_view(say, content),
        adheres=content.adheres_to_european_approach,
        verification=Label(say.gettext(verified), say.language),
        offers=[card(offers[offer_id], say, now) for offer_id in ids[:20] if offer_id in offers],
        offers_total=len(ids),
        search_url=_offers_url(provider),
        pages=None,
        breadcrumbs=[
            View(label=say.gettext(N_("Providers")), url=url("providers")),
            View(label=name.text, url=None),
        ],
    )


def similar(portal: Portal, session: Session, say: Say, document: Mapping[str, Any]) -> list[Any]:
    """Up to three offers that share the narrowest subject of one that is no longer public."""
    query = _default_query(say)
    subjects_of = document.get("subjects") or []
    if not subjects_of:
        return []
    for code in reversed(vocabulary("isced").ancestors(subjects_of[0])):
        results = find(
            session, portal.engine, _narrowed(query, "isced", code), as_of=portal.clock(), facets=()
        )
        if results.total:
            offers = queries.published(session, [hit.id for hit in results.hits[:3]])
            return [card(offers[hit.id], say, portal.clock()) for hit in results.hits[:3] if hit.id in offers]
    return []
