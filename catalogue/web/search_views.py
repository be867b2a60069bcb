"""What search.html shows, as plain values; templates/README.md is the contract."""

from __future__ import annotations

import msgspec

from catalogue.vocabularies import Label
from catalogue.web.cards import Card


class ValueView(msgspec.Struct, frozen=True):
    code: str
    label: Label
    count: int
    shown: str
    spoken: str
    share: float
    selected: bool
    level: int = 0


class RangeView(msgspec.Struct, frozen=True):
    low_param: str | None
    high_param: str | None
    low: str | None
    high: str | None
    unit: str | None
    type: str


class FacetView(msgspec.Struct, frozen=True):
    name: str
    label: str
    selected: int
    values: list[ValueView]
    all_url: str | None
    all_count: int
    range: RangeView | None
    open: bool


class MoreFilter(msgspec.Struct, frozen=True):
    label: str
    url: str


class Chip(msgspec.Struct, frozen=True):
    label: Label | str
    group: str
    remove_url: str


class ConceptChip(msgspec.Struct, frozen=True):
    """A concept that the words were taken to name; remove_url searches without it."""

    label: Label
    group: str
    remove_url: str


class Link(msgspec.Struct, frozen=True):
    label: str
    url: str


class SortView(msgspec.Struct, frozen=True):
    code: str
    label: str
    current: bool
    default: bool


class PageLink(msgspec.Struct, frozen=True):
    number: int
    url: str
    current: bool


class Pages(msgspec.Struct, frozen=True):
    items: list[PageLink | None]
    previous_url: str | None
    next_url: str | None
    current: int
    last: int


class Rescue(msgspec.Struct, frozen=True):
    """Another search that finds something: what it does, as a sentence, and how many offers it finds."""

    sentence: str
    count: int
    url: str


class SearchView(msgspec.Struct, frozen=True):
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
