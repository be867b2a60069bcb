"""The peer: SQLite FTS5 with the same texts, filters and facet counts in SQL.

Written as somebody would who knows SQLite well: words by `MATCH` ranked by `bm25` with weights by field, one
narrow clustered table per facet ("not stated" is a row like any other), one pass that notes for each document and
run which selections it fails, counts as one grouped join per facet, prepared statements, `ANALYZE`, `optimize`,
everything in memory that a process of this size may keep there. It matches exact words with their marks off; it has
no stems, so it finds fewer offers than the engine and has less to count.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.queries import Asked
from benchmarks.rows import codes_in, is_run_facet, last_day, number_of, published, seconds
from search.document import FIELDS, RunDocument, SearchDocument
from search.facets import Facet
from search.query import SearchQuery, Selection
from search.results import Hit, Results

CACHE_KIB: Final = 64 * 1024
WEIGHTS: Final = "6.0, 2.0, 1.0"
_WORD: Final = re.compile(r"\w+")

TABLES: Final = """
CREATE VIRTUAL TABLE texts USING fts5(title, outcomes, body, content='', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE doc(id INTEGER PRIMARY KEY, uid TEXT, version INTEGER, published INTEGER, ects REAL, hours REAL);
CREATE TABLE run(id INTEGER PRIMARY KEY, doc INTEGER, last_day INTEGER, doc_last_day INTEGER, start INTEGER,
                 opens INTEGER, closes INTEGER, rolling INTEGER, price REAL);
CREATE TABLE code(id INTEGER PRIMARY KEY, facet TEXT, name TEXT, UNIQUE(facet, name));
"""
TEMPORARY: Final = """
CREATE TEMP TABLE hit(doc INTEGER PRIMARY KEY, score REAL, fails INTEGER);
CREATE TEMP TABLE hit_run(run INTEGER PRIMARY KEY, doc INTEGER, fails INTEGER);
CREATE TEMP TABLE found(doc INTEGER PRIMARY KEY, score REAL);
CREATE TEMP TABLE found_run(run INTEGER PRIMARY KEY, doc INTEGER);
CREATE TEMP TABLE other(doc INTEGER PRIMARY KEY);
CREATE TEMP TABLE other_run(run INTEGER PRIMARY KEY, doc INTEGER);
"""
# What the engine's `open` facet says, for the run r at :day and :now.
OPEN: Final = """CASE
 WHEN r.opens > :now OR CASE WHEN r.closes IS NULL THEN r.start < :day AND NOT r.rolling ELSE r.closes < :now END
 THEN 'no' WHEN r.closes IS NOT NULL OR r.rolling THEN 'yes' ELSE 'not-stated' END"""
LIVE: Final = "(r.last_day >= :day OR r.doc_last_day < :day)"


class Fts5:
    """One database file and one connection."""

    def __init__(self, path: Path, facets: Sequence[Facet]) -> None:
        self.path, self.facets = path, {facet.name: facet for facet in facets}
        self.connection = sqlite3.connect(path, isolation_level=None, cached_statements=1000)
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"cache_size=-{CACHE_KIB}",
            "mmap_size=4000000000",
            "temp_store=MEMORY",
        ):
            self.connection.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        self.connection.close()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.path.stat().st_size

    # Writing --------------------------------------------------------------------------------------------------

    def create(self) -> None:
        self.connection.executescript(TABLES)
        for facet in self.facets.values():
            if facet.kind != "open":
                row = "run" if is_run_facet(facet) else "doc"
                key = f"{row} INTEGER, code INTEGER, PRIMARY KEY({row}, code)"
                self.connection.execute(f"CREATE TABLE facet_{facet.name}({key}) WITHOUT ROWID")

    def add(self, documents: Iterable[SearchDocument]) -> None:
        """Add documents in one transaction."""
        self.connection.execute("BEGIN")
        writer = _Writer(self.connection, self.facets)
        for document in documents:
            writer.document(document)
        self.connection.execute("COMMIT")

    def finish(self) -> None:
        """Merge the full text index, gather statistics."""
        self.connection.execute("INSERT INTO texts(texts) VALUES('optimize')")
        self.connection.execute("CREATE INDEX run_by_doc ON run(doc)")
        self.connection.execute("CREATE INDEX doc_by_date ON doc(published DESC, uid)")
        self.connection.execute("ANALYZE")

    # Searching ------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Prepare for searching: once per connection, as a web process would."""
        self.connection.executescript(TEMPORARY)
        rows = self.connection.execute("SELECT facet, name, id FROM code").fetchall()
        self.codes = {(facet, name): number for facet, name, number in rows}
        self.names = {number: name for _, name, number in rows}

    def search(self, asked: Asked, *, as_of: dt.datetime, facets: Iterable[str]) -> Results:
        """The answer the engine gives, but for stems."""
        self.connection.execute("BEGIN")
        try:
            return _Search(self, asked.query, as_of, facets).results()
        finally:
            self.connection.execute("ROLLBACK")


class _Writer:
    """Writes documents into the tables."""

    def __init__(self, connection: sqlite3.Connection, facets: dict[str, Facet]) -> None:
        self.connection, self.facets = connection, facets
        self.codes: dict[tuple[str, str], int] = {
            (facet, name): number
            for number, facet, name in connection.execute("SELECT id, facet, name FROM code")
        }
        self.docs = connection.execute("SELECT count(*) FROM doc").fetchone()[0]
        self.runs = connection.execute("SELECT count(*) FROM run").fetchone()[0]

    def document(self, document: SearchDocument) -> None:
        self.docs += 1
        texts = ["\n".join(text.text for text in document.texts if text.field == field) for field in FIELDS]
        insert = "INSERT INTO texts(rowid, title, outcomes, body) VALUES(?, ?, ?, ?)"
        self.connection.execute(insert, (self.docs, *texts))
        ects, hours = (document.numbers.get(name) for name in ("ects", "hours"))
        row = (self.docs, document.id, document.version, published(document), ects, hours)
        self.connection.execute("INSERT INTO doc VALUES(?, ?, ?, ?, ?, ?)", row)
        self._facets(self.docs, document, run_facets=False)
        final = max(map(last_day, document.runs))
        for run in document.runs:
            self._run(run, final)

    def _run(self, run: RunDocument, doc_last_day: int) -> None:
        self.runs += 1
        row = (
            self.runs,
            self.docs,
            last_day(run),
            doc_last_day,
            run.start.toordinal() if run.start else None,
            seconds(run.opens),
            seconds(run.closes),
            run.rolling,
            run.numbers.get("price"),
        )
        self.connection.execute("INSERT INTO run VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._facets(self.runs, run, run_facets=True)

    def _facets(self, row: int, holder: SearchDocument | RunDocument, *, run_facets: bool) -> None:
        for facet in self.facets.values():
            if facet.kind == "open" or is_run_facet(facet) != run_facets:
                continue
            codes = sorted({self._code(facet.name, code) for code in codes_in(facet, holder)})
            insert = f"INSERT INTO facet_{facet.name} VALUES(?, ?)"
            self.connection.executemany(insert, [(row, code) for code in codes])

    def _code(self, facet: str, name: str) -> int:
        key = (facet, name)
        if key not in self.codes:
            self.codes[key] = len(self.codes) + 1
            self.connection.execute("INSERT INTO code VALUES(?, ?, ?)", (self.codes[key], facet, name))
        return self.codes[key]


@dataclass(frozen=True, slots=True)
class _Failing:
    """One facet's selection: the bit that says a row fails it, and the condition for failing."""

    facet: Facet
    bit: int
    condition: str


class _Search:
    """One search in one transaction, in the temporary tables of its connection."""

    def __init__(self, peer: Fts5, query: SearchQuery, as_of: dt.datetime, facets: Iterable[str]) -> None:
        self.peer, self.query, self.counted = peer, query, tuple(facets)
        self.execute = peer.connection.execute
        self.moment = {"day": as_of.date().toordinal(), "now": as_of.timestamp()}
        chosen = [facet for facet in peer.facets.values() if query.selection(facet.name)]
        failing = [_Failing(facet, 1 << place, self._fails(facet)) for place, facet in enumerate(chosen)]
        self.docs = [one for one in failing if not is_run_facet(one.facet)]
        self.runs = [one for one in failing if is_run_facet(one.facet)]

    def results(self) -> Results:
        for table in ("hit", "hit_run", "found", "found_run"):
            self.execute(f"DELETE FROM temp.{table}")
        self._hits()
        self._runs()
        self._found()
        total = self.execute("SELECT count(*) FROM temp.found").fetchone()[0]
        return Results(total, tuple(self._page()), {name: self._counts(name) for name in self.counted})

    # Conditions -----------------------------------------------------------------------------------------------

    def _fails(self, facet: Facet) -> str:
        """A condition on doc d or run r that holds where a selection is not met."""
        selection = self.query.selection(facet.name)
        met = [self._has(facet, selection)] if selection.values else []
        met += [_within(facet, selection)] if selection.has_range else []
        return f"NOT ({' OR '.join(met)})"

    def _has(self, facet: Facet, selection: Selection) -> str:
        if facet.kind == "open":
            return f"({OPEN}) IN ({', '.join(repr(value) for value in sorted(selection.values))})"
        row, alias = ("run", "r.id") if is_run_facet(facet) else ("doc", "d.id")
        numbers = [str(self.peer.codes.get((facet.name, value), 0)) for value in sorted(selection.values)]
        table = f"facet_{facet.name}"
        return (
            f"EXISTS (SELECT 1 FROM {table} f WHERE f.{row} = {alias} AND f.code IN ({', '.join(numbers)}))"
        )

    # Sets -----------------------------------------------------------------------------------------------------

    def _hits(self) -> None:
        """Documents with the words that fail at most one selection: no count looks at others."""
        words = " ".join(f'"{word}"' for word in _WORD.findall(self.query.text))
        fails = _bits(self.docs)
        source = "texts t CROSS JOIN doc d ON d.id = t.rowid WHERE texts MATCH :words" if words else "doc d"
        score = f"bm25(texts, {WEIGHTS})" if words else "0"
        inner = f"SELECT d.id AS doc, {score} AS score, {fails} AS fails FROM {source}"
        kept = ", ".join(["0", *(str(one.bit) for one in self.docs)])
        sql = f"INSERT INTO temp.hit SELECT doc, score, fails FROM ({inner}) WHERE fails IN ({kept})"
        self.execute(sql, self.moment | {"words": words})

    def _runs(self) -> None:
        """Their live runs that fail at most one selection."""
        kept = ", ".join(["0", *(str(one.bit) for one in self.runs)])
        inner = (
            f"SELECT r.id AS run, r.doc AS doc, {_bits(self.runs)} AS fails FROM temp.hit h CROSS JOIN run r"
        )
        inner += f" ON r.doc = h.doc WHERE {LIVE}"
        sql = f"INSERT INTO temp.hit_run SELECT run, doc, fails FROM ({inner}) WHERE fails IN ({kept})"
        self.execute(sql, self.moment)

    def _found(self) -> None:
        """What satisfies everything."""
        self.execute(f"INSERT INTO temp.found {self._docs_but(0, 'doc, score')}")
        self.execute(f"INSERT INTO temp.found_run {_runs_but(0)}")

    def _docs_but(self, bit: int, columns: str = "doc") -> str:
        """Documents that satisfy all selections but one."""
        sql = f"SELECT {columns} FROM temp.hit WHERE fails & ~{bit} = 0"
        return sql + (" AND doc IN (SELECT doc FROM temp.hit_run WHERE fails = 0)" if self.runs else "")

    # Answers --------------------------------------------------------------------------------------------------

    def _page(self) -> Iterator[Hit]:
        order = "f.score, d.uid" if self.query.text else "d.published DESC, d.uid"
        sql = (
            f"SELECT d.uid, d.version, f.score FROM temp.found f JOIN doc d ON d.id = f.doc ORDER BY {order}"
        )
        page = (self.query.page_size, self.query.offset)
        for uid, version, score in self.execute(f"{sql} LIMIT ? OFFSET ?", page):
            yield Hit(uid, version, -score)

    def _counts(self, name: str) -> dict[str, int]:
        facet = self.peer.facets[name]
        own = next((one.bit for one in (*self.docs, *self.runs) if one.facet is facet), 0)
        table = self._set(facet, own)
        if facet.kind == "open":
            rows = self.execute(_COUNT_OPEN.format(table=table), self.moment).fetchall()
        elif is_run_facet(facet):
            rows = self._named(_COUNT_RUNS.format(table=table, facet=name))
        else:
            rows = self._named(_COUNT_DOCS.format(table=table, facet=name))
        return dict.fromkeys(self.query.selection(name).values, 0) | dict(rows)

    def _named(self, sql: str) -> list[tuple[str, int]]:
        return [(self.peer.names[code], count) for code, count in self.execute(sql)]

    def _set(self, facet: Facet, own: int) -> str:
        """The table of what all other facets leave; shared by the facets without a selection."""
        table = "run" if is_run_facet(facet) else ""
        if not own:
            return "found_run" if table else "found"
        name = "other_run" if table else "other"
        self.execute(f"DELETE FROM temp.{name}")
        self.execute(f"INSERT INTO temp.{name} {_runs_but(own) if table else self._docs_but(own)}")
        return name


_COUNT_DOCS: Final = (
    "SELECT f.code, count(*) FROM temp.{table} h CROSS JOIN facet_{facet} f ON f.doc = h.doc GROUP BY f.code"
)
_COUNT_RUNS: Final = (
    "SELECT f.code, count(DISTINCT h.doc) FROM temp.{table} h CROSS JOIN facet_{facet} f ON f.run = h.run"
    " GROUP BY f.code"
)
_COUNT_OPEN: Final = (
    f"SELECT {OPEN}, count(DISTINCT r.doc) FROM temp.{{table}} h CROSS JOIN run r ON r.id = h.run GROUP BY 1"
)


def _bits(failing: Sequence[_Failing]) -> str:
    return " + ".join(f"({one.condition}) * {one.bit}" for one in failing) or "0"


def _runs_but(bit: int) -> str:
    """Runs of the documents that satisfy all document selections, satisfying all run selections but one."""
    return (
        "SELECT h.run, h.doc FROM temp.hit_run h CROSS JOIN temp.hit d ON d.doc = h.doc"
        f" WHERE d.fails = 0 AND h.fails & ~{bit} = 0"
    )


def _within(facet: Facet, selection: Selection) -> str:
    """A closed range of numbers or days; where a bound is open, the number must be stated."""
    column = {"month": "r.start"}.get(facet.kind, f"{'r' if facet.per_run else 'd'}.{facet.name}")
    bounds = [(">=", selection.low), ("<=", selection.high)]
    tests = [f"{column} {sign} {number_of(bound)!r}" for sign, bound in bounds if bound is not None]
    return f"coalesce({' AND '.join(tests)}, 0)"
