"""What search.html shows, as plain values; templates/README.md is the contract."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.vocabularies import Label
from catalogue.web.cards import Card


@dataclass(frozen=True, slots=True)
class ValueView:
    code: str
    label: Label
    count: int
    shown: str
    spoken: str
    share: float
    selected: bool
    level: int = 0


@dataclass(frozen=True, slots=True)
class RangeView:
    low_param: str | None
    high_param: str | None
    low: str | None
    high: str | None
    unit: str | None
    type: str


@dataclass(frozen=True, slots=True)
class FacetView:
    name: str
    label: str
    selected: int
    values: list[ValueView]
    all_url: str | None
    all_count: int
    range: RangeView | None
    open: bool


@dataclass(frozen=True, slots=True)
class MoreFilter:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Chip:
    label: Label | str
    group: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class ConceptChip:
    """A concept that the words were taken to name; remove_url searches without it."""

    label: Label
    group: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class SortView:
    code: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class PageLink:
    number: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Pages:
    items: list[PageLink | None]
    previous_url: str | None
    next_url: str | None
    current: int
    last: int


@dataclass(frozen=True, slots=True)
class Rescue:
    """Another search that finds something: what it does, as a sentence, and how many offers it finds."""

    sentence: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """What search.html shows; templates/README.md is the contract."""

    query_text: str
    search_label: str
    total: int
    heading: str
    concepts: list[ConceptChip]
    did_you_mean: Link | None
    notes: list[str]
    cards: list[Card]
    facets: list[FacetView]
    more_filters: list[MoreFilter]
    chips: list[Chip]
    clear_url: str
    sorts: list[SortView]
    problems: list[str]
    hidden_inputs: list[tuple[str, str]]
    pages: Pages
    include_all_url: str | None
    included: bool
    rescue: list[Rescue]
    noindex: bool
