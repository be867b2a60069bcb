"""What every engine promises, on every engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from search.document import FieldText, RunDocument, SearchDocument
from search.engine import Engine, IndexUnavailableError
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine
from search.query import SORTS, SearchQuery, Selection
from search.results import Results
from tests.search.reference import Reference
from tests.search.small import AS_OF, FACETS, Small

ENGINES = {"tantivy": TantivyEngine, "whoosh": WhooshEngine}
SEEDS = [*range(10), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(10, 210))]

Open = Callable[[], Engine]


@pytest.fixture(params=sorted(ENGINES))
def open_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the engine under test; every call opens it anew, as another process would."""
    return lambda: ENGINES[request.param](tmp_path / "index", FACETS)


@pytest.fixture
def engine(open_engine: Open) -> Engine:
    return built(open_engine(), [])


def built(engine: Engine, documents: Iterable[SearchDocument]) -> Engine:
    with engine.rebuild() as rebuild:
        rebuild.add(documents)
        rebuild.swap()
    return engine


def offer(document_id: str, title: str = "data", *, version: int = 1, **values: object) -> SearchDocument:
    document = SearchDocument(document_id, version, "en", AS_OF, (FieldText("title", "en", title),))
    return replace(document, **values)  # type: ignore[arg-type]


def found(engine: Engine, text: str = "", **values: object) -> list[str]:
    return [hit.id for hit in answer(engine, text, **values).hits]


def answer(engine: Engine, text: str = "", **values: object) -> Results:
    query = SearchQuery(text, page_size=100)
    return engine.search(replace(query, **values), as_of=AS_OF)  # type: ignore[arg-type]


def chosen(**codes: str) -> dict[str, Selection]:
    return {name: Selection(frozenset({code})) for name, code in codes.items()}


def failing() -> Iterator[SearchDocument]:
    yield offer("b")
    raise RuntimeError


@pytest.mark.parametrize("seed", SEEDS)
def test_random_searches_answer_what_brute_force_answers(open_engine: Open, seed: int) -> None:
    world, reference, engine = Small(seed), Reference(FACETS), open_engine()
    first = [world.document(f"o{number:02d}", 1) for number in range(world.rng.randint(0, 25))]
    reference.write(first)
    built(engine, first)
    for turn in range(4):
        for _ in range(15):
            compare(world, engine, reference)
        ids = [f"o{world.rng.randint(0, 30):02d}" for _ in range(6)]
        changes = [world.document(document_id, world.rng.randint(1, 3)) for document_id in ids]
        gone = [f"o{world.rng.randint(0, 30):02d}" for _ in range(3)]
        reference.write(changes, gone)
        engine.write(changes, gone)
        if turn == 1:
            engine = open_engine()
    assert engine.versions() == {key: document.version for key, document in reference.documents.items()}


def compare(world: Small, engine: Engine, reference: Reference) -> None:
    query = world.query()
    hidden = [f"o{world.rng.randint(0, 30):02d}" for _ in range(world.rng.choice((0, 0, 3)))]
    plan = engine.understand(query).plan
    expected = reference.search(query, plan, AS_OF, hidden)
    results = engine.search(query, as_of=AS_OF, hidden=hidden)
    ids = [hit.id for hit in results.hits]
    expected_ids = expected.ids
    if query.order == "relevance" and plan.asks:
        assert ids == [hit.id for hit in sorted(results.hits, key=lambda hit: (-hit.score, hit.id))]
        ids, expected_ids = sorted(ids), sorted(expected_ids)
    assert (results.total, ids) == (len(expected.ids), expected_ids), query
    assert {name: dict(counts) for name, counts in results.facets.items()} == expected.facets, query


def test_run_filters_hold_within_one_run(engine: Engine) -> None:
    march = RunDocument({"mode": ("o",)}, start=date(2027, 3, 20))
    may = RunDocument({"mode": ("p",)}, start=date(2027, 5, 20))
    engine.write([offer("a", runs=(march, may))])
    assert found(engine, selections=chosen(mode="o", start="2027-05")) == []
    assert found(engine, selections=chosen(mode="p", start="2027-05")) == ["a"]
    counts = answer(engine, selections=chosen(mode="o")).facets
    assert counts["start"] == {"2027-03": 1}
    assert counts["mode"] == {"o": 1, "p": 1}


