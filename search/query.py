"""What may be asked: one canonical form shared by page, API and links.

A query is made from request arguments by `SearchQuery.from_args`, which never raises: what it cannot use it
reports as a `Problem`, so that a page can say what was ignored and an API can refuse. `to_args` is the inverse:
sorted, without defaults, so that equal searches have equal addresses.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from search.facets import ALL, NOT_STATED, Facet
from search.meaning import Meaning

MAX_TEXT: Final = 300
MAX_VALUES: Final = 50
MAX_DEPTH: Final = 10_000
MAX_PAGE_SIZE: Final = 100
DEFAULT_PAGE_SIZE: Final = 10
MAX_WITHOUT: Final = 10
MAX_URI: Final = 200
LARGEST: Final = 1e9
LONGEST: Final = 20  # characters of a number
SORTS: Final = ("relevance", "start", "newest", "workload", "price", "title")

Number = float | date


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the arguments that could not be used: where, what, and a code for the sentence."""

    param: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What is chosen in one facet: codes or a closed range, joined by OR."""

    values: frozenset[str] = frozenset()
    low: Number | None = None
    high: Number | None = None

    def __bool__(self) -> bool:
        return bool(self.values) or self.low is not None or self.high is not None

    @property
    def has_range(self) -> bool:
        return self.low is not None or self.high is not None


NOTHING: Final = Selection()


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search: words, the languages to understand them in, selections by facet name, order and page.

    `selections` holds effective selections: a facet's default is filled in when the arguments do not name it,
    and `all` lifts it (the facet is then absent). `meanings` are the concepts that the words name, found by whoever
    has the vocabularies; `without` names those that the searcher does not mean.
    """

    text: str = ""
    languages: tuple[str, ...] = ("en",)
    selections: Mapping[str, Selection] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE
    meanings: tuple[Meaning, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def order(self) -> str:
        """The order in force: relevance where there are words, newest where there are none."""
        return self.sort or ("relevance" if self.text else "newest")

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size

    def selection(self, name: str) -> Selection:
        return self.selections.get(name, NOTHING)

    def with_selection(self, name: str, selection: Selection) -> SearchQuery:
        """The same search with one facet's selection replaced, from the first page."""
        selections = {key: value for key, value in self.selections.items() if key != name}
        if selection:
            selections[name] = selection
        return replace(self, selections=selections, page=1)

    @classmethod
    def from_args(
        cls, args: Iterable[tuple[str, str]], facets: Sequence[Facet], languages: tuple[str, ...] = ("en",)
    ) -> tuple[SearchQuery, tuple[Problem, ...]]:
        """Read (name, value) pairs. Unusable ones are left out and reported; never raises."""
        reader = _Reader(list(args), facets)
        query = cls(
            text=reader.text(),
            languages=languages,
            without=reader.without(),
            selections=reader.selections(),
            sort=reader.choice("sort", SORTS),
            page=reader.integer("page", 1, MAX_DEPTH, 1),
            page_size=reader.integer("page_size", 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE),
        )
        if query.sort == replace(query, sort="").order:
            query = replace(query, sort="")
        if query.page * query.page_size > MAX_DEPTH:
            reader.problem("page", str(query.page), "too-deep")
            query = replace(query, page=1)
        reader.unknown_params()
        return query, tuple(reader.problems)

    def to_args(self, facets: Sequence[Facet]) -> list[tuple[str, str]]:
        """The canonical (name, value) pairs: declared order, sorted values, defaults left out."""
        pairs = [("q", self.text)] if self.text else []
        for facet in facets:
            if facet.default or facet.name in self.selections:
                pairs += _facet_args(facet, self.selection(facet.name))
        pairs += [("without", uri) for uri in self.without]
        if self.sort:
            pairs.append(("sort", self.sort))
        if self.page_size != DEFAULT_PAGE_SIZE:
            pairs.append(("page_size", str(self.page_size)))
        if self.page != 1:
            pairs.append(("page", str(self.page)))
        return pairs


def _facet_args(facet: Facet, selection: Selection) -> list[tuple[str, str]]:
    if facet.default and not selection:
        return [(facet.name, ALL)]
    if facet.default and selection.values == frozenset(facet.default) and not selection.has_range:
        return []
    pairs = [(facet.name, value) for value in sorted(selection.values)]
    for name, bound in zip(facet.range_params, (selection.low, selection.high), strict=True):
        if name and bound is not None:
            pairs.append((name, _plain(bound)))
    return pairs


def _plain(bound: Number) -> str:
    """A bound as it is read back exactly: `%g` would round 1234567."""
    if isinstance(bound, date):
        return bound.isoformat()
    return str(int(bound)) if bound == int(bound) else repr(float(bound))


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd]")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_WORD = re.compile(r"\w")


