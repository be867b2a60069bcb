"""The peer that shows what the engine adds: an index of Tantivy alone, with queries written for it by hand.

It has the same terms in fields of the same kind, and beside them the codes of all facets and the numbers as fast
fields, one row for each offer. Words are the engine's plan as boolean, phrase and disjunction queries, which is given
and not timed; filters are further clauses; all facets are counted by one aggregation and each filtered facet by
another without its own filter, since its values are counted as if they were chosen instead.

What it cannot say: that several filters hold within one run. It has the values of all live runs of an offer together,
live and open as they were at one moment, so where runs are filtered it finds more and is compared with nobody.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from tantivy import (
    Document,
    FieldType,
    Index,
    Occur,
    Order,
    Query,
    Schema,
    SchemaBuilder,
    TextAnalyzerBuilder,
    Tokenizer,
)

from benchmarks.figures import clocked
from benchmarks.machine import size_of
from benchmarks.prepared import Prepared, as_word
from benchmarks.queries import Asked
from benchmarks.rows import codes_in, is_run_facet, live_runs, number_of, published, window
from search.document import FIELDS, SearchDocument
from search.facets import Facet
from search.plan import All, Best, Node, Phrase, Plan, Term
from search.query import SearchQuery, Selection
from search.ranking import CONCEPT_WORTH
from search.ranking import FIELDS as WORTHS
from search.results import Hit, Results

# As the engine has it: one thread that indexes beside the one that feeds it.
HEAP: Final = 128_000_000
THREADS: Final = 1
# More than any facet has codes.
CODES: Final = 100_000
_WORDS: Final = "words"


class RawTantivy:
    """One directory. `as_of`: the moment at which runs are live or open."""

    def __init__(self, path: Path, facets: Sequence[Facet], as_of: dt.datetime) -> None:
        self.path, self.as_of = path, as_of
        self.facets = {facet.name: facet for facet in facets}

    # Writing --------------------------------------------------------------------------------------------------

    def build(self, batches: Iterable[Sequence[Prepared]]) -> dict[str, Any]:
        """Index everything in one commit. Only adding and committing are timed: terms are there before."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        index = Index(_schema(self.facets.values()), str(self.path), reuse=False)
        _register(index)
        writer = index.writer(HEAP, THREADS)
        count, spent = 0, []
        for batch in batches:
            fields = [self._fields(one) for one in batch]
            began = perf_counter()
            for values in fields:
                writer.add_document(Document.from_dict(values, index.schema))
            spent.append(perf_counter() - began)
            count += len(batch)
        _, took = clocked(partial(writer.commit))
        seconds = sum(spent) + took.wall / 1000
        writer.wait_merging_threads()
        return {
            "per_second": round(count / seconds, 1),
            "seconds": round(seconds, 1),
            "size_mb": round(size_of(self.path) / 1024 / 1024, 1),
        }

    def _fields(self, prepared: Prepared) -> dict[str, Any]:
        document = prepared.document
        values: dict[str, Any] = {
            "id": document.id,
            "version": document.version,
            "published": published(document),
            "concept": list(document.concepts),
        }
        for field, texts in prepared.terms.items():
            others = dict.fromkeys(form for text in texts for form in text.others.split())
            values[f"{field}_exact"] = [*(text.forms for text in texts), *others]
            values[f"{field}_stem"] = [text.stems for text in texts]
        for facet in self.facets.values():
            values |= self._facet(facet, document)
        return values

    def _facet(self, facet: Facet, document: SearchDocument) -> dict[str, Any]:
        """The codes of a facet, and its numbers where a range of them can be asked for."""
        runs = live_runs(document, self.as_of.toordinal())
        holders = runs if is_run_facet(facet) else [document]
        if facet.kind == "open":
            return {_codes(facet): sorted({window(run, self.as_of) for run in runs})}
        values: dict[str, Any] = {
            _codes(facet): sorted({code for holder in holders for code in codes_in(facet, holder)})
        }
        if facet.kind == "month":
            values[_numbers(facet)] = sorted({run.start.toordinal() for run in runs if run.start})
        if facet.kind == "range":
            numbers = {holder.numbers.get(facet.name) for holder in holders}
            values[_numbers(facet)] = sorted(number for number in numbers if number is not None)
        return values

    # Searching ------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Prepare for searching."""
        index = Index.open(str(self.path))
        _register(index)
        self.schema, self.searcher = index.schema, index.searcher()

    def search(self, asked: Asked, *, facets: Iterable[str]) -> Results:
        """The answer the engine gives, but for filters of runs; each is ranked in its own way."""
        query = asked.query
        words = [*self._words(asked.plan)]
        filters = {name: self._filter(self.facets[name], chosen) for name, chosen in _chosen(query)}
        everything = self._all_of(words, filters)
        counted = [name for name in facets if name not in filters]
        counts = self._count(everything, counted)
        for name in filters:
            if name in set(facets):
                others = {other: clause for other, clause in filters.items() if other != name}
                counts |= self._count(self._all_of(words, others), [name])
                counts[name] = dict.fromkeys(query.selection(name).values, 0) | counts[name]
        total, hits = self._page(everything, query)
        return Results(total, tuple(hits), counts)

    def _all_of(self, words: list[tuple[Occur, Query]], filters: Mapping[str, Query]) -> Query:
        clauses = [*words, *((Occur.Must, clause) for clause in filters.values())]
        return Query.boolean_query(clauses) if clauses else Query.all_query()

    def _page(self, everything: Query, query: SearchQuery) -> tuple[int, Iterator[Hit]]:
        if query.text:
            found = self.searcher.search(everything, query.page_size, offset=query.offset)
        else:
            found = self.searcher.search(
                everything,
                query.page_size,
                offset=query.offset,
                order_by_field="published",
                order=Order.Desc,
            )
        total: int = found.count  # type: ignore[attr-defined]
        return total, (self._hit(float(score), address) for score, address in found.hits)

    def _hit(self, score: float, address: Any) -> Hit:
        stored = self.searcher.doc(address)
        return Hit(stored["id"][0], stored["version"][0], score)

    def _count(self, query: Query, names: Sequence[str]) -> dict[str, dict[str, int]]:
        wanted = {
            name: {"terms": {"field": _codes(self.facets[name]), "size": CODES, "segment_size": CODES}}
            for name in names
        }
        found = self.searcher.aggregate(query, wanted) if wanted else {}
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]} for name in names
        }

    # Filters --------------------------------------------------------------------------------------------------

    def _filter(self, facet: Facet, selection: Selection) -> Query:
        """Any of the codes, or inside the range; worth nothing in the order of hits."""
        either = [
            Query.term_query(self.schema, _codes(facet), code, "basic") for code in sorted(selection.values)
        ]
        if selection.has_range:
            low, high = (
                None if bound is None else number_of(bound) for bound in (selection.low, selection.high)
            )
            either.append(Query.range_query(self.schema, _numbers(facet), FieldType.Float, low, high))
        return Query.const_score_query(_either(either), 0.0)

    # Words ----------------------------------------------------------------------------------------------------

    def _words(self, plan: Plan) -> Iterator[tuple[Occur, Query]]:
        if not plan.required and plan.excluded:
            yield Occur.Must, Query.all_query()
        for occur, nodes in (
            (Occur.Must, plan.required),
            (Occur.Should, plan.optional if plan.required else ()),
            (Occur.MustNot, plan.excluded),
        ):
            yield from ((occur, self._node(node, 1.0)) for node in nodes)

    def _node(self, node: Node, weight: float) -> Query:
        match node:
            case Term("concept"):
                term = Query.term_query(self.schema, "concept", node.text, "freq")
                return Query.boost_query(term, weight * node.weight * CONCEPT_WORTH)
            case Term():
                word = as_word(node.text)
                return self._fields_with(
                    node.family,
                    weight * node.weight,
                    lambda field: Query.term_query(self.schema, field, word, "freq"),
                )
            case Phrase():
                return self._phrase(node.forms, weight * node.weight)
            case Best():
                return Query.disjunction_max_query([self._node(inner, weight) for inner in node.nodes])
            case All():
                inner = [(Occur.Must, self._node(one, weight * node.weight)) for one in node.nodes]
                return Query.boolean_query(inner)

    def _phrase(self, forms: tuple[str, ...], weight: float) -> Query:
        if len(forms) == 1:
            return self._node(Term("exact", forms[0]), weight)
        words: list[str | tuple[int, str]] = [*forms]
        return self._fields_with("exact", weight, lambda field: Query.phrase_query(self.schema, field, words))

    def _fields_with(self, family: str, weight: float, make: Any) -> Query:
        """In any field, their scores added up."""
        return _either(
            [Query.boost_query(make(f"{field}_{family}"), weight * WORTHS[field].worth) for field in FIELDS]
        )


def _schema(facets: Iterable[Facet]) -> Schema:
    builder = SchemaBuilder()
    for field in FIELDS:
        builder.add_text_field(f"{field}_exact", tokenizer_name=_WORDS, index_option="position")
        builder.add_text_field(f"{field}_stem", tokenizer_name=_WORDS, index_option="freq")
    builder.add_text_field("concept", tokenizer_name="raw", index_option="freq")
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("version", stored=True)
    builder.add_integer_field("published", fast=True)
    for facet in facets:
        builder.add_text_field(_codes(facet), fast=True, tokenizer_name="raw", index_option="basic")
        if facet.kind in {"month", "range"}:
            builder.add_float_field(_numbers(facet), fast=True)
    return builder.build()


def _register(index: Index) -> None:
    index.register_tokenizer(_WORDS, TextAnalyzerBuilder(Tokenizer.whitespace()).build())


def _codes(facet: Facet) -> str:
    return f"codes_{facet.name}"


def _numbers(facet: Facet) -> str:
    return f"numbers_{facet.name}"


def _chosen(query: SearchQuery) -> Iterator[tuple[str, Selection]]:
    return ((name, chosen) for name, chosen in query.selections.items() if chosen)


def _either(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, one) for one in queries])
