"""The controlled list of words that compounds are split by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final


class Compounds:
    """Which words a compound may be made of, by language."""

    @classmethod
    def of(cls, _texts: Mapping[str, Iterable[str]]) -> Compounds:
        """From texts by language."""
        return cls()

    def split(self, _word: str, _language: str) -> tuple[str, ...]:
        """The parts of a compound in lower case, none for any other word."""
        return ()

    def dump(self) -> bytes:
        """As bytes, for `load`."""
        return b"{}"

    @classmethod
    def load(cls, _content: bytes) -> Compounds:
        """The inverse of `dump`."""
        return cls()


NO_COMPOUNDS: Final = Compounds()
