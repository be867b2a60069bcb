"""The search page: one query, its cards, its facets with counts, and a way out where nothing was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from catalogue.concepts.naming import ranked_broader
from catalogue.i18n import INTERFACE_LANGUAGES, N_, language_name
from catalogue.offers import queries
from catalogue.offers.facets import BY_NAME, COUNTED, FACETS, OFFER_FACETS, OfferFacet
from catalogue.offers.labels import Providers, Rows, leading, ordered, value_label
from catalogue.portal import Portal
from catalogue.providers import queries as providers
from catalogue.search import find, languages_of
from catalogue.sentences import problem_sentence
from catalogue.vocabularies import Label, vocabulary
from catalogue.web.cards import Asked, Card, card
from catalogue.web.say import Say
from catalogue.web.search_views import (
    Chip,
    ConceptChip,
    FacetView,
    Link,
    MoreFilter,
    PageLink,
    Pages,
    RangeView,
    Rescue,
    SearchView,
    SortView,
    ValueView,
)
from catalogue.web.site import search_url, search_url_in, url
from search.facets import NOT_STATED
from search.query import MAX_DEPTH, NOTHING, SORTS, Problem, SearchQuery, Selection
from search.results import Results
from search.text import Word, query_terms
from search.understanding import Understanding

SHOWN = 6
MOST_WORDS = 4
# What a nearby search is called, the search, and its address.
Try = tuple[str, SearchQuery, str]
EQF = tuple("12345678")
CONCEPT_KINDS = {
    "skill": N_("Skill (ESCO)"),
    "occupation": N_("Occupation"),
    "isced": N_("Subject"),
    "nace": N_("Sector"),
}
SORT_LABELS = {
    "relevance": N_("Relevance"),
    "start": N_("Start date"),
    "newest": N_("Newest"),
    "workload": N_("Workload"),
    "price": N_("Price"),
    "title": N_("Title"),
}


def address(query: SearchQuery, **changes: Any) -> str:
    return search_url((replace(query, **changes) if changes else query).to_args(FACETS))


class SearchPage:
    """Makes the view of one search."""

    def __init__(
        self, portal: Portal, session: Session, say: Say, query: SearchQuery, problems: Iterable[Problem]
    ) -> None:
        self.portal, self.session, self.say, self.query = portal, session, say, query
        self.problems = tuple(problems)
        self.now: dt.datetime = portal.clock()
        self.inline = [
            entry for entry in OFFER_FACETS if entry.facet.name in COUNTED and self._is_inline(entry)
        ]
        self.arguments = urlencode(replace(query, page=1).to_args(FACETS))

    def view(self) -> SearchView:
        results = self._results()
        chips = self.chips()
        return SearchView(
            query_text=self.query.text,
            search_label=self.say.gettext(N_("Search the offers")),
            total=results.total,
            heading=self._heading(results.total),
            concepts=self._concepts(results.understanding),
            did_you_mean=self._did_you_mean(results.understanding, results.total),
            notes=list(self._notes(results.understanding)),
            cards=self._cards(results),
            facets=self._facets(results),
            more_filters=self._more_filters(),
            chips=chips,
            clear_url=address(replace(self.query, selections=self._defaults(), page=1)),
            sorts=self._sorts(),
            problems=[self._sentence(problem) for problem in self.problems],
            hidden_inputs=self._hidden_inputs(),
            pages=self._pages(results.total),
            include_all_url=self._include_all_url(),
            included=self._included(),
            rescue=[] if results.total else self._rescue(results.understanding),
            noindex=bool(self.query.text) or len(chips) > 1 or self.query.page > 1 or bool(self.query.sort),
        )

    def _results(self) -> Results:
        results = self._find()
        last = self._last_page(results.total)
        if self.query.page > last:
            # A page behind the last one, from an old link: the last one is what its reader wanted.
            self.query = replace(self.query, page=last)
            results = self._find()
        return results

    def _find(self) -> Results:
        counted = [entry.facet.name for entry in self.inline]
        return find(self.session, self.portal.engine, self.query, as_of=self.now, facets=counted)

    def _last_page(self, total: int) -> int:
        return max(1, min(-(-total // self.query.page_size), MAX_DEPTH // self.query.page_size))

    def _provider_slugs(self, results: Results) -> set[str]:
        return {*results.facets.get("provider", {}), *self.query.selection("provider").values}

    def _cards(self, results: Results) -> list[Card]:
        offers = queries.published(self.session, [hit.id for hit in results.hits])
        asked = Asked(results.understanding) if self.query.text else None
        return [card(offers[hit.id], self.say, self.now, asked) for hit in results.hits if hit.id in offers]

    # Words ----------------------------------------------------------------------------------------------------

    def _concepts(self, understanding: Understanding) -> list[ConceptChip]:
        """The concepts that the words were taken to name, each with a way to say that they do not."""
        return [
            ConceptChip(
                Label(meaning.label, meaning.language),
                self.say.gettext(CONCEPT_KINDS[meaning.kind]),
                address(
                    self.query,
                    without=tuple(sorted({*self.query.without, meaning.uri})),
                    page=1,
                ),
            )
            for meaning in understanding.meanings
        ]

    def _did_you_mean(self, understanding: Understanding, total: int) -> Link | None:
        words = understanding.did_you_mean if total else None
        return Link(words, address(self.query, text=words, page=1)) if words else None

    def _notes(self, understanding: Understanding) -> Iterable[str]:
        """What happened to words that no offer has."""
        for entry in understanding.corrected:
            yield self.say.sentence(
                N_("No offer has the word “%(word)s”; similar words are shown: %(similar)s."),
                word=self._as_typed(entry.word),
                similar=", ".join(entry.forms[:3]),
            )
        if understanding.loosened and not understanding.unknown:
            yield self.say.gettext(N_("No offer has all of this; offers with some of it are shown."))
        for word in understanding.unknown:
            yield self.say.sentence(N_("No offer has the word “%(word)s”."), word=self._as_typed(word))

    def _as_typed(self, word: Word) -> str:
        return self.query.text[word.start : word.end]

    def _sentence(self, problem: Problem) -> str:
        """What was ignored, naming the filter as the page does rather than its parameter."""
        names = {
            param: self.say.gettext(entry.label)
            for entry in OFFER_FACETS
            for param in (entry.facet.name, *entry.facet.range_params)
            if param
        }
        return problem_sentence(
            replace(problem, param=names.get(problem.param, problem.param)), self.say.language
        )

    def _heading(self, total: int) -> str:
        if self.query.text:
            return self.say.plural(
                "%(num)s offer for “%(words)s”",
                "%(num)s offers for “%(words)s”",
                total,
                words=self.query.text,
            )
        return self.say.offers(total)

    # Facets ---------------------------------------------------------------------------------------------------

    def _is_inline(self, entry: OfferFacet) -> bool:
        """Whether a facet stands in the column itself; the others are a link away, on a page of their own."""
        return entry.core or entry.facet.kind in {"range", "month"} or bool(self._chosen(entry))

    def _chosen(self, entry: OfferFacet) -> Selection:
        """What is selected in a facet other than its default."""
        selection = self.query.selection(entry.facet.name)
        return NOTHING if selection == _default(entry) else selection

    def _facets(self, results: Results) -> list[FacetView]:
        """The facets that have something to choose: a heading over nothing only confuses."""
        views = (self._facet(entry, results) for entry in self.inline)
        return [view for view in views if view.values or view.range]

    def _more_filters(self) -> list[MoreFilter]:
        """The facets that are a link away."""
        inline = {entry.facet.name for entry in self.inline}
        entries = (
            entry for entry in OFFER_FACETS if entry.facet.name in COUNTED and entry.facet.name not in inline
        )
        return [
            MoreFilter(self.say.gettext(entry.label), self._values_url(entry.facet.name)) for entry in entries
        ]

    def _facet(self, entry: OfferFacet, results: Results) -> FacetView:
        selection = self._chosen(entry)
        counts = dict(results.facets.get(entry.facet.name, {}))
        if entry.facet.name == "eqf":
            counts = {code: counts.get(code, 0) for code in (*EQF, NOT_STATED)}
        shown = leading(entry, counts, SHOWN, selection.values)
        named = providers.by_slugs(self.session, shown) if entry.facet.name == "provider" else {}
        rows = ordered(entry, shown, self.say.language, named)
        return FacetView(
            name=entry.facet.name,
            label=self.say.gettext(entry.label),
            selected=len(selection.values) + selection.has_range,
            values=self._values(entry, rows, selection, max(counts.values(), default=0)),
            all_url=self._values_url(entry.facet.name) if len(shown) < len(counts) else None,
            all_count=len(counts),
            range=self._range(entry, selection),
            open=entry.core,
        )

    def _values_url(self, name: str) -> str:
        """The page with all values of a facet under this search."""
        place = url("facet_values", name=name)
        return f"{place}?{self.arguments}" if self.arguments else place

    def _values(self, entry: OfferFacet, rows: Rows, selection: Selection, largest: int) -> list[ValueView]:
        say = self.say
        return [
            ValueView(
                code,
                label,
                count,
                say.number(count),
                say.offers(count),
                round(100 * count / (largest or 1), 1),
                code in selection.values,
                _depth(entry, code),
            )
            for code, label, count in rows
        ]

    def _range(self, entry: OfferFacet, selection: Selection) -> RangeView | None:
        low_param, high_param = entry.facet.range_params
        if low_param is None and high_param is None:
            return None
        return RangeView(
            low_param,
            high_param,
            _bound(selection.low),
            _bound(selection.high),
            entry.unit,
            "date" if entry.facet.kind == "month" else "number",
        )

    def all_values(self, entry: OfferFacet) -> list[tuple[ValueView, str]]:
        """Every value of a facet under this search, with the address that adds it or takes it away."""
        results = find(
            self.session, self.portal.engine, self.query, as_of=self.now, facets=(entry.facet.name,)
        )
        named = providers.by_slugs(self.session, self._provider_slugs(results))
        selection = self.query.selection(entry.facet.name)
        counts = results.facets[entry.facet.name]
        rows = ordered(entry, counts, self.say.language, named)
        values = self._values(entry, rows, selection, max(counts.values(), default=0))
        return [(value, address(self._toggled(entry, value))) for value in values]

    def chips(self) -> list[Chip]:
        """The filters in force, each with the address that takes it away."""
        chosen = self.query.selection("provider").values
        return self._chips(providers.by_slugs(self.session, chosen))

    def _toggled(self, entry: OfferFacet, value: ValueView) -> SearchQuery:
        selection = self.query.selection(entry.facet.name)
        return self._narrowed(entry, replace(selection, values=selection.values ^ {value.code}))

    # Filters in force -----------------------------------------------------------------------------------------

    def _chips(self, named: Providers) -> list[Chip]:
        return [chip for entry in OFFER_FACETS for chip in self._facet_chips(entry, named)]

    def _facet_chips(self, entry: OfferFacet, named: Providers) -> Iterable[Chip]:
        selection = self.query.selection(entry.facet.name)
        if selection == _default(entry):
            return
        group = self.say.gettext(entry.label)
        for code in sorted(selection.values):
            rest = replace(selection, values=selection.values - {code})
            label = value_label(entry, code, self.say.language, named)
            yield Chip(label, group, address(self._narrowed(entry, rest)))
        if selection.has_range:
            rest = Selection(selection.values)
            yield Chip(self._range_sentence(entry, selection), group, address(self._narrowed(entry, rest)))

    def _narrowed(self, entry: OfferFacet, selection: Selection) -> SearchQuery:
        return self.query.with_selection(entry.facet.name, selection or _default(entry))

    def _range_sentence(self, entry: OfferFacet, selection: Selection) -> str:
        low, high = (self._bound_text(bound) for bound in (selection.low, selection.high))
        values = {"low": low, "high": high, "unit": entry.unit or ""}
        if low and high:
            return self.say.sentence(N_("%(low)s to %(high)s %(unit)s"), **values).strip()
        message = N_("From %(low)s %(unit)s") if low else N_("Up to %(high)s %(unit)s")
        return self.say.sentence(message, **values).strip()

    def _bound_text(self, bound: Any) -> str:
        if bound is None:
            return ""
        day = self.say.day(bound) if isinstance(bound, dt.date) else None
        return day.text if day else self.say.number(bound)

    def _defaults(self) -> dict[str, Selection]:
        return {facet.name: Selection(frozenset(facet.default)) for facet in FACETS if facet.default}

    def _included(self) -> bool:
        return not self.query.selection("leads_to")

    def _include_all_url(self) -> str | None:
        default = Selection(frozenset(BY_NAME["leads_to"].facet.default))
        if self._included():
            return address(self.query.with_selection("leads_to", default))
        return (
            address(self.query.with_selection("leads_to", Selection()))
            if self.query.selection("leads_to") == default
            else None
        )

    def _hidden_inputs(self) -> list[tuple[str, str]]:
        shown = {entry.facet.name for entry in self.inline}
        shown |= {param for entry in self.inline for param in entry.facet.range_params if param}
        hidden = {"q", "page", "sort", *shown}
        return [pair for pair in self.query.to_args(FACETS) if pair[0] not in hidden]

    # Order and pages ------------------------------------------------------------------------------------------

    def _sorts(self) -> list[SortView]:
        """The orders there are, the default one of this search without an address of its own."""
        codes = [code for code in SORTS if code != "relevance" or self.query.text]
        default = "relevance" if self.query.text else "newest"
        return [
            SortView(code, self.say.gettext(SORT_LABELS[code]), self.query.order == code, code == default)
            for code in codes
        ]

    def _pages(self, total: int) -> Pages:
        last, current = self._last_page(total), self.query.page
        near = {1, last, *range(max(1, current - 2), min(last, current + 2) + 1)}
        items: list[PageLink | None] = []
        for number in sorted(near):
            if items and isinstance(items[-1], PageLink) and number - items[-1].number > 1:
                items.append(None)
            items.append(PageLink(number, self._page_url(number), number == current))
        return Pages(
            items,
            self._page_url(current - 1) if current > 1 else None,
            self._page_url(current + 1) if current < last else None,
            current,
            last,
        )

    def _page_url(self, number: int) -> str:
        """The canonical address names the page last, and the first not at all."""
        page = f"page={number}" if number > 1 else ""
        arguments = "&".join(filter(None, (self.arguments, page)))
        return f"{url('search')}?{arguments}" if arguments else url("search")

    # Zero results ---------------------------------------------------------------------------------------------

    def _rescue(self, understanding: Understanding) -> list[Rescue]:
        """Searches near this one that find something: without a filter; failing these, without a word or broader;
        failing these, with the words read in another language.
        """
        for tries in (
            self._without_a_filter(),
            (*self._without_a_word(), *self._broader(understanding)),
            self._in_other_languages(),
        ):
            counted = [Rescue(sentence, self._count(query), link) for sentence, query, link in tries]
            found = [rescue for rescue in counted if rescue.count]
            if found:
                return sorted(found, key=lambda rescue: -rescue.count)
        return []

    def _without_a_filter(self) -> Iterable[Try]:
        for entry in OFFER_FACETS:
            if self.query.selection(entry.facet.name):
                wider = self.query.with_selection(entry.facet.name, Selection())
                yield self._without(self.say.gettext(entry.label), wider)
        if self.query.text and self.query.selections:
            words = self.say.sentence(N_("the words “%(words)s”"), words=self.query.text)
            yield self._without(words, replace(self.query, text="", page=1))

    def _without(self, what: str, query: SearchQuery) -> Try:
        return self.say.sentence(N_("Without: %(filter)s"), filter=what), query, address(query)

    def _without_a_word(self) -> Iterable[Try]:
        words = query_terms(self.query.text, self.query.languages).words
        if not 1 < len(words) <= MOST_WORDS:
            return
        for word in words:
            text = " ".join((self.query.text[: word.start] + self.query.text[word.end :]).split())
            label = self.say.sentence(N_("the word “%(word)s”"), word=self._as_typed(word))
            yield self._without(label, replace(self.query, text=text, page=1))

    def _broader(self, understanding: Understanding) -> Iterable[Try]:
        """What the concepts in the query belong to."""
        for meaning in understanding.meanings:
            for above in ranked_broader(self.session, meaning.uri, self.query.languages)[:1]:
                wider = replace(self.query, text=above.label, without=(), page=1)
                sentence = self.say.sentence(N_("Broader: %(concept)s"), concept=above.label)
                yield sentence, wider, address(wider)

    def _in_other_languages(self) -> Iterable[Try]:
        """The same words read in another language of the interface, where they may be known in another form."""
        if not self.query.text:
            return
        for code in INTERFACE_LANGUAGES:
            if code in self.query.languages:
                continue
            other = replace(self.query, languages=languages_of(code, self.query), page=1)
            sentence = self.say.sentence(
                N_("The words read as %(language)s"), language=language_name(code, self.say.language)
            )
            yield sentence, other, search_url_in(code, other.to_args(FACETS))

    def _count(self, query: SearchQuery) -> int:
        query = replace(query, page=1, page_size=1)
        return find(self.session, self.portal.engine, query, as_of=self.now, facets=()).total


_DEFAULTS = {entry.facet.name: Selection(frozenset(entry.facet.default)) for entry in OFFER_FACETS}


def _default(entry: OfferFacet) -> Selection:
    """What is selected in a facet where nobody has chosen."""
    return _DEFAULTS[entry.facet.name]


def _bound(bound: Any) -> str | None:
    if bound is None:
        return None
    return bound.isoformat() if isinstance(bound, dt.date) else f"{bound:g}"


def _depth(entry: OfferFacet, code: str) -> int:
    if not entry.facet.hierarchical or code == NOT_STATED:
        return 0
    return _depth_in(entry.vocabulary or "", code)


@lru_cache(maxsize=20_000)
def _depth_in(name: str, code: str) -> int:
    return len(vocabulary(name).ancestors(code)) - 1
