"""What only the Whoosh engine can get wrong: its files, its caches, and being killed."""

# mypy: allow-untyped-calls
# Whoosh is typed only in part.

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import orjson
import pytest
from whoosh.index import TOC

from search.document import SearchDocument
from search.engine import IndexUnavailableError
from search.engines import generations
from search.engines.columns.values import compile_columns, dump_columns, load_columns
from search.engines.whoosh import WhooshEngine
from search.engines.whoosh.postings import Postings, PostingsCache, read_postings, walk_postings
from search.engines.whoosh.records import analyse_document
from search.engines.whoosh.schema import POSITION_FIELDS
from search.engines.whoosh.storage import DurableStorage
from search.engines.whoosh.writing import DurableWriter
from search.query import SearchQuery
from search.text import NO_COMPOUNDS
from tests.search.small import AS_OF, FACETS, Small
from tests.search.test_contract import answer, built, found, offer


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(directory: Path) -> WhooshEngine:
    engine = WhooshEngine(directory, FACETS)
    built(engine, [offer("a"), offer("b")])
    return engine


def current(directory: Path) -> Path:
    return directory / (directory / "CURRENT").read_text()


def some(count: int) -> list[SearchDocument]:
    world = Small(3)
    return [world.document(f"o{number:05d}", 1) for number in range(count)]


