"""What is marked in a text, and which passage is shown."""

from __future__ import annotations

import random

from search.highlight import highlight, matches, snippet
from search.text import query_terms


def marked(text: str, query: str, language: str = "en", *languages: str) -> list[str]:
    segments = highlight(text, language, query_terms(query, languages or (language,)))
    assert "".join(part for part, _ in segments) == text
    return [part for part, hit in segments if hit]


def test_every_form_of_a_word_is_marked_as_it_is_written() -> None:
    assert marked("Courses: a course, THE COURSE.", "course") == ["Courses", "course", "COURSE"]
    assert marked("Größe und Grösse", "grosse", "de") == ["Größe", "Grösse"]
    assert marked("Die Kurse", "Kurs", "de", "de", "en") == ["Kurse"]


def test_a_stem_is_marked_only_in_its_language() -> None:
    assert marked("Kurse", "Kurs", "de", "en") == []


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
    assert highlight("data", "en", query_terms("", ("en",))) == [("data", False)]
    assert highlight("", "en", query_terms("data", ("en",))) == []
    assert not matches("data", "en", query_terms("", ("en",)))
    assert matches("data", "en", query_terms("Data", ("en",)))


def test_markup_is_text_like_any_other() -> None:
    assert marked("<b>data</b> & data", "data") == ["data", "data"]


def test_a_snippet_shows_the_passage_with_most_matches() -> None:
    text = "filler words here. " * 30 + "the data science course. " + "more filler words. " * 30
    segments = snippet(text, "en", query_terms("data science", ("en",)), 80)
    shown = "".join(part for part, _ in segments)
    assert [part for part, hit in segments if hit] == ["data", "science"]
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= 84


def test_a_short_text_is_its_own_snippet() -> None:
    assert snippet("short data", "en", query_terms("data", ("en",))) == [("short ", False), ("data", True)]


def test_any_snippet_is_a_passage_of_its_text() -> None:
    rng = random.Random(3)
    for _ in range(200):
        text = " ".join(
            rng.choices(["data", "filler", "x" * 90, "Ünïcode", "a-b", "…"], k=rng.randint(0, 80))
        )
        length = rng.choice((20, 80, 220))
        shown = "".join(part for part, _ in snippet(text, "en", query_terms("data", ("en",)), length))
        assert shown.removeprefix("… ").removesuffix(" …") in text
        assert len(shown) <= length + 4
