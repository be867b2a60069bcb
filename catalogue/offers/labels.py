"""Labels of facet values, in a language, and the order in which values are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from heapq import nsmallest
from typing import Any, Final

from babel.dates import format_skeleton

from catalogue.i18n import N_, gettext_for, locale
from catalogue.offers.facets import BY_NAME, OfferFacet
from catalogue.providers.queries import Provider
from catalogue.vocabularies import Label, not_stated, vocabulary
from catalogue.vocabularies.skills import skills
from search.facets import NOT_STATED, Bucket
from search.text import collation_key

Providers = Mapping[str, Provider]

_OPEN: Final = {"yes": N_("Open now"), "no": N_("With a run that is not open")}
_NATURAL: Final = {
    "eqf",
    "cycle",
    "free",
    "green",
    "digital",
    "no_prior_qualification",
    "recognition_policy",
    "leads_to",
}


def value_label(entry: OfferFacet, code: str, language: str, providers: Providers) -> Label:
    """The label of a facet's value; an unknown code labels itself."""
    if entry.facet.name == "provider" and code in providers:
        return provider_label(providers[code], language)
    return _value_label(entry.facet.name, code, language)


@lru_cache(maxsize=50_000)
def _value_label(name: str, code: str, language: str) -> Label:
    entry = BY_NAME[name]
    facet = entry.facet
    if code == NOT_STATED:
        return not_stated(language)
    if facet.kind == "open":
        return Label(gettext_for(language)(_OPEN[code]), language)
    if facet.kind == "month":
        return Label(
            format_skeleton("yMMMM", dt.date.fromisoformat(f"{code}-01"), locale=locale(language)), language
        )
    if facet.kind == "range":
        return _bucket_label(entry, code, language)
    if facet.name == "skill" and code in skills():
        return skills()[code].label(language)
    return vocabulary(entry.vocabulary).label(code, language) if entry.vocabulary else Label(code, language)


@lru_cache(maxsize=50_000)
def _order_of(text: str, language: str) -> Any:
    return collation_key(text, language)


def _bucket_label(entry: OfferFacet, code: str, language: str) -> Label:
    gettext = gettext_for(language)
    bucket = next((bucket for bucket in entry.facet.buckets if bucket.code == code), Bucket(code, None, None))
    values = {"low": f"{bucket.low or 0:g}", "high": f"{bucket.high or 0:g}", "unit": entry.unit or ""}
    if bucket.high is None:
        return Label(gettext(N_("%(low)s %(unit)s and more")) % values, language)
    if not bucket.low:
        return Label(gettext(N_("Under %(high)s %(unit)s")) % values, language)
    return Label(gettext(N_("%(low)s to under %(high)s %(unit)s")) % values, language)


def provider_label(provider: Provider, language: str) -> Label:
    """The provider's name in the language, in English, or as its legal name."""
    names = provider.content.names
    chosen = pick(names, language, provider.content.default_language)
    if chosen is None:
        return Label(provider.content.legal_name, provider.content.default_language)
    return Label(names[chosen].text, chosen)


def pick(text: Mapping[str, object], language: str, default_language: str) -> str | None:
    """The language to show a text in: the one asked for, else English, else the original, else any."""
    for candidate in (language, "en", default_language, *sorted(text)):
        if candidate in text:
            return candidate
    return None


@lru_cache
def _broadest(name: str) -> frozenset[str]:
    return frozenset(vocabulary(name).roots)


def ordered(
    entry: OfferFacet, counts: Mapping[str, int], language: str, providers: Providers
) -> list[tuple[str, Label, int]]:
    """Values with label and count: in their natural order where they have one, else by count, then by label.

    "Not stated" comes last. The values of a hierarchy come as a tree.
    """
    labelled = [
        (code, value_label(entry, code, language, providers), count) for code, count in counts.items()
    ]
    stated = [row for row in labelled if row[0] != NOT_STATED]
    rest = [row for row in labelled if row[0] == NOT_STATED]
    return [*_sorted(entry, stated, language), *rest]


Rows = list[tuple[str, Label, int]]


def leading(entry: OfferFacet, counts: Mapping[str, int], most: int, keep: Iterable[str]) -> dict[str, int]:
    """The counts a list that is cut short shows: the largest, what is kept in any case, and "not stated".

    Facets with an order of their own are not cut; of a hierarchy the broadest values lead.
    """
    kept = {code for code in keep if code in counts} | ({NOT_STATED} & counts.keys())
    if entry.facet.kind in {"range", "open"} or entry.facet.name in _NATURAL or len(counts) <= most + 2:
        return dict(counts)
    hierarchy = entry.facet.hierarchical and entry.vocabulary
    top = (_broadest(entry.vocabulary or "") if hierarchy else counts.keys()) & (counts.keys() - {NOT_STATED})
    if entry.facet.kind == "month":
        kept.update(sorted(top)[:most])
    else:
        kept.update(nsmallest(most, top, key=lambda code: (-counts[code], code)))
    return {code: counts[code] for code in kept}


def _sorted(entry: OfferFacet, rows: Rows, language: str) -> Rows:
    facet = entry.facet
    if facet.kind == "range":
        codes = [bucket.code for bucket in facet.buckets]
        return sorted(rows, key=lambda row: codes.index(row[0]))
    if facet.kind in {"month", "open"}:
        return sorted(rows, key=lambda row: row[0], reverse=facet.kind == "open")
    if facet.name in _NATURAL:
        codes = list(vocabulary(entry.vocabulary or "").codes)
        return sorted(rows, key=lambda row: codes.index(row[0]) if row[0] in codes else len(codes))
    rows = sorted(rows, key=lambda row: (-row[2], _order_of(row[1].text, language)))
    return _as_tree(entry, rows) if facet.hierarchical else rows


def _as_tree(entry: OfferFacet, rows: Rows) -> Rows:
    """Parents before their children, siblings in the given order."""
    by_code = {row[0]: row for row in rows}
    ancestors = vocabulary(entry.vocabulary or "").ancestors
    children: dict[str | None, list[str]] = {}
    for code in by_code:
        parent = next((above for above in ancestors(code)[-2::-1] if above in by_code), None)
        children.setdefault(parent, []).append(code)
    return [by_code[code] for code in _walk(children, None)]


def _walk(children: Mapping[str | None, list[str]], parent: str | None) -> Iterable[str]:
    for code in children.get(parent, ()):
        yield code
        yield from _walk(children, code)
