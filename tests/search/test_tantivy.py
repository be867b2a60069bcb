"""What only the Tantivy engine can get wrong: its files, its row numbers, its caches, and being killed."""

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
import pytest

from search.document import FieldText, SearchDocument
from search.engine import Engine, IndexUnavailableError
from search.engines import generations
from search.engines.cache import Cache
from search.engines.tantivy import TantivyEngine
from search.engines.tantivy.manifest import commits, newest_commit, read_manifest
from search.engines.tantivy.schema import as_word, make_schema, to_tantivy
from search.engines.tantivy.snapshot import open_snapshot
from search.engines.tantivy.writing import Writer, create_index, open_words
from search.engines.terms import TextTerms
from search.engines.whoosh import WhooshEngine
from search.plan import Phrase, Plan, Term
from search.query import SearchQuery
from tests.search.small import AS_OF, FACETS, Small
from tests.search.test_contract import answer, built, found, offer


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(directory: Path) -> TantivyEngine:
    engine = TantivyEngine(directory, FACETS)
    built(engine, [offer("a"), offer("b")])
    return engine


def current(directory: Path) -> Path:
    return directory / (directory / "CURRENT").read_text()


def some(count: int) -> list[SearchDocument]:
    world = Small(3)
    return [world.document(f"o{number:05d}", 1) for number in range(count)]


def in_words(directory: Path) -> int:
    """The number of documents that Tantivy has."""
    return open_words(current(directory)).searcher().num_docs