def test_runs_that_are_over_count_only_when_there_is_no_other(engine: Engine) -> None:
    over = RunDocument({"mode": ("o",)}, start=date(2027, 1, 1), end=date(2027, 2, 1))
    ahead = RunDocument({"mode": ("p",)}, start=date(2027, 5, 1))
    engine.write([offer("both", runs=(over, ahead)), offer("past", runs=(over,))])
    assert found(engine, selections=chosen(mode="o")) == ["past"]
    assert answer(engine).facets["mode"] == {"o": 1, "p": 1}


def test_the_window_of_application_is_judged_at_the_moment_asked_for(engine: Engine) -> None:
    closes = AS_OF + timedelta(hours=1)
    engine.write([offer("a", runs=(RunDocument(closes=closes),))])
    for moment, code in ((AS_OF, "yes"), (closes, "yes"), (closes + timedelta(seconds=1), "no")):
        assert engine.search(SearchQuery(), as_of=moment).facets["open"] == {code: 1}


def test_hidden_documents_are_in_no_hit_no_total_and_no_count(engine: Engine) -> None:
    engine.write([offer("a", values={"eqf": ("5",)}), offer("b", values={"eqf": ("6",)})])
    results = engine.search(SearchQuery("data"), as_of=AS_OF, hidden={"a", "unknown"})
    assert results.total == 1
    assert [hit.id for hit in results.hits] == ["b"]
    assert results.facets["eqf"] == {"6": 1}


def test_a_selected_value_is_counted_even_when_nothing_has_it(engine: Engine) -> None:
    engine.write([offer("a", values={"eqf": ("5",)})])
    assert answer(engine, selections=chosen(eqf="8")).facets["eqf"] == {"5": 1, "8": 0}


def test_only_the_facets_asked_for_are_counted(engine: Engine) -> None:
    engine.write([offer("a")])
    assert set(engine.search(SearchQuery(), as_of=AS_OF, facets=["eqf"]).facets) == {"eqf"}
    assert engine.search(SearchQuery(), as_of=AS_OF, facets=()).facets == {}


def test_the_newest_version_wins(engine: Engine) -> None:
    engine.write([offer("a", "second", version=2), offer("a", "first", version=1)])
    assert found(engine, "second") == ["a"]
    engine.write([offer("a", "old", version=1)])
    assert found(engine, "old") == []
    engine.write([offer("a", "same", version=2)])
    assert (found(engine, "same"), found(engine, "second")) == (["a"], [])
    assert engine.versions() == {"a": 2}


def test_deleting_what_is_not_there_is_no_error(engine: Engine) -> None:
    engine.write([], ["unknown"])
    engine.write([offer("a")], ["a"])
    assert found(engine) == ["a"]
    engine.write([], ["a", "a"])
    assert answer(engine).total == 0


def test_where_nothing_has_all_the_words_some_will_do(engine: Engine) -> None:
    built(engine, [offer("a", "welding"), offer("b", "nursing"), offer("c", "data")])
    assert set(found(engine, "welding nursing")) == {"a", "b"}
    engine.write([offer("d", "nursing and welding")])
    assert found(engine, "welding nursing") == ["d"]
    engine.write([], ["d"])
    assert set(found(engine, "welding nursing")) == {"a", "b"}


def test_what_is_hidden_or_filtered_away_still_has_all_the_words(engine: Engine) -> None:
    built(engine, [offer("a", "welding"), offer("b", "nursing and welding")])
    query = SearchQuery("welding nursing")
    assert engine.search(query, as_of=AS_OF, hidden={"b"}).total == 0
    assert answer(engine, "welding nursing", selections=chosen(eqf="9")).total == 0


def test_titles_count_more_than_texts_and_written_forms_more_than_stems(engine: Engine) -> None:
    body = (FieldText("title", "en", "other"), FieldText("body", "en", "data data data data"))
    engine.write([offer("a", texts=body), offer("b", "data"), offer("c", "courses"), offer("d", "course")])
    assert found(engine, "data") == ["b", "a"]
    assert found(engine, "course") == ["d", "c"]


def test_words_are_found_in_every_language_asked_in_and_exactly_in_any(engine: Engine) -> None:
    engine.write([offer("de", texts=(FieldText("title", "de", "Sie gingen durch Häuser"),))])
    assert found(engine, "gehen") == []
    assert found(engine, "gehen", languages=("en", "de")) == ["de"]
    assert found(engine, "hauser") == ["de"]
    assert found(engine, "haeuser", languages=("de",)) == ["de"]


