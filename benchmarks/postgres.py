"""The peer: PostgreSQL with the same terms, filters and facet counts in SQL.

Written as somebody would who knows PostgreSQL well: forms, stems and concepts as lexemes of one `tsvector` with
positions and weights by field, under a GIN index; the codes of all facets of an offer, or of a run, as one array of
numbers, so that one pass counts them all; one statement for total, page and counts, whose parts share what they have
found. Words are the engine's plan as a `tsquery`, so that both find the same; it is given and not timed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import psycopg

from benchmarks.prepared import Prepared, Terms, as_word
from benchmarks.queries import Asked
from benchmarks.rows import codes_in, is_run_facet, last_day, number_of, published, seconds
from search.document import FIELDS, RunDocument, SearchDocument
from search.facets import NOT_STATED, Facet
from search.plan import All, Best, Node, Phrase, Plan, Term
from search.query import Selection
from search.results import Hit, Results

# A code's number modulo this is that of its facet.
FACETS: Final = 64
# The weights of `tsvector` for title, outcomes and body, and what each is worth, from D to A, at most 1.
LABELS: Final = dict(zip(FIELDS, "ABD", strict=True))
WORTHS: Final = "{0.167, 0, 0.333, 1}"
# Words of one text never stand beside words of the next.
GAP: Final = 16
LAST_POSITION: Final = 16_383

TABLES: Final = """
CREATE UNLOGGED TABLE doc(id int, uid text, version bigint, published bigint, ects float8, hours float8,
                          codes int[], words tsvector);
CREATE UNLOGGED TABLE run(doc int, last_day int, doc_last_day int, start int, opens float8, closes float8,
                          rolling boolean, price float8, codes int[]);
