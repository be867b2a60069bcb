"""Documents suggested by their titles while somebody types, the same on every engine."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from search.document import FieldText, RunDocument, SearchDocument
from search.engine import Engine, IndexUnavailableError
from search.engines.tantivy import TantivyEngine, snapshot
from search.engines.whoosh import WhooshEngine
from search.query import SearchQuery
from search.results import Titled
from search.text import Compounds, analyse
from tests.search.small import AS_OF, FACETS, Small
from tests.search.test_contract import built, chosen, offer

ENGINES = {"tantivy": TantivyEngine, "whoosh": WhooshEngine}
SEEDS = [*range(6), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(6, 106))]
ALL = 100


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return built(ENGINES[request.param](tmp_path / "index", FACETS), [])


def titled(document_id: str, **titles: str) -> SearchDocument:
    texts = tuple(FieldText("title", language, text) for language, text in titles.items())
    return offer(document_id, texts=texts, default_language=next(iter(titles)))


def suggested(
    engine: Engine, typed: str, *languages: str, enough: int = 1, page_size: int = ALL, **values: object
) -> list[str]:
    query = SearchQuery(typed, languages or ("en",), page_size=page_size, **values)  # type: ignore[arg-type]
    return [found.id for found in engine.suggest(query, as_of=AS_OF, enough=enough)]


# Words as they are typed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_what_begins_so_is_found_as_brute_force_finds_it(engine: Engine, seed: int, tmp_path: Path) -> None:
    """Through rebuilds, commits, merges of files and deletions."""
    world = Small(seed)
    documents = {f"o{number:02d}": world.document(f"o{number:02d}", 1) for number in range(30)}
    built(engine, documents.values())
    for version in range(2, 12):
        changed = [world.document(f"o{world.rng.randint(0, 40):02d}", version) for _ in range(3)]
        gone = {f"o{world.rng.randint(0, 40):02d}"} - {document.id for document in changed}
        engine.write(changed, gone)
        documents |= {document.id: document for document in changed}
        documents = {key: document for key, document in documents.items() if key not in gone}
        for _ in range(8):
            typed, language = (
                _typed(world.rng, list(documents.values())),
                world.rng.choice(("en", "de", "fr")),
            )
            found = suggested(engine, typed, language, enough=0)
            assert sorted(found) == sorted(_begun(documents.values(), typed, language)), (typed, language)
            assert set(found) <= set(suggested(engine, typed, language, enough=ALL))


def _typed(rng: random.Random, documents: Sequence[SearchDocument]) -> str:
    """Some words of a title, each of them cut or not, the first perhaps of another offer."""
    some = rng.choice(documents).titles()
    words = analyse(rng.choice(list(some.values()) or ["data"]), None)
    others = analyse(next(iter(rng.choice(documents).titles().values()), "kurs"), None)
    chosen = [*rng.sample(others, min(len(others), rng.choice((0, 0, 1)))), *words[: rng.randint(1, 3)]]
    return " ".join(word.exact[: rng.randint(1, 6)] for word in chosen) or "da"


def _begun(documents: Iterable[SearchDocument], typed: str, language: str) -> Iterator[str]:
    words = [token.exact for token in analyse(typed, None) if not token.joined]
    for document in documents:
        titles = document.titles()
        if max(map(len, words)) <= 2:
            own = document.default_language
            order = [code for code in (language, "en", own, *sorted(titles)) if code in titles]
            titles = {code: titles[code] for code in order[:1]}
        if any(_shows(words, text, code) for code, text in titles.items()):
            yield document.id


def _shows(words: list[str], text: str, language: str) -> bool:
    tokens = analyse(text, language)
    forms = {form for token in tokens for form in (token.exact, *token.variants)}
    return all(any(form.startswith(word) for form in forms) for word in words)


def test_each_word_may_be_the_beginning_of_one_and_all_are_in_one_title(engine: Engine) -> None:
    engine.write(
        [
            titled("a", en="Wound care in nursing practice", de="Wundversorgung in der Pflegepraxis"),
            titled("b", en="Forest care", de="Waldpflege"),
        ]
    )
    assert suggested(engine, "wou ca") == ["a"]
    assert suggested(engine, "pra nurs") == ["a"]
    assert suggested(engine, "care") == ["a", "b"]
    assert suggested(engine, "wundvers") == ["a"]
    assert suggested(engine, "wald care", enough=0) == []
    assert suggested(engine, "tice") == []


@pytest.mark.parametrize(
    ("language", "title", "typed"),
    [
        ("de", "Straßenbau für Ältere", "strassenb alt"),
        ("de", "Straßenbau für Ältere", "fuer aelt"),
        ("fr", "Métiers de l'énergie", "metiers l'ener"),
        ("fr", "Métiers de l'énergie", "énerg"),
        ("el", "Πανεπιστημιακό μάθημα", "πανεπ"),
        ("el", "Πανεπιστημιακό μάθημα", "panep math"),
        ("bg", "Грижа за рани", "grizha za"),
        ("en", "E-learning with C++", "e-lear"),
        ("en", "E-learning with C++", "elear"),
        ("en", "E-learning with C++", "c++"),
        ("en", "Web3 and 5G", "5g web3"),
    ],
)
def test_titles_are_typed_as_keyboards_allow(engine: Engine, language: str, title: str, typed: str) -> None:
    engine.write([titled("a", **{language: title}), titled("b", en="Something else")])
    assert suggested(engine, typed, "en") == ["a"]


def test_so_few_letters_as_are_a_word_anywhere_have_to_be_in_the_title_that_is_shown(engine: Engine) -> None:
    engine.write(
        [
            titled("a", en="Care in the community", de="Pflege in der Gemeinde", fr="Les soins"),
            titled("b", de="Inklusion", lt="Mokymas"),
            titled("c", fr="Intérêt", hr="Briga"),
        ]
    )
    assert suggested(engine, "in", "en") == ["a", "b", "c"]
    assert suggested(engine, "in", "fr") == ["b", "c"]
    assert suggested(engine, "in", "lt") == ["a", "c"]
    assert suggested(engine, "in", "hr", enough=ALL) == ["a", "b"]
    assert suggested(engine, "gem", "fr") == ["a"]


def test_a_word_counts_more_than_a_beginning_and_the_first_word_more_than_another(engine: Engine) -> None:
    engine.write(
        [
            titled("a", en="Big database"),
            titled("b", en="Databases"),
            titled("c", en="Big data"),
            titled("d", en="Data and care"),
        ]
    )
    assert suggested(engine, "data") == ["d", "c", "b", "a"]


def test_of_equals_that_stands_first_which_can_be_applied_for(engine: Engine) -> None:
    ahead = RunDocument(opens=AS_OF - timedelta(days=1), closes=AS_OF + timedelta(days=1))
    over = RunDocument(opens=AS_OF - timedelta(days=9), closes=AS_OF - timedelta(days=8))
    engine.write([offer("a", runs=(over,)), offer("b", runs=(ahead,)), offer("c", runs=(over,))])
    assert suggested(engine, "dat") == ["b", "a", "c"]
    assert suggested(engine, "dat", page_size=2) == ["b", "a"]


def test_what_the_query_selects_holds_for_suggestions_too(engine: Engine) -> None:
    engine.write([offer("a", values={"eqf": ("5",)}), offer("b", values={"eqf": ("6",)})])
    assert suggested(engine, "dat", selections=chosen(eqf="6")) == ["b"]
    assert suggested(engine, "dta", enough=1, selections=chosen(eqf="6")) == []


def test_a_document_is_suggested_by_its_newest_title_alone(engine: Engine) -> None:
    engine.write([titled("a", en="Old pottery"), titled("b", en="Old glass")])
    engine.write([SearchDocument("a", 2, "en", AS_OF, (FieldText("title", "en", "New pottery"),))], ["b"])
    assert (suggested(engine, "old"), suggested(engine, "ne")) == ([], ["a"])
    assert engine.suggest(SearchQuery("pott"), as_of=AS_OF, enough=1) == [
        Titled("a", 2, {"en": "New pottery"}, "en")
    ]


# Words as they are understood --------------------------------------------------------------------------------------


def test_other_forms_come_behind_what_begins_so(engine: Engine) -> None:
    engine.write([titled("a", en="Courses for nurses"), titled("b", en="A nursing course")])
    assert suggested(engine, "course", enough=1) == ["b", "a"]
    assert suggested(engine, "courses", enough=1) == ["a"]
    assert suggested(engine, "courses", enough=2) == ["a", "b"]


@pytest.mark.parametrize(
    ("typed", "languages"),
    [
        ("wuond", ("en",)),  # a slip
        ("wuond manag", ("en",)),
        ("wounds manage", ("en",)),
        ("how to manage wounds", ("en",)),  # stop words need not be there
        ("managing some wounds tenderly", ("en",)),  # one of several need not
        ('"wound management"', ("en",)),
        ("Wundversorgungen", ("de",)),
        ("Versorgung Wunden", ("de",)),  # parts of a compound
    ],
)
def test_what_no_title_begins_with_is_understood_as_in_a_search(
    engine: Engine, typed: str, languages: tuple[str, ...]
) -> None:
    words = Compounds.of({"de": ["Wunde", "Wunden", "Versorgung", "Wundversorgung"]})
    documents = [titled("a", en="Wound management", de="Wundversorgung"), titled("b", en="Pottery")]
    with engine.rebuild(words) as rebuild:
        rebuild.add(documents)
        rebuild.swap()
    assert suggested(engine, typed, *languages) == ["a"]


def test_what_is_excluded_is_left_out(engine: Engine) -> None:
    engine.write([titled("a", en="Data and care", de="Pflegedaten"), titled("b", en="Data")])
    assert suggested(engine, "data -care") == ["b"]
    assert suggested(engine, "data -pflegedaten") == ["b"]


def test_nothing_is_taken_for_a_slip_that_some_text_has(engine: Engine) -> None:
    body = (FieldText("title", "en", "Other"), FieldText("body", "en", "tables and stables"))
    engine.write([titled("a", en="Cables"), offer("b", texts=body)])
    assert suggested(engine, "tables") == []
    assert suggested(engine, "tabl") == []
    assert suggested(engine, "cablse") == ["a"]


@pytest.mark.parametrize(
    "typed", ["", "-", '"', "*", "da*", "\U0010ffff", "ÿ", "\u0130st", "a" * 100, " ".join("abcdefghij" * 5)]
)
def test_nothing_that_is_typed_breaks_it(engine: Engine, typed: str) -> None:
    assert suggested(engine, typed) == []
    engine.write([titled("a", en="Data"), titled("b", en="")])
    suggested(engine, typed, enough=ALL)


def test_without_an_index_there_is_nothing_to_suggest_from(tmp_path: Path) -> None:
    for name, make in ENGINES.items():
        with pytest.raises(IndexUnavailableError):
            suggested(make(tmp_path / name, FACETS), "data")


# Many files --------------------------------------------------------------------------------------------------------


def test_large_files_are_searched_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found is the same whichever commit the titles were first asked of."""
    monkeypatch.setattr(snapshot, "_LARGE", 3)
    monkeypatch.setattr("search.engines.tantivy.writing._BATCH", 3)
    monkeypatch.setattr("search.engines.tantivy.writing._TOP_TIER", 1)
    rng = random.Random("large")
    words = ["data", "database", "care", "careful", "wound", "Pflege", "Pflegerin", "étude"]

    def some(number: int) -> SearchDocument:
        languages = rng.sample(["en", "de", "fr", "lt"], rng.randint(1, 3))
        return titled(f"{number:03d}", **{code: " ".join(rng.sample(words, 2)) for code in languages})

    documents = [some(number) for number in range(25)]
    writer = built(TantivyEngine(tmp_path, FACETS), documents)
    steady = TantivyEngine(tmp_path, FACETS)
    for turn in range(8):
        late, whoosh = TantivyEngine(tmp_path, FACETS), WhooshEngine(tmp_path / f"whoosh{turn}", FACETS)
        built(whoosh, documents)
        for typed in ("da", "data", "ca da", "care", "pfl", "pflegerinnen", "wuond", "etudes d"):
            for language in ("en", "de"):
                expected = suggested(whoosh, typed, language, "en", enough=ALL)
                for engine in (writer, steady, late):
                    assert suggested(engine, typed, language, "en", enough=ALL) == expected, typed
        assert len(steady._newest().snapshot.parts) > len(steady._newest().title_rows.parts)
        further = [some(number) for number in range(25 + turn * 4, 29 + turn * 4)]
        writer.write(further, [documents[turn].id])
        documents = [*documents[:turn], *documents[turn + 1 :], *further]