class _Reader:
    """Reads one set of arguments and gathers what is wrong with it."""

    def __init__(self, args: list[tuple[str, str]], facets: Sequence[Facet]) -> None:
        self.args: dict[str, list[str]] = {}
        for name, value in args:
            self.args.setdefault(name, []).append(value.strip())
        self.facets = facets
        self.problems: list[Problem] = []
        self.read: set[str] = set()

    def problem(self, param: str, value: str, code: str) -> None:
        self.problems.append(Problem(param[:40], value[:80], code))

    def values(self, name: str) -> list[str]:
        self.read.add(name)
        return [value for value in self.args.get(name, []) if value]

    def single(self, name: str) -> str:
        values = self.values(name)
        if len(values) > 1:
            self.problem(name, values[1], "repeated")
        return values[0] if values else ""

    def text(self) -> str:
        text = self.single("q")
        if _CONTROL.search(text):
            self.problem("q", _CONTROL.sub("?", text), "bad-characters")
            text = _CONTROL.sub(" ", text)
        if len(text) > MAX_TEXT:
            self.problem("q", text, "too-long")
            text = text[:MAX_TEXT]
        text = " ".join(text.split())
        if text and not _WORD.search(text):
            self.problem("q", text, "no-words")
            return ""
        return text

    def without(self) -> tuple[str, ...]:
        """Addresses of concepts; which of them exist is nobody's concern here."""
        return tuple(sorted({uri[:MAX_URI] for uri in self.values("without")}))[:MAX_WITHOUT]

    def choice(self, name: str, choices: Sequence[str]) -> str:
        value = self.single(name)
        if value and value not in choices:
            self.problem(name, value, "unknown-value")
            return ""
        return value

    def integer(self, name: str, low: int, high: int, default: int) -> int:
        value = self.single(name)
        if not value:
            return default
        if not re.fullmatch(r"[0-9]{1,12}", value) or not low <= int(value) <= high:
            too_deep = name == "page" and value.isascii() and value.isdigit() and int(value[:12]) > high
            self.problem(name, value, "too-deep" if too_deep else "not-in-range")
            return default
        return int(value)

    def selections(self) -> dict[str, Selection]:
        chosen = {facet.name: self.selection(facet) for facet in self.facets}
        return {name: selection for name, selection in chosen.items() if selection}

    def selection(self, facet: Facet) -> Selection:
        # Most facets are not named in most searches.
        if facet.name not in self.args and self.args.keys().isdisjoint(facet.range_params):
            return Selection(frozenset(facet.default)) if facet.default else NOTHING
        raw = self.values(facet.name)
        if len(raw) > MAX_VALUES:
            self.problem(facet.name, raw[MAX_VALUES], "too-many")
            raw = raw[:MAX_VALUES]
        if facet.default and ALL in raw:
            raw = [value for value in raw if value != ALL]
            if not raw:
                return Selection()
        values = frozenset(value for value in raw if self.known(facet, value))
        low, high = (self.bound(facet, name) for name in facet.range_params)
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            self.problem(facet.range_params[1] or facet.name, str(high), "empty-range")
            low = high = None
        selection = Selection(values, low, high)
        return selection or Selection(frozenset(facet.default))

    def known(self, facet: Facet, value: str) -> bool:
        good = (
            value == NOT_STATED
            or {
                "terms": lambda: facet.known is None or facet.known(value),
                "range": lambda: any(value == bucket.code for bucket in facet.buckets),
                "month": lambda: bool(_MONTH.fullmatch(value)),
                "open": lambda: value in {"yes", "no"},
            }[facet.kind]()
        )
        if not good:
            self.problem(facet.name, value, "unknown-value")
        return good

    def bound(self, facet: Facet, name: str | None) -> Number | None:
        value = self.single(name) if name else ""
        if not name or not value:
            return None
        try:
            return date.fromisoformat(value) if facet.kind == "month" else _number(value)
        except ValueError:
            self.problem(name, value, "not-a-date" if facet.kind == "month" else "not-a-number")
            return None

    def unknown_params(self) -> None:
        for name in self.args:
            if name not in self.read:
                self.problem(name, self.args[name][0], "unknown-parameter")


def _number(value: str) -> float:
    number = float(value.replace(",", "."))
    if not math.isfinite(number) or not 0 <= number <= LARGEST or len(value) > LONGEST:
        raise ValueError(value)
    return number