CREATE UNLOGGED TABLE code(id int, facet text, name text);
"""
INDEXES: Final = """
ALTER TABLE doc ADD PRIMARY KEY (id);
CREATE INDEX run_by_doc ON run(doc);
CREATE INDEX doc_by_words ON doc USING gin(words) WITH (fastupdate = off);
CREATE INDEX doc_by_date ON doc(published DESC, uid);
VACUUM ANALYZE doc;
VACUUM ANALYZE run;
"""
# What the engine's `open` facet says, for the run r at a day and a moment.
OPEN: Final = """CASE WHEN coalesce(r.opens > {now}, false) OR CASE WHEN r.closes IS NULL
 THEN coalesce(r.start < {day}, false) AND NOT r.rolling ELSE r.closes < {now} END
 THEN {no} WHEN r.closes IS NOT NULL OR r.rolling THEN {yes} ELSE {silent} END"""


class Postgres:
    """One database, one connection."""

    def __init__(self, address: str, facets: Sequence[Facet]) -> None:
        self.facets = {facet.name: facet for facet in facets}
        self.places = {facet.name: place for place, facet in enumerate(facets)}
        if len(facets) > FACETS:
            raise AssertionError("More facets than numbers for them.")
        # Every statement is planned for its own words: a plan for any words would suit few.
        self.connection = psycopg.connect(address, autocommit=True, prepare_threshold=None)
        self.codes: dict[tuple[str, str], int] = {}

    def close(self) -> None:
        self.connection.close()

    # Writing --------------------------------------------------------------------------------------------------

    def build(self, batches: Iterable[Sequence[Prepared]]) -> dict[str, Any]:
        """Copy everything into tables, then index them. Making lines of documents is timed, too."""
        began = perf_counter()
        self._do("DROP TABLE IF EXISTS doc, run, code;" + TABLES)
        count = 0
        for batch in batches:
            self._copy("doc", (self._doc(count + place, one) for place, one in enumerate(batch, start=1)))
            self._copy("run", self._runs(count, batch))
            count += len(batch)
        for name in ("yes", "no", NOT_STATED):
            self.code("open", name)
        self._copy("code", ((number, *key) for key, number in self.codes.items()))
        for statement in INDEXES.strip().split("\n"):
            self._do(statement)
        spent = perf_counter() - began
        row = self._do("SELECT pg_database_size(current_database())").fetchone()
        return {
            "per_second": round(count / spent, 1),
            "seconds": round(spent, 1),
            "size_mb": round(row[0] / 1024 / 1024, 1) if row else 0,
        }

    def _copy(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY {table} FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def _do(self, sql: str) -> psycopg.Cursor[Any]:
        return self.connection.execute(sql)

    def _doc(self, number: int, prepared: Prepared) -> tuple[Any, ...]:
        document = prepared.document
        ects, hours = (document.numbers.get(name) for name in ("ects", "hours"))
        codes = self._codes(document, run_facets=False)
        moment = published(document)
        return number, document.id, document.version, moment, ects, hours, codes, tsvector(prepared)

    def _runs(self, before: int, batch: Sequence[Prepared]) -> Iterator[tuple[Any, ...]]:
        for number, prepared in enumerate(batch, start=before + 1):
            final = max(map(last_day, prepared.document.runs))
            for run in prepared.document.runs:
                yield (
                    number,
                    last_day(run),
                    final,
                    run.start.toordinal() if run.start else None,
                    seconds(run.opens),
                    seconds(run.closes),
                    run.rolling,
                    run.numbers.get("price"),
                    self._codes(run, run_facets=True),
                )

    def _codes(self, holder: SearchDocument | RunDocument, *, run_facets: bool) -> list[int]:
        return sorted(
            {
                self.code(facet.name, code)
                for facet in self.facets.values()
                if facet.kind != "open" and is_run_facet(facet) == run_facets
                for code in codes_in(facet, holder)
            }
        )

    def code(self, facet: str, name: str) -> int:
        """A code's number, given now if it has none."""
        key = (facet, name)
        if key not in self.codes:
            self.codes[key] = (len(self.codes) + 1) * FACETS + self.places[facet]
        return self.codes[key]

    # Searching ------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Prepare for searching."""
        rows = self._do("SELECT facet, name, id FROM code").fetchall()
        self.codes = {(facet, name): number for facet, name, number in rows}
        self.names = {number: (facet, name) for facet, name, number in rows}

    def search(self, asked: Asked, *, as_of: dt.datetime, facets: Iterable[str]) -> Results:
        """The answer the engine gives; ranked in its own way."""
        return _Search(self, asked, as_of, facets).results()

    @property
    def version(self) -> str:
        return str(self.connection.info.parameter_status("server_version"))


# Words ----------------------------------------------------------------------------------------------------------


def tsvector(prepared: Prepared) -> str:
    """Forms where they stand, in each of their places; stems and concepts once, since no phrase asks for them."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    base = 1
    for field, texts in prepared.terms.items():
        for text in texts:
            base = _add(places, text, base, LABELS[field])
    for concept in prepared.document.concepts:
        places[_concept(concept)] = [f"{min(base, LAST_POSITION)}B"]
    return " ".join(f"{_quoted(lexeme)}:{','.join(found)}" for lexeme, found in places.items())


def _add(places: defaultdict[str, list[str]], text: Terms, base: int, label: str) -> int:
    """Returns where the next text begins. Fields come by their worth: what has a place already has the best."""
    forms = text.forms.split()
    for place, form in enumerate(forms, start=base):
        places[form].append(f"{min(place, LAST_POSITION)}{label}")
    # In no phrase: they stand where nothing stands beside them.
    aside = base + len(forms) + 2
    for lexeme in (*text.stems.split(), *text.others.split()):
        if lexeme not in places:
            places[lexeme].append(f"{min(aside, LAST_POSITION)}{label}")
    return aside + GAP


def tsquery(plan: Plan) -> str:
    """What must and must not occur; nothing where that is everything."""
    clauses = [_node(node) for node in plan.required]
    clauses += [f"!{_node(node)}" for node in plan.excluded]
    return " & ".join(clauses)


def _node(node: Node) -> str:
    match node:
        case Term("concept"):
            return _quoted(_concept(node.text))
        case Term():
            return _quoted(as_word(node.text))
        case Phrase():
            return f"({' <-> '.join(map(_quoted, node.forms))})"
        case Best():
            return f"({' | '.join(map(_node, node.nodes))})"
        case All():
            return f"({' & '.join(map(_node, node.nodes))})"


def _concept(address: str) -> str:
    return f"concept!{address}"


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


# One search -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Failing:
    """One facet's selection: the bit that says a row fails it, and the condition for failing."""

    facet: Facet
    bit: int
    condition: str