@pytest.mark.parametrize("narrow", [0, 10**9])
@pytest.mark.parametrize("seed", range(4))
def test_it_answers_what_whoosh_answers(
    directory: Path, seed: int, narrow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways of looking at found documents: at them alone, and at all."""
    monkeypatch.setattr("search.engines.columns.scope.NARROW", narrow)
    world = Small(seed)
    engines: list[Engine] = [
        TantivyEngine(directory, FACETS),
        WhooshEngine(directory.with_name("whoosh"), FACETS),
    ]
    first = [world.document(f"o{number:02d}", 1) for number in range(40)]
    for engine in engines:
        built(engine, first)
    for _ in range(4):
        for _ in range(25):
            query = world.query()
            one, other = (engine.search(query, as_of=AS_OF, hidden={"o03"}) for engine in engines)
            assert (one.total, one.facets) == (other.total, other.facets), query
            assert one.understanding.plan == other.understanding.plan, query
            assert {hit.id for hit in one.hits} == {hit.id for hit in other.hits}, query
            if query.order != "relevance":
                assert [hit.id for hit in one.hits] == [hit.id for hit in other.hits], query
        changes = [world.document(f"o{world.rng.randint(0, 50):02d}", 2) for _ in range(6)]
        gone = [f"o{world.rng.randint(0, 50):02d}" for _ in range(3)]
        for engine in engines:
            engine.write(changes, gone)


def test_forms_without_a_place_are_found_and_are_in_no_phrase(tmp_path: Path) -> None:
    schema = make_schema()
    create_index(tmp_path)
    index = open_words(tmp_path)
    writer = index.writer(15_000_000, 1)
    texts = [TextTerms(["machine", "learning"], ["uno", "due"], ["en:big word"]), TextTerms(["tre"], [], [])]
    writer.add_document(to_tantivy(offer("a"), 0, {"title": texts, "outcomes": [], "body": []}, schema))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    assert [searcher.doc_freq("title_exact", form) for form in ("learning", "uno", "due", "tre")] == [1] * 4
    assert searcher.doc_freq("title_stem", as_word("en:big word")) == 1

    def has(*forms: str) -> bool:
        from search.engines.tantivy.matching import Matcher

        match = Matcher(searcher, schema, np.ones(1, np.bool_)).match(Plan((Phrase(forms),)))
        return match is not None and match.numbers.tolist() == [0]

    assert has("machine", "learning")
    assert has("uno")
    assert not any(has(*forms) for forms in (("learning", "uno"), ("uno", "due"), ("learning", "tre")))


def test_many_small_commits_make_few_files(engine: TantivyEngine, directory: Path) -> None:
    world = Small(4)
    for number in range(60):
        engine.write([world.document(f"o{number % 40}", number)])
    assert engine.status().documents == 42
    assert len(list(current(directory).glob("*.columns"))) <= 12
    assert len(commits(current(directory))) == 1
    assert len(list(current(directory).glob("words/*.idx"))) <= 16


def test_merging_keeps_what_was_found_before(directory: Path) -> None:
    documents = some(40)
    whole = built(TantivyEngine(directory, FACETS), documents)
    parts = built(TantivyEngine(directory.with_name("parts"), FACETS), documents[:1])
    for first, last in pairwise(range(1, 41)):
        parts.write(documents[first:last])
    parts.write(documents[39:])
    fresh = TantivyEngine(directory.with_name("parts"), FACETS)
    world = Small(9)
    for _ in range(40):
        query = world.query()
        expected = whole.search(query, as_of=AS_OF)
        for engine in (parts, fresh):
            actual = engine.search(query, as_of=AS_OF)
            assert (actual.total, actual.facets) == (expected.total, expected.facets), query
            assert {hit.id for hit in actual.hits} == {hit.id for hit in expected.hits}, query


def test_tantivy_forgets_dead_rows_one_commit_later(engine: TantivyEngine, directory: Path) -> None:
    engine.write([offer("a", version=2)], ["b"])
    assert in_words(directory) == 3
    assert read_manifest(current(directory), newest_commit(current(directory))).doomed == (0, 1)
    engine.write([offer("c")])
    assert in_words(directory) == 2
    assert found(engine, "data") == ["a", "c"]
    assert engine.status().dead == 2


def test_a_word_that_only_deleted_documents_have_is_unknown(engine: TantivyEngine) -> None:
    engine.write([offer("a", "workshop", version=2), offer("c", "workshops")])
    assert not engine.understand(SearchQuery("workshop")).unknown
    engine.write([offer("a", "other", version=3), offer("c", "other", version=3)])
    assert [word.exact for word in engine.understand(SearchQuery("workshop")).unknown] == ["workshop"]


def torn(directory: Path, *documents: SearchDocument) -> None:
    """What is left of a writer that is killed before it writes its manifest."""
    writer = Writer(current(directory))
    writer.kill([0])
    for document in documents:
        writer.add(document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.engines.tantivy.writing.write_manifest", fail)
        with pytest.raises(OSError, match="No space"):
            writer.commit()
    writer.close()


def fail(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_commit_without_its_manifest_has_not_happened(engine: TantivyEngine, directory: Path) -> None:
    engine.write([offer("b", version=2)])
    torn(directory, offer("c"), offer("d"))
    for reader in (engine, TantivyEngine(directory, FACETS)):
        assert found(reader, "data") == found(reader) == ["a", "b"]
    assert in_words(directory) == 4
    engine.write([offer("e", "other")])
    for reader in (engine, TantivyEngine(directory, FACETS)):
        assert found(reader, "data") == ["a", "b"]
        assert found(reader, "other") == ["e"]
    engine.write([offer("f", "other")])
    assert in_words(directory) == 4
    assert found(engine) == ["a", "b", "e", "f"]


def test_a_reader_keeps_its_commit_while_others_follow(engine: TantivyEngine, directory: Path) -> None:
    table = TantivyEngine(directory, FACETS)._newest()
    for number in range(5):
        engine.write([offer("a", version=2 + number)], ["b"])
    match = table.match(Plan((Term("exact", "data"),)))
    assert match is not None
    assert match.numbers.tolist() == [0, 1]
    built(engine, [offer("c")])
    match = table.match(Plan((Term("exact", "data", 0.5),)))
    assert match is not None
    assert match.numbers.tolist() == [0, 1]


@pytest.mark.parametrize("size", [0, 1, 40])
def test_a_damaged_manifest_says_that_there_is_no_index(
    engine: TantivyEngine, directory: Path, size: int
) -> None:
    (manifest,) = current(directory).glob("manifest-*")
    manifest.write_bytes(manifest.read_bytes()[:size])
    says_that_there_is_none(directory)


@pytest.mark.parametrize("pattern", ["rows-*", "words/*.idx", "words/*.term", "words/meta.json"])
@pytest.mark.parametrize("share", [0, 3])
def test_damaged_files_say_that_there_is_no_index(directory: Path, pattern: str, share: int) -> None:
    built(TantivyEngine(directory, FACETS), some(30))
    (path,) = current(directory).glob(pattern)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * share // 4])
    says_that_there_is_none(directory)


def says_that_there_is_none(directory: Path) -> None:
    fresh = TantivyEngine(directory, FACETS)
    for ask in (fresh.versions, fresh.status, lambda: answer(fresh), lambda: fresh.write([offer("c")])):
        with pytest.raises(IndexUnavailableError):
            ask()
    assert found(built(fresh, [offer("c")])) == ["c"]


def test_postings_that_lose_documents_are_noticed(engine: TantivyEngine, directory: Path) -> None:
    """As after a power cut that takes Tantivy's last table of contents back."""
    before = (current(directory) / "words/meta.json").read_bytes()
    engine.write([offer("c")])
    (current(directory) / "words/meta.json").write_bytes(before)
    with pytest.raises(IndexUnavailableError):
        found(TantivyEngine(directory, FACETS))


def test_an_index_of_another_version_asks_for_a_rebuild(
    engine: TantivyEngine, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "ANALYSIS_VERSION", 999)
    with pytest.raises(IndexUnavailableError, match="rebuild"):
        answer(TantivyEngine(directory, FACETS))
    assert found(built(TantivyEngine(directory, FACETS), [offer("c")])) == ["c"]


def test_the_next_writer_sweeps_what_a_killed_rebuild_left(engine: TantivyEngine, directory: Path) -> None:
    stray = directory / "generation-20200101T000000-dead"
    shutil.copytree(current(directory), stray)
    with engine.rebuild() as rebuild:
        rebuild.add([offer("x")])
        engine.write([offer("c")])
        assert not stray.exists()
        assert rebuild.versions() == {"x": 1}
    assert found(engine) == ["a", "b", "c"]
    assert len(list(directory.glob("generation-*"))) == 1


def test_a_rebuild_writes_columns_as_it_goes(
    engine: TantivyEngine, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.tantivy.writing._BATCH", 8)
    with engine.rebuild() as rebuild:
        for document in some(20):
            rebuild.add([document])
        (path,) = (path for path in directory.glob("generation-*") if path != current(directory))
        assert sorted(file.name for file in path.glob("*.columns")) == [
            "rows-0-8.columns",
            "rows-8-16.columns",
        ]
        rebuild.swap()
    assert engine.status().documents == answer(engine).total == 20


@pytest.mark.parametrize("step", ["replace_file", "write_manifest"])
def test_a_failed_write_changes_nothing(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(f"search.engines.tantivy.writing.{step}", fail)
        with pytest.raises(OSError, match="No space"):
            engine.write([offer("c")])
    assert found(engine, "data") == ["a", "b"]
    engine.write([offer("d")])
    assert found(engine, "data") == ["a", "b", "d"]


def test_nothing_to_write_makes_no_commit(engine: TantivyEngine) -> None:
    before = engine.status().generation
    engine.write([])
    engine.write([offer("a", version=0)], ["unknown"])
    assert engine.status().generation == before


def test_two_writers_do_not_write_at_once(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch, directory: Path
) -> None:
    monkeypatch.setattr("search.engines.tantivy.writing._LOCK_SECONDS", 0.0)
    writer = Writer(current(directory))
    with pytest.raises(RuntimeError, match="another process"):
        engine.write([offer("c")])
    writer.close()
    engine.write([offer("c")])
    assert found(engine) == ["a", "b", "c"]


def test_parts_that_are_open_are_not_opened_again(engine: TantivyEngine, directory: Path) -> None:
    first = open_snapshot(current(directory), None)
    engine.write([offer("c")])
    second = open_snapshot(current(directory), first)
    (part,) = first.parts
    assert second.parts[part] is first.parts[part]
    assert len(second.parts) == 2


def test_a_look_for_changes_opens_nothing_but_the_name_of_the_generation(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(engine)
    monkeypatch.setattr("search.engines.tantivy.snapshot.open_snapshot", fail)
    monkeypatch.setattr("search.engines.tantivy.snapshot.read_manifest", fail)
    assert found(engine) == ["a", "b"]


def test_a_cache_is_bounded() -> None:
    cache: Cache[bytes] = Cache(10_000, len)
    for number in range(100):
        cache.get(number, lambda: bytes(500))
    assert cache._size <= 10_000
    assert 99 in cache._entries
    assert 0 not in cache._entries
    large = bytes(5000)
    assert cache.get("large", lambda: large) is large
    assert "large" not in cache._entries


def test_texts_of_all_fields_are_found(engine: TantivyEngine) -> None:
    for field in ("title", "outcomes", "body"):
        text = FieldText(field, "en", "quantum mechanics")
        engine.write(
            [offer(field, texts=(FieldText("title", "en", "x"), text), concepts=("isced:0613",) * 2)]
        )
    assert sorted(found(engine, "mechanic")) == sorted(found(engine, '"quantum mechanics"'))
    assert found(engine, "quantum") == ["title", "outcomes", "body"]
    assert engine._newest().knows("concept", "isced:0613")


_WRITER = """
import sys, itertools
from pathlib import Path
from search.engines.tantivy import TantivyEngine
from tests.search.small import FACETS
from tests.search.test_contract import offer
engine = TantivyEngine(Path(sys.argv[1]), FACETS)
for number in itertools.count():
    if number % 7 == 6:
        with engine.rebuild() as rebuild:
            rebuild.add([offer(f"{place:03d}") for place in range(200)])
            rebuild.swap()
    engine.write([offer(f"{number % 200:03d}", version=number)], [f"{(number * 7 + 1) % 200:03d}"])
    print(number, flush=True)
"""


@pytest.fixture
def writer(directory: Path) -> subprocess.Popen[str]:
    """Another process that writes and rebuilds without end."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _WRITER, str(directory)]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)


@pytest.mark.faults
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.11, 0.21])
def test_a_writer_killed_at_any_moment_loses_nothing_acknowledged(
    engine: TantivyEngine, directory: Path, writer: subprocess.Popen[str], delay: float
) -> None:
    with writer:
        assert writer.stdout
        for _ in range(3):
            writer.stdout.readline()
        time.sleep(delay)
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().split()
    last = int(rest[-1]) if rest else 2
    fresh = TantivyEngine(directory, FACETS)
    before = fresh.versions()
    # The writer may have begun the next round, which rebuilds after every sixth.
    assert (
        before.get(f"{last % 200:03d}") in {last, 1} if last % 7 >= 5 else before[f"{last % 200:03d}"] == last
    )
    assert answer(fresh).total == answer(fresh, "data").total == len(before)
    fresh.write([offer("new")], list(before))
    assert fresh.versions() == {"new": 1}
    assert found(fresh, "data") == ["new"]
    assert len(list(directory.glob("generation-*"))) == 1


@pytest.mark.faults
def test_readers_see_whole_commits_while_another_process_writes(
    engine: TantivyEngine, directory: Path, writer: subprocess.Popen[str]
) -> None:
    with writer:
        assert writer.stdout
        writer.stdout.readline()
        seen: set[str] = set()
        until = time.monotonic() + 60
        # The writer gets the processor now and then only: reading goes on until several of its commits were seen.
        while len(seen) <= 3 and time.monotonic() < until:
            results = answer(engine, "data")
            assert results.total == sum(results.facets["eqf"].values())
            table = engine._newest()
            match = table.match(Plan((Term("exact", "data"),)))
            assert match is not None
            assert match.numbers.tolist() == np.flatnonzero(table.living).tolist()
            seen.add(table.snapshot.name)
        os.kill(writer.pid, signal.SIGKILL)
    assert len(seen) > 3
