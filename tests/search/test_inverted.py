"""The inverted index of titles, beside a look at every term."""

from __future__ import annotations

import random

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from search.engines.columns.inverted import InvertedIndex

LETTERS = "abcäßω語𝔞z:+ "


def some_rows(rng: random.Random, count: int) -> list[list[str]]:
    def term() -> str:
        return "".join(rng.choices(LETTERS, k=rng.choice((1, 2, 2, 3, 4, 9))))

    return [[term() for _ in range(rng.randint(0, 4))] for _ in range(count)]


def rows_by_term(rows: list[list[str]]) -> dict[str, list[int]]:
    terms = sorted({term for row in rows for term in row})
    return {term: [number for number, row in enumerate(rows) if term in row] for term in terms}


def check(index: InvertedIndex, rows: list[list[str]], rng: random.Random) -> None:
    expected = rows_by_term(rows)
    assert index.terms() == list(expected)
    wanted = [*rng.sample(list(expected), min(len(expected), 40)), "", "a", "z", "zzz", "ÿ", "\U0010ffff"]
    for term in [*wanted, *(term[:-1] for term in wanted), *(term + "a" for term in wanted)]:
        assert index.having(term.encode()).tolist() == expected.get(term, [])
        first, last = index.beginning(term.encode())
        assert index.terms()[first:last] == [other for other in expected if other.startswith(term)]
        found = [number for other in expected if other.startswith(term) for number in expected[other]]
        assert index.rows_of(first, last).tolist() == found
        ending = [other for other in expected if other.endswith(term) and other != term]
        assert not term or sorted(index.ending(term)) == ending
        near = {other for other in expected if other.isalpha() and OSA.distance(other, term) <= 1}
        assert near <= set(index.near(term, 1)) <= {other for other in expected if other.isalpha()}


@pytest.mark.parametrize("count", [0, 1, 3, 10, 100, 400])
def test_terms_are_found_as_a_look_at_each_finds_them(count: int) -> None:
    rng = random.Random(count)
    rows = some_rows(rng, count)
    check(InvertedIndex.of(rows), rows, rng)


@pytest.mark.parametrize("counts", [(0,), (5, 0), (40, 1, 60), (0, 0)])
def test_joined_they_are_as_if_made_of_all_rows(counts: tuple[int, ...]) -> None:
    rng = random.Random(str(counts))
    tables = [some_rows(rng, count) for count in counts]
    joined = InvertedIndex.join([InvertedIndex.of(rows) for rows in tables], counts)
    check(joined, [row for rows in tables for row in rows], rng)


def test_it_comes_back_from_its_arrays() -> None:
    rng = random.Random("arrays")
    rows = some_rows(rng, 50)
    arrays = InvertedIndex.of(rows).arrays()
    check(InvertedIndex(arrays["text"], arrays["starts"], arrays["rows"]), rows, rng)
    with pytest.raises(ValueError, match="do not fit"):
        InvertedIndex(arrays["text"][:-8], arrays["starts"], arrays["rows"])


def test_numbers_of_rows_take_no_more_bytes_than_they_need() -> None:
    assert InvertedIndex.of([["a"]] * 65_536).rows.dtype == np.uint16
    many = InvertedIndex.of([["a"]] * 65_537)
    assert many.rows.dtype == np.int32
    assert many.having(b"a")[-1] == 65_536
