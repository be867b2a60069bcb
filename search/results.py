"""What a search answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from search.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document: which, in which version, how well (no unit; only its order means something)."""

    id: str
    version: int
    score: float


@dataclass(frozen=True, slots=True)
class Results:
    """Total, one page of hits, and for each counted facet the number of documents by code.

    Codes with no document are left out unless they are selected. `not-stated` is a code like any other.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    understanding: Understanding = field(default_factory=Understanding)


@dataclass(frozen=True, slots=True)
class Titled:
    """A document that is suggested by its title. titles: by language. default_language: the document's own."""

    id: str
    version: int
    titles: Mapping[str, str]
    default_language: str
