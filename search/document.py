"""What an engine is given: one document per offer, made of plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Field = Literal["title", "outcomes", "body"]
FIELDS: tuple[Field, ...] = ("title", "outcomes", "body")


@dataclass(frozen=True, slots=True)
class FieldText:
    """One text of one field in one language (ISO 639-1)."""

    field: Field
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class RunDocument:
    """One run (sitting) of an offer. What the run leaves open, the builder fills from the offer.

    `values` maps the names of run facets to codes (with the ancestors of a hierarchical code);
    a facet without codes is "not stated". `numbers` maps the names of run range facets to numbers.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    rolling: bool = False


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One offer as it is searched. `version` decides which of two documents with the same id wins.

    Every document has at least one run row: an offer without runs has one that carries the values of
    the offer itself. `published_at` is the moment of first publication ("newest" sorts by it), `changed_at` that of
    the newest version. `concepts` repeats a concept as often as the offer carries it. `completeness` is the share
    (0 to 1) of what the offer should state that it does state.
    """

    id: str
    version: int
    default_language: str
    published_at: datetime
    texts: tuple[FieldText, ...]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    concepts: tuple[str, ...] = ()
    completeness: float = 0.0
    changed_at: datetime | None = None
    runs: tuple[RunDocument, ...] = (RunDocument(),)

    def titles(self) -> dict[str, str]:
        """Titles by language."""
        return {text.language: text.text for text in self.texts if text.field == "title"}
