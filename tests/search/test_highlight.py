"""What is marked in a text, and which passage is shown."""

from __future__ import annotations

import random

from search.highlight import Highlighter
from search.understanding import understand
from tests.search.lexicon import Words


def marks(query: str, text: str, language: str = "en", *languages: str) -> Highlighter:
    """What marks a query in an index that has one text."""
    lexicon = Words((language, text))
    return Highlighter(understand(query, languages or (language,), lexicon=lexicon))


def marked(text: str, query: str, language: str = "en", *languages: str) -> list[str]:
    segments = marks(query, text, language, *languages).highlight(text, language)
    assert "".join(part for part, _ in segments) == text
    return [part for part, hit in segments if hit]


def test_every_form_of_a_word_is_marked_as_it_is_written() -> None:
    assert marked("Courses: a course, THE COURSE.", "course") == ["Courses", "course", "COURSE"]
    assert marked("Größe und Grösse", "grosse", "de") == ["Größe", "Grösse"]
    assert marked("Die Kurse", "Kurs", "de", "de", "en") == ["Kurse"]


def test_a_stem_is_marked_only_in_its_language() -> None:
    assert marked("Sie gingen", "gehen", "de", "en") == []
    assert marked("Sie gingen", "gehen", "de") == ["gingen"]


def test_phrases_are_marked_only_where_they_stand() -> None:
    assert marked("learning machine learning", '"machine learning"') == ["machine", "learning"]
    assert marked("learning machine", '"machine learning"') == []


def test_hyphenated_words_are_marked_as_one() -> None:
    assert marked("a micro-credential, a microcredential", "micro-credential") == [
        "micro-credential",
        "microcredential",
    ]
    assert marked("micro-credential", "credential") == ["credential"]


def test_excluded_words_are_not_marked() -> None:
    assert marked("java data", "data -java") == ["data"]


def test_nothing_is_marked_without_words() -> None:
    assert marks("", "data").highlight("data", "en") == [("data", False)]
    assert marks("data", "data").highlight("", "en") == []
    assert not marks("", "data").matches("data", "en")
    assert marks("Data", "data").matches("data", "en")


def test_what_a_slip_stands_for_is_marked() -> None:
    assert marked("Welding for beginners", "weldng") == ["Welding"]


def test_the_beginning_of_a_longer_word_marks_it() -> None:
    assert marked("Welding for beginners", "wel") == ["Welding"]


def test_markup_is_text_like_any_other() -> None:
    assert marked("<b>data</b> & data", "data") == ["data", "data"]


def test_a_snippet_shows_the_passage_with_most_matches() -> None:
    text = "filler words here. " * 30 + "the data science course. " + "more filler words. " * 30
    segments = marks("data science", text).snippet(text, "en", 80)
    shown = "".join(part for part, _ in segments)
    assert [part for part, hit in segments if hit] == ["data", "science"]
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= 84


def test_a_short_text_is_its_own_snippet() -> None:
    assert marks("data", "data").snippet("short data", "en") == [("short ", False), ("data", True)]


def test_any_snippet_is_a_passage_of_its_text() -> None:
    rng = random.Random(3)
    for _ in range(200):
        text = " ".join(
            rng.choices(["data", "filler", "x" * 90, "Ünïcode", "a-b", "…"], k=rng.randint(0, 80))
        )
        length = rng.choice((20, 80, 220))
        shown = "".join(part for part, _ in marks("data", "data").snippet(text, "en", length))
        assert shown.removeprefix("… ").removesuffix(" …") in text
        assert len(shown) <= length + 4
