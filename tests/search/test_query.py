"""What may be asked: everything is read, what is unusable is reported, and equal searches have equal addresses."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest

from search.facets import ALL, Bucket, Facet
from search.query import SearchQuery, Selection

FACETS = (
    Facet("eqf", known=re.compile("[1-8]").fullmatch),  # type: ignore[arg-type]
    Facet("provider"),
    Facet("open", "open", per_run=True, default=("yes",)),
    Facet("start", "month", per_run=True, range_params=("start_from", "start_to")),
    Facet("ects", "range", buckets=(Bucket("s", None, 5),), range_params=("ects_min", "ects_max")),
)

Args = list[tuple[str, str]]


def read(*args: tuple[str, str]) -> SearchQuery:
    query, problems = SearchQuery.from_args(args, FACETS)
    assert problems == ()
    return query


def problem_of(*args: tuple[str, str]) -> tuple[str, str]:
    _, problems = SearchQuery.from_args(args, FACETS)
    assert len(problems) == 1
    return problems[0].param, problems[0].code


def test_everything_that_can_be_asked_is_read() -> None:
    query = read(
        ("q", "  data   science "), ("eqf", "6"), ("eqf", "5"), ("eqf", "not-stated"), ("ects_min", "2,5"),
        ("ects", "s"), ("start_from", "2027-03-01"), ("start", "2027-01"), ("sort", "price"), ("page", "3"),
        ("page_size", "50"),
    )  # fmt: skip
    assert (query.text, query.sort, query.page, query.page_size, query.offset) == (
        "data science",
        "price",
        3,
        50,
        100,
    )
    assert query.selection("eqf").values == {"5", "6", "not-stated"}
    assert query.selection("ects") == Selection(frozenset({"s"}), 2.5, None)
    assert query.selection("start") == Selection(frozenset({"2027-01"}), date(2027, 3, 1), None)


def test_a_default_holds_until_it_is_lifted() -> None:
    assert read().selection("open").values == {"yes"}
    assert not read(("open", ALL)).selection("open")
    assert read(("open", "no")).selection("open").values == {"no"}
    assert read().to_args(FACETS) == []
    assert read(("open", ALL)).to_args(FACETS) == [("open", ALL)]


def test_the_canonical_address_is_in_order_and_without_defaults() -> None:
    query = read(
        ("page", "1"), ("sort", ""), ("eqf", "6"), ("eqf", "5"), ("eqf", "6"), ("q", "x"), ("open", "yes")
    )
    assert query.to_args(FACETS) == [("q", "x"), ("eqf", "5"), ("eqf", "6")]


@pytest.mark.parametrize("bound", ["0", "2.5", "1234567", "0.1", "999999999", "1e-07"])
def test_bounds_come_back_as_they_went(bound: str) -> None:
    assert read(("ects_max", bound)).to_args(FACETS) == [("ects_max", bound)]


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ([("eqf", "9")], ("eqf", "unknown-value")),
        ([("open", "perhaps")], ("open", "unknown-value")),
        ([("start", "2027-13")], ("start", "unknown-value")),
        ([("start", "٢٠٢٧-01")], ("start", "unknown-value")),
        ([("start_from", "tomorrow")], ("start_from", "not-a-date")),
        ([("ects_min", "much")], ("ects_min", "not-a-number")),
        ([("ects_min", "nan")], ("ects_min", "not-a-number")),
        ([("ects_min", "-1")], ("ects_min", "not-a-number")),
        ([("ects_min", "1e400")], ("ects_min", "not-a-number")),
        ([("ects_min", "5"), ("ects_max", "1")], ("ects_max", "empty-range")),
        ([("start_from", "2027-05-01"), ("start_to", "2027-04-01")], ("start_to", "empty-range")),
        ([("page", "0")], ("page", "not-in-range")),
        ([("page", "-1")], ("page", "not-in-range")),
        ([("page", "1000000000")], ("page", "too-deep")),
        ([("page", "9" * 400)], ("page", "too-deep")),
        ([("page", "101"), ("page_size", "100")], ("page", "too-deep")),
        ([("page", "²")], ("page", "not-in-range")),
        ([("page_size", "101")], ("page_size", "not-in-range")),
        ([("sort", "random")], ("sort", "unknown-value")),
        ([("q", "x" * 10_000)], ("q", "too-long")),
        ([("q", '*?~^ () -"')], ("q", "no-words")),
        ([("q", "a\0b")], ("q", "bad-characters")),
        ([("q", "a"), ("q", "b")], ("q", "repeated")),
        ([("colour", "blue")], ("colour", "unknown-parameter")),
        ([("provider", str(number)) for number in range(60)], ("provider", "too-many")),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_reported_and_left_out(args: Args, problem: tuple[str, str]) -> None:
    assert problem_of(*args) == problem
    query, _ = SearchQuery.from_args(args, FACETS)
    assert read(*query.to_args(FACETS)) == query
    assert query.page * query.page_size <= 10_000
    assert len(query.text) <= 300


def test_any_arguments_make_a_search_that_survives_its_own_address() -> None:
    rng = random.Random(5)
    names = [facet.name for facet in FACETS]
    names += ["q", "sort", "page", "page_size", "start_from", "start_to", "ects_min", "x"]
    values = [
        "5",
        "yes",
        "all",
        "s",
        "2027-01",
        "2027-03-01",
        "7.25",
        "1e3",
        "1_0",
        "NaN",
        "100",
        "not-stated",
    ]
    values += ["price", "title", "relevance", "newest", "", "a b", "\0", "-" * 400, '"', "%", "\u2028"]
    for _ in range(3000):
        args = [(rng.choice(names), rng.choice(values)) for _ in range(rng.randint(0, 8))]
        query, _ = SearchQuery.from_args(args, FACETS)
        again, problems = SearchQuery.from_args(query.to_args(FACETS), FACETS)
        assert (again, problems) == (query, ()), args
        assert again.to_args(FACETS) == query.to_args(FACETS)


def test_replacing_a_selection_starts_at_the_first_page() -> None:
    query = read(("eqf", "5"), ("page", "2"))
    changed = query.with_selection("eqf", Selection())
    assert ("eqf" in changed.selections, changed.page) == (False, 1)
    assert query.with_selection("eqf", Selection(frozenset({"6"}))).selection("eqf").values == {"6"}


def test_without_words_the_newest_come_first() -> None:
    assert read().order == "newest"
    assert read(("q", "data")).order == "relevance"
    assert read(("q", "data"), ("sort", "title")).order == "title"
