"""The words an index has, as far as understanding a query needs them."""

from __future__ import annotations

from typing import Protocol

from search.plan import Family


class Lexicon(Protocol):
    """The vocabulary of one state of an index."""

    def knows(self, family: Family, term: str) -> bool:
        """Whether any text has the term."""

    def beginning(self, prefix: str, limit: int) -> list[str]:
        """Exact forms that begin with a prefix and are longer, those in most documents first."""

    def ending(self, suffix: str, limit: int) -> list[str]:
        """Exact forms that end with a suffix and are longer, those in most documents first."""

    def near(self, word: str, edits: int, limit: int) -> list[str]:
        """Exact forms at the least distance from a word that any has, at most `edits`; most documents first.

        One edit is a letter added, left out, replaced, or swapped with its neighbour.
        """
