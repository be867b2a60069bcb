"""Folding: one spelling for letters that people type in several ways."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

# Letters that Unicode does not decompose although people type them without their stroke or ligature.
_UNDECOMPOSED: Final = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ς": "σ",
    }
)
_BREVE: Final = "\u0306"
_IGNORABLE: Final = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def normalise(word: str) -> str:
    """NFC in lower case, without the marks that only steer line breaking."""
    return unicodedata.normalize("NFC", word.translate(_IGNORABLE)).lower()


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """The exact form of a word: lower case, every mark off, in any language.

    й is the one letter that keeps its mark: it is a letter of its own wherever Cyrillic is written, and no
    keyboard makes и more easily.
    """
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", normalise(word).translate(_UNDECOMPOSED))
    return unicodedata.normalize("NFC", _without_marks(decomposed))


def _without_marks(decomposed: str) -> str:
    kept: list[str] = []
    for char in decomposed:
        if not unicodedata.combining(char) or (char == _BREVE and kept and kept[-1] == "и"):
            kept.append(char)
    return "".join(kept)


def fold_keeping(word: str, letters: str) -> str:
    """Fold all but some letters of a language."""
    if word.isascii() or not letters:
        return fold(word)
    return "".join(char if char in letters else fold(char) for char in unicodedata.normalize("NFC", word))