def test_phrases_stay_within_one_text(engine: Engine) -> None:
    texts = (FieldText("title", "en", "machine"), FieldText("title", "de", "learning"))
    engine.write(
        [offer("apart", texts=texts), offer("a", "machine learning"), offer("b", "learning machine")]
    )
    assert found(engine, '"machine learning"') == ["a"]
    assert found(engine, 'machine -"machine learning"') == ["apart", "b"]


def test_equals_are_ordered_by_id_in_every_order(engine: Engine) -> None:
    for document_id in ("c", "a", "b"):
        engine.write([offer(document_id)])
    for sort in SORTS:
        assert found(engine, "data", sort=sort) == ["a", "b", "c"]


def test_titles_are_sorted_by_the_readers_alphabet(engine: Engine) -> None:
    engine.write([offer("z", "Zebra"), offer("o", "Öl"), offer("p", "Paket")])
    assert found(engine, sort="title", languages=("sv",)) == ["p", "z", "o"]
    assert found(engine, sort="title", languages=("de",)) == ["o", "p", "z"]


def test_pages_go_ten_thousand_deep_without_gaps(engine: Engine) -> None:
    built(engine, [offer(f"{number:05d}") for number in range(10_050)])
    query = SearchQuery("data", page_size=100)
    pages = [engine.search(replace(query, page=page), as_of=AS_OF, facets=()) for page in (1, 50, 100, 102)]
    assert [page.hits[0].id if page.hits else None for page in pages] == ["00000", "04900", "09900", None]
    assert {page.total for page in pages} == {10_050}


def test_there_is_no_index_before_the_first_rebuild(open_engine: Open) -> None:
    engine = open_engine()
    for ask in (engine.versions, engine.status, lambda: answer(engine), lambda: engine.write([offer("a")])):
        with pytest.raises(IndexUnavailableError):
            ask()


def test_an_empty_index_answers_nothing(engine: Engine) -> None:
    for sort in SORTS:
        assert answer(engine, "data", sort=sort).total == 0
        assert answer(engine, sort=sort, selections=chosen(mode="o", start="2027-03")).hits == ()
    assert engine.status().documents == 0


def test_other_processes_notice_a_commit(open_engine: Open) -> None:
    writer, reader = built(open_engine(), [offer("a")]), open_engine()
    assert found(reader) == ["a"]
    writer.write([offer("b")])
    assert found(reader) == ["a", "b"]


def test_a_rebuild_replaces_everything_at_once(open_engine: Open) -> None:
    engine, reader = built(open_engine(), [offer("a")]), open_engine()
    before = reader.status().generation
    with engine.rebuild() as rebuild:
        rebuild.add([offer("b")])
        assert rebuild.versions() == {"b": 1}
        assert found(reader) == ["a"]
        rebuild.add([offer("c", version=7)])
        assert rebuild.versions() == {"b": 1, "c": 7}
        rebuild.swap()
    assert found(reader) == ["b", "c"]
    assert reader.status().generation != before


def test_a_rebuild_that_is_given_up_leaves_nothing(open_engine: Open, tmp_path: Path) -> None:
    engine = built(open_engine(), [offer("a")])
    before = sorted(tmp_path.glob("index/*"))
    with pytest.raises(RuntimeError), engine.rebuild() as rebuild:
        rebuild.add(failing())
    assert found(engine) == ["a"]
    assert sorted(tmp_path.glob("index/*")) == before


def test_threads_may_search_while_documents_are_written(open_engine: Open) -> None:
    engine = built(open_engine(), [offer(f"{number:03d}") for number in range(50)])
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                results = answer(engine, "data")
                assert results.total == sum(results.facets["eqf"].values()) >= 50
        except BaseException as error:  # noqa: BLE001  a thread's failure is judged outside it
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(50, 70):
        engine.write([offer(f"{number:03d}")])
    built(engine, [offer(f"{number:03d}") for number in range(60)])
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []


def test_moments_without_a_zone_are_read_as_utc(engine: Engine) -> None:
    closes = datetime(2027, 3, 10, 12, 30)  # noqa: DTZ001  that is the point
    engine.write([offer("a", runs=(RunDocument(closes=closes),))])
    assert engine.search(SearchQuery(), as_of=closes.replace(tzinfo=UTC)).facets["open"] == {"yes": 1}
