"""Words of a query and of a label that are not the same word and still mean the same.

Labels say what one does ("forvalte skove"), people ask for the matter ("forvaltning af skove"): such words begin
alike. Whoever mistypes a word means it all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from search.text import fold

# Letters that two kin begin with, and their share of the longer one: "protezione", "proteggere".
BEGINNING: Final = 5
_SHARE: Final = 0.5
# Letters from which one edit makes no other word, and from which two do not.
_ONE_EDIT_FROM: Final = 5
_TWO_EDITS_FROM: Final = 9

# Where one word may be missing: "nieħu ħsieb l-anzjani" for "jieħu ħsieb l-anzjani".
_MISSING_FROM: Final = 3
_AT_MOST_FULL: Final = 2

_TWICE: Final = re.compile(r"(.)\1")


class Distance(NamedTuple):
    """How far the words of a query are from those of a label: words that the label has not, or has only kin of, and
    telling words of the label in all. The least is the nearest.
    """

    apart: int
    size: int


def distance(query: Iterable[Collection[str]], label: Collection[str], size: int) -> Distance | None:
    """How far a query's words, each given by its forms, are from a label's; None where that is too far.

    All are there or have kin there; of three or more, the label may have another word in the place of the first or
    the last, as the others still stand together.
    """
    words = [frozenset(forms) for forms in query]
    full = [word for word in words if not word.isdisjoint(label)]
    if len(full) < max(min(_AT_MOST_FULL, len(words) - 1), 1):
        return None
    said = frozenset[str]().union(*full)
    left = [form for form in label if form not in said]
    others = [place for place, word in enumerate(words) if word not in full]
    missing = [place for place in others if not any(are_kin(a, b) for a in words[place] for b in left)]
    ends = {0, len(words) - 1}
    may_miss = len(words) >= _MISSING_FROM and size == len(words) and ends.issuperset(missing)
    return Distance(len(others), size) if len(missing) <= may_miss else None


def are_kin(one: str, other: str) -> bool:
    """Whether two forms are of one family or one is the other mistyped."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    if len(short) < BEGINNING:
        return False
    alike = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if alike >= BEGINNING and alike >= _SHARE * len(long):
        return True
    edits = 2 if len(long) >= _TWO_EDITS_FROM else 1
    return OSA.distance(short, long, score_cutoff=edits) <= edits


def apart(one: str, other: str) -> int:
    """How many letters two kin differ in."""
    return OSA.distance(_plain(one), _plain(other))


def _plain(form: str) -> str:
    """Without marks, and with one letter for two: "beheer", "beheren"."""
    return _TWICE.sub(r"\1", fold(form))
