"""What search has to answer, said as plainly as possible: loops over documents, no index, no numpy.

The analysis of words and the plan of a query are given; matching, filters, counts and orders are written again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from search.document import RunDocument, SearchDocument
from search.facets import NOT_STATED, Facet
from search.plan import All, Best, Node, Phrase, Plan, Term
from search.query import SearchQuery, Selection
from search.text import analyse, collation_key


@dataclass(frozen=True)
class Answer:
    """All ids in order (by id where the order is relevance) and the counts of every facet."""

    ids: list[str]
    facets: dict[str, dict[str, int]]


class Reference:
    """The newest version of each document, searched by brute force."""

    def __init__(self, facets: Sequence[Facet]) -> None:
        self.facets = {facet.name: facet for facet in facets}
        self.documents: dict[str, SearchDocument] = {}

    def write(self, documents: Collection[SearchDocument], deleted: Collection[str] = ()) -> None:
        written = {document.id for document in documents}
        for document_id in set(deleted) - written:
            self.documents.pop(document_id, None)
        for document in documents:
            known = self.documents.get(document.id)
            if known is None or known.version <= document.version:
                self.documents[document.id] = document

    def search(self, query: SearchQuery, plan: Plan, as_of: datetime, hidden: Collection[str] = ()) -> Answer:
        matching = [document for document in self.documents.values() if matches_plan(document, plan)]
        if not matching and plan.looser:
            return self.search(query, plan.looser, as_of, hidden)
        candidates = [document for document in matching if document.id not in hidden]
        search = _Search(self.facets, query.selections, as_of)
        found = [document for document in candidates if search.accepts(document)]
        facets = {name: self._counts(facet, query, as_of, candidates) for name, facet in self.facets.items()}
        return Answer(self._order(found, query, search, asks=plan.asks), facets)

    def _counts(
        self, facet: Facet, query: SearchQuery, as_of: datetime, candidates: list[SearchDocument]
    ) -> dict[str, int]:
        """The total when the facet's whole selection is replaced by one value, for every value there is."""
        selected = query.selection(facet.name).values
        codes = {
            code
            for document in candidates
            for run in document.runs
            for code in _codes(facet, document, run, as_of)
        }
        counts = {}
        for code in codes | selected:
            selections = {**query.selections, facet.name: Selection(frozenset({code}))}
            search = _Search(self.facets, selections, as_of)
            counts[code] = sum(search.accepts(document) for document in candidates)
        return {code: count for code, count in counts.items() if count or code in selected}

    def _order(
        self, found: list[SearchDocument], query: SearchQuery, search: _Search, *, asks: bool
    ) -> list[str]:
        order = query.order
        if order == "relevance" and not asks:
            order = "newest"
        keys: dict[str, Callable[[SearchDocument], Any]] = {
            "relevance": lambda _: 0,
            "newest": lambda document: -document.published_at.timestamp(),
            "start": search.next_start,
            "price": search.least_price,
            "workload": _workload,
            "title": lambda document: _title_key(document, query.languages[0]),
        }
        return [
            document.id
            for document in sorted(found, key=lambda document: (keys[order](document), document.id))
        ]