class _Search:
    """One search as one statement. `hit`: offers with the words that fail at most one selection; `hit_run`: their
    live runs that do; `found`: what satisfies everything.
    """

    def __init__(self, peer: Postgres, asked: Asked, as_of: dt.datetime, facets: Iterable[str]) -> None:
        self.peer, self.query = peer, asked.query
        self.counted = frozenset(facets)
        self.words = tsquery(asked.plan)
        self.day, self.now = as_of.date().toordinal(), as_of.timestamp()
        window = {name: peer.codes["open", code] for name, code in _WINDOW.items()}
        self.open = OPEN.format(day=self.day, now=self.now, **window)
        chosen = [facet for facet in peer.facets.values() if self.query.selection(facet.name)]
        failing = [_Failing(facet, 1 << place, self._fails(facet)) for place, facet in enumerate(chosen)]
        self.docs = [one for one in failing if not is_run_facet(one.facet)]
        self.runs = [one for one in failing if is_run_facet(one.facet)]

    def results(self) -> Results:
        rows = self.peer.connection.execute(
            self.statement(), {"words": self.words, "limit": self.query.page_size}
        ).fetchall()
        counts: dict[str, dict[str, int]] = {
            name: dict.fromkeys(self.query.selection(name).values, 0) for name in self.counted
        }
        hits, total = [], 0
        for part, code, count, uid, score in rows:
            if part == "total":
                total = count
            elif part == "hit":
                hits.append(Hit(uid, count, score))
            else:
                facet, name = self.peer.names[code]
                self._count(counts, part, facet, name, count)
        return Results(total, tuple(hits), counts)

    def _count(self, counts: dict[str, dict[str, int]], part: str, facet: str, name: str, count: int) -> None:
        """The counts of all facets come together; those with a selection are right only in a part of their own."""
        if facet in self.counted and part == (facet if self.query.selection(facet) else "all"):
            counts[facet][name] = count

    # The statement --------------------------------------------------------------------------------------------

    def statement(self) -> str:
        parts = [
            "SELECT 'total', 0, count(*), NULL, NULL::float8 FROM found",
            self._page(),
            _COUNT.format(part="all", rows="SELECT unnest(codes) AS code FROM found"),
            _COUNT.format(part="all", rows=_EACH_RUN.format(runs=self._runs_but(0))),
        ]
        parts += (self._own(one) for one in (*self.docs, *self.runs) if one.facet.name in self.counted)
        return f"WITH {', '.join(self._tables())} {' UNION ALL '.join(f'({part})' for part in parts)}"

    def _tables(self) -> Iterator[str]:
        words = " WHERE d.words @@ %(words)s::tsquery" if self.words else ""
        columns = "d.id, d.uid, d.version, d.published, d.codes"
        yield (
            f"hit AS MATERIALIZED (SELECT * FROM (SELECT {columns}, {_bits(self.docs)} AS fails FROM doc d{words}) h"
            f" WHERE fails IN ({_kept(self.docs)}))"
        )
        # Without a filter of runs only the runs of what is found are counted.
        which = "" if self.runs else " AND h.fails = 0"
        yield (
            "hit_run AS MATERIALIZED (SELECT * FROM (SELECT r.doc, h.fails AS doc_fails,"
            f" r.codes || {self.open} AS codes, {_bits(self.runs)} AS fails FROM hit h JOIN run r ON r.doc = h.id"
            f" WHERE (r.last_day >= {self.day} OR r.doc_last_day < {self.day}){which}) h"
            f" WHERE fails IN ({_kept(self.runs)}))"
        )
        yield f"found AS MATERIALIZED ({self._docs_but(0)})"

    def _docs_but(self, bit: int) -> str:
        """Documents that satisfy all selections but one.

        IS TRUE has the runs hashed: as a join, with rows whose number nobody can guess, each would be looked for.
        """
        sql = f"SELECT * FROM hit WHERE fails & ~{bit} = 0"
        return sql + (" AND (id IN (SELECT doc FROM hit_run WHERE fails = 0)) IS TRUE" if self.runs else "")

    def _runs_but(self, bit: int) -> str:
        """Runs of documents that satisfy all their selections, satisfying all of runs but one."""
        return f"SELECT doc, codes FROM hit_run WHERE doc_fails = 0 AND fails & ~{bit} = 0"

    def _own(self, one: _Failing) -> str:
        """The counts of a facet with a selection, among what the others leave."""
        if is_run_facet(one.facet):
            rows = _EACH_RUN.format(runs=self._runs_but(one.bit))
        else:
            rows = f"SELECT unnest(codes) AS code FROM ({self._docs_but(one.bit)}) h"
        which = f" WHERE code %% {FACETS} = {self.peer.places[one.facet.name]}"
        return _COUNT.format(part=one.facet.name, rows=f"SELECT code FROM ({rows}) c{which}")

    def _page(self) -> str:
        columns = "'hit', 0, f.version, f.uid"
        limit = f"LIMIT %(limit)s OFFSET {self.query.offset}"
        if not self.query.text or not self.words:
            return f"SELECT {columns}, 0 FROM found f ORDER BY f.published DESC, f.uid {limit}"
        score = f"ts_rank('{WORTHS}', d.words, %(words)s::tsquery)::float8"
        source = "found f JOIN doc d ON d.id = f.id"
        return f"SELECT {columns}, {score} AS score FROM {source} ORDER BY score DESC, f.uid {limit}"

    # Conditions -----------------------------------------------------------------------------------------------

    def _fails(self, facet: Facet) -> str:
        """A condition on doc d or run r that holds where a selection is not met."""
        selection = self.query.selection(facet.name)
        met = [self._has(facet, selection)] if selection.values else []
        met += [_within(facet, selection)] if selection.has_range else []
        return f"NOT ({' OR '.join(met)})"

    def _has(self, facet: Facet, selection: Selection) -> str:
        numbers = ",".join(
            str(self.peer.codes.get((facet.name, value), 0)) for value in sorted(selection.values)
        )
        if facet.kind == "open":
            return f"({self.open}) IN ({numbers})"
        return f"{'r' if is_run_facet(facet) else 'd'}.codes && '{{{numbers}}}'::int[]"


_WINDOW: Final[Mapping[str, str]] = {"yes": "yes", "no": "no", "silent": NOT_STATED}
_COUNT: Final = "SELECT '{part}', code, count(*), NULL, NULL::float8 FROM ({rows}) rows GROUP BY code"
# A document counts once, however many of its runs have a code.
_EACH_RUN: Final = "SELECT DISTINCT doc, unnest(codes) AS code FROM ({runs}) runs"


def _bits(failing: Sequence[_Failing]) -> str:
    return " + ".join(f"({one.condition})::int * {one.bit}" for one in failing) or "0"


def _kept(failing: Sequence[_Failing]) -> str:
    return ", ".join(["0", *(str(one.bit) for one in failing)])


def _within(facet: Facet, selection: Selection) -> str:
    """A closed range of numbers or days; where a bound is open, the number must be stated."""
    column = {"month": "r.start"}.get(facet.kind, f"{'r' if facet.per_run else 'd'}.{facet.name}")
    bounds = [(">=", selection.low), ("<=", selection.high)]
    tests = [f"{column} {sign} {number_of(bound)!r}" for sign, bound in bounds if bound is not None]
    return f"coalesce({' AND '.join(tests)}, false)"