def test_blocks_read_whole_agree_with_postings_walked_one_by_one(
    engine: WhooshEngine, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("schema", "pool"):
        monkeypatch.setattr(f"search.engines.whoosh.{module}.BLOCK", 8)
    monkeypatch.setattr("search.engines.whoosh.pool._COMPRESS_FROM", 20)
    built(engine, [*some(60), *(offer(f"x{number}", "data data") for number in range(24))])
    storage = DurableStorage(current(directory))
    contents = TOC.read(storage, "MAIN")
    (segment,) = contents.segments
    terms = segment.codec().terms_reader(storage, segment)
    for field, term in terms.terms():
        positioned = field in POSITION_FIELDS
        matchers = [terms.matcher(field, term, contents.schema[field].format) for _ in range(2)]
        fast, slow = (
            read(matcher, values=positioned)
            for read, matcher in zip((read_postings, walk_postings), matchers, strict=True)
        )
        assert fast.documents.tolist() == slow.documents.tolist()
        assert fast.weights.tolist() == slow.weights.tolist()
        assert fast.values == slow.values
        assert not positioned or len(fast.positions()) == fast.weights.sum()
    terms.close()


def test_columns_come_back_from_their_file_as_they_were_compiled() -> None:
    records = [orjson.loads(analyse_document(document, NO_COMPOUNDS).record) for document in some(40)]
    columns = compile_columns(records, {"data": 3})
    assert dump_columns(load_columns(dump_columns(columns))) == dump_columns(columns)


def test_lost_or_damaged_columns_are_compiled_again(engine: WhooshEngine, directory: Path) -> None:
    built(engine, some(60))
    expected = answer(engine, "data")
    for damage in (
        Path.unlink,
        lambda path: path.write_bytes(b"\0" * 20),
        lambda path: path.write_bytes(b""),
    ):
        (columns,) = current(directory).glob("*.columns")
        content = columns.read_bytes()
        damage(columns)
        assert answer(WhooshEngine(directory, FACETS), "data") == expected
        columns.write_bytes(content)


def test_many_small_commits_make_few_segments(engine: WhooshEngine, directory: Path) -> None:
    world = Small(4)
    for number in range(60):
        engine.write([world.document(f"o{number % 40}", number)])
    assert engine.status().documents == 42
    assert len(list(current(directory).glob("*.pst"))) <= 12
    assert len(list(current(directory).glob("*.toc"))) == 1


def test_merging_keeps_what_was_found_before(directory: Path) -> None:
    documents = some(40)
    whole = built(WhooshEngine(directory, FACETS), documents)
    parts = built(WhooshEngine(directory.with_name("parts"), FACETS), documents[:1])
    for first, last in pairwise(range(1, 41)):
        parts.write(documents[first:last])
    parts.write(documents[39:])
    world = Small(9)
    for _ in range(40):
        query = world.query()
        expected, actual = whole.search(query, as_of=AS_OF), parts.search(query, as_of=AS_OF)
        assert (actual.total, actual.facets) == (expected.total, expected.facets), query
        assert {hit.id for hit in actual.hits} == {hit.id for hit in expected.hits}, query


@pytest.mark.parametrize("size", [0, 1, 40, 200])
def test_a_torn_table_of_contents_says_that_there_is_no_index(
    engine: WhooshEngine, directory: Path, size: int
) -> None:
    (contents,) = current(directory).glob("*.toc")
    contents.write_bytes(contents.read_bytes()[:size])
    fresh = WhooshEngine(directory, FACETS)
    for ask in (fresh.versions, fresh.status, lambda: answer(fresh), lambda: fresh.write([offer("c")])):
        with pytest.raises(IndexUnavailableError):
            ask()
    assert found(built(fresh, [offer("c")])) == ["c"]


@pytest.mark.parametrize("extension", ["trm", "pst"])
def test_damaged_segments_say_that_there_is_no_index(directory: Path, extension: str) -> None:
    built(WhooshEngine(directory, FACETS), some(30))
    for path in current(directory).glob(f"*.{extension}"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    fresh = WhooshEngine(directory, FACETS)
    with pytest.raises(IndexUnavailableError):
        [answer(fresh, word) for word in ("data", "course", "wien", "skills", "kurs")]


def test_an_index_of_another_version_asks_for_a_rebuild(
    engine: WhooshEngine, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "ANALYSIS_VERSION", 999)
    with pytest.raises(IndexUnavailableError, match="rebuild"):
        answer(WhooshEngine(directory, FACETS))
    assert found(built(WhooshEngine(directory, FACETS), [offer("c")])) == ["c"]


@pytest.mark.parametrize("content", ["", "../elsewhere", "generation-gone", "\0\xff"])
def test_a_damaged_current_says_that_there_is_no_index(
    engine: WhooshEngine, directory: Path, content: str
) -> None:
    (directory / "CURRENT").write_bytes(content.encode("latin-1"))
    with pytest.raises(IndexUnavailableError):
        answer(engine)
    assert found(built(engine, [offer("c")])) == ["c"]


def test_a_reader_keeps_its_generation_while_files_are_removed(engine: WhooshEngine, directory: Path) -> None:
    reader = WhooshEngine(directory, FACETS)
    assert found(reader, "data") == ["a", "b"]
    table = reader._newest()
    built(engine, [offer("c")])
    postings = table.opened[0].positions(PostingsCache(0), "title", "data")
    assert postings.documents.tolist() == [0, 1]
    assert found(reader, "data") == ["c"]


def test_the_next_writer_sweeps_what_a_killed_rebuild_left(engine: WhooshEngine, directory: Path) -> None:
    stray = directory / "generation-20200101T000000-dead"
    shutil.copytree(current(directory), stray)
    with engine.rebuild() as rebuild:
        rebuild.add([offer("x")])
        engine.write([offer("c")])
        assert not stray.exists()
        assert rebuild.versions() == {"x": 1}
    assert found(engine) == ["a", "b", "c"]
    assert len(list(directory.glob("generation-*"))) == 1


def test_a_failed_write_changes_nothing(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("search.engines.whoosh.writing.sync_file", fail)
        with pytest.raises(OSError, match="No space"):
            engine.write([offer("c")])
    assert found(engine) == ["a", "b"]
    engine.write([offer("d")])
    assert found(engine) == ["a", "b", "d"]


def test_nothing_to_write_makes_no_commit(engine: WhooshEngine) -> None:
    before = engine.status().generation
    engine.write([])
    engine.write([offer("a", version=0)], ["unknown"])
    assert engine.status().generation == before


def test_two_writers_do_not_write_at_once(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, directory: Path
) -> None:

    monkeypatch.setattr("search.engines.whoosh.writing._LOCK_SECONDS", 0.0)
    writer = DurableWriter(current(directory))
    with pytest.raises(RuntimeError, match="another process"):
        engine.write([offer("c")])
    writer.cancel()
    engine.write([offer("c")])
    assert found(engine) == ["a", "b", "c"]


def test_the_cache_of_postings_is_bounded() -> None:
    cache = PostingsCache(10_000)
    for number in range(100):
        cache.get(number, lambda: Postings(np.zeros(50, np.int32), np.zeros(50, np.float32)))
    assert cache._size <= 10_000
    assert 99 in cache._entries
    assert 0 not in cache._entries
    large = Postings(np.zeros(5000, np.int32), np.zeros(5000, np.float32))
    assert cache.get("large", lambda: large) is large
    assert "large" not in cache._entries


def test_counting_again_gives_the_same_counts(engine: WhooshEngine) -> None:
    built(engine, some(50))
    queries = [SearchQuery("data", page=page) for page in (1, 2)]
    first, second = (engine.search(query, as_of=AS_OF) for query in queries)
    assert first.facets == second.facets


_WRITER = """
import sys, itertools
from pathlib import Path
from search.engines.whoosh import WhooshEngine
from tests.search.small import FACETS
from tests.search.test_contract import offer
engine = WhooshEngine(Path(sys.argv[1]), FACETS)
for number in itertools.count():
    if number % 7 == 6:
        with engine.rebuild() as rebuild:
            rebuild.add([offer(f"{place:03d}") for place in range(200)])
            rebuild.swap()
    engine.write([offer(f"{number % 200:03d}", version=number)], [f"{(number * 7) % 200:03d}"])
    print(number, flush=True)
"""


@pytest.mark.faults
@pytest.mark.parametrize("delay", [0.0, 0.05, 0.21])
def test_a_writer_killed_at_any_moment_leaves_an_index_that_opens(
    engine: WhooshEngine, directory: Path, delay: float
) -> None:
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(directory)], cwd=root, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout
        for _ in range(3):
            process.stdout.readline()
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
    fresh = WhooshEngine(directory, FACETS)
    before = fresh.versions()
    assert answer(fresh).total == len(before)
    fresh.write([offer("new")], list(before))
    assert fresh.versions() == {"new": 1}
    assert len(list(directory.glob("generation-*"))) == 1