class _Search:
    """Selections at a moment."""

    def __init__(
        self, facets: Mapping[str, Facet], selections: Mapping[str, Selection], as_of: datetime
    ) -> None:
        self.facets = facets
        self.selections = {name: selection for name, selection in selections.items() if selection}
        self.as_of = as_of

    def accepts(self, document: SearchDocument) -> bool:
        of_document = all(
            self._holds(name, document, document.runs[0])
            for name in self.selections
            if name in self.facets and not _is_run(self.facets[name])
        )
        return of_document and any(True for _ in self.runs(document))

    def runs(self, document: SearchDocument) -> Iterator[RunDocument]:
        """The live runs that satisfy the selections of all run facets."""
        for run in self._live(document):
            if all(
                self._holds(name, document, run)
                for name in self.selections
                if name in self.facets and _is_run(self.facets[name])
            ):
                yield run

    def _live(self, document: SearchDocument) -> Sequence[RunDocument]:
        today = self.as_of.date()
        current = [
            run
            for run in document.runs
            if not (run.end or run.start) or (run.end or run.start or today) >= today
        ]
        return current or document.runs

    def _holds(self, name: str, document: SearchDocument, run: RunDocument) -> bool:
        facet, selection = self.facets[name], self.selections[name]
        if selection.values & _codes(facet, document, run, self.as_of):
            return True
        if not selection.has_range:
            return False
        number: float | date | None = run.start if facet.kind == "month" else _number(facet, document, run)
        return number is not None and not (
            (selection.low is not None and number < selection.low)  # type: ignore[operator]
            or (selection.high is not None and number > selection.high)  # type: ignore[operator]
        )

    def next_start(self, document: SearchDocument) -> date:
        today = self.as_of.date()
        return min(
            (run.start for run in self.runs(document) if run.start and run.start >= today), default=date.max
        )

    def least_price(self, document: SearchDocument) -> float:
        prices = [run.numbers["price"] for run in self.runs(document) if "price" in run.numbers]
        return min(prices, default=float("inf"))


def matches_plan(document: SearchDocument, plan: Plan) -> bool:
    return all(_holds(document, node) for node in plan.required) and not any(
        _holds(document, node) for node in plan.excluded
    )


def _holds(document: SearchDocument, node: Node) -> bool:
    match node:
        case Term():
            return node.text in _terms_of(document, node.family)
        case Phrase():
            return any(_has_phrase(forms, node.forms) for forms in _forms(document))
        case Best():
            return any(_holds(document, inner) for inner in node.nodes)
        case All():
            return all(_holds(document, inner) for inner in node.nodes)


def _terms_of(document: SearchDocument, family: str) -> set[str]:
    if family == "concept":
        return set(document.concepts)
    terms = set()
    for text in document.texts:
        for token in analyse(text.text, text.language):
            if family == "exact":
                terms |= {token.exact, *token.variants}
            else:
                terms.add(f"{text.language}:{token.stem}")
    return terms


def _forms(document: SearchDocument) -> Iterator[list[str]]:
    """The words of each text, hyphenated ones in their parts."""
    for text in document.texts:
        yield [token.exact for token in analyse(text.text, text.language) if not token.joined]


def _has_phrase(forms: Sequence[str], phrase: Sequence[str]) -> bool:
    starts = range(len(forms) - len(phrase) + 1)
    return any(tuple(forms[start : start + len(phrase)]) == tuple(phrase) for start in starts)


def _is_run(facet: Facet) -> bool:
    return facet.per_run or facet.kind in {"month", "open"}


def _codes(facet: Facet, document: SearchDocument, run: RunDocument, as_of: datetime) -> frozenset[str]:
    if facet.kind == "terms":
        values = run.values if facet.per_run else document.values
        return frozenset(values.get(facet.name) or (NOT_STATED,))
    if facet.kind == "month":
        return frozenset({run.start.isoformat()[:7] if run.start else NOT_STATED})
    if facet.kind == "open":
        return frozenset({_window(run, as_of)})
    number = _number(facet, document, run)
    if number is None:
        return frozenset({NOT_STATED})
    return frozenset(
        bucket.code
        for bucket in facet.buckets
        if (bucket.low is None or number >= bucket.low) and (bucket.high is None or number < bucket.high)
    )


def _number(facet: Facet, document: SearchDocument, run: RunDocument) -> float | None:
    return (run.numbers if facet.per_run else document.numbers).get(facet.name)


def _window(run: RunDocument, as_of: datetime) -> str:
    if (run.closes and run.closes < as_of) or (run.opens and run.opens > as_of):
        return "no"
    if run.closes or run.rolling:
        return "yes"
    return "no" if run.start and run.start < as_of.date() else NOT_STATED


def _workload(document: SearchDocument) -> float:
    if "hours" in document.numbers:
        return document.numbers["hours"]
    return document.numbers.get("ects", float("inf")) * 25


def _title_key(document: SearchDocument, language: str) -> str:
    titles = document.titles()
    title = titles.get(language) or titles.get("en") or titles.get(document.default_language, "")
    return collation_key(title, language)
