"""Sort keys that put words where a reader of the language looks for them.

Letters are compared first, then their marks, then the text as written. The tailorings follow the Unicode Common
Locale Data Repository, shortened to what its alphabets need; languages without an entry sort by base letter and
then by mark. Greek and Cyrillic stand in their own order after Latin.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from search.text.folding import fold, normalise

# "c<č" places č as a letter of its own right after c; "y=ü" sorts ü as y.
_TAILORINGS: Final[dict[str, str]] = {
    "cs": "c<č h<ch r<ř s<š z<ž",
    "da": "z<æ<ø<å y=ü æ=ä ø=ö å=aa",
    "es": "n<ñ",
    "et": "s<š<z<ž w<õ<ä<ö<ü<x<y",
    "fi": "z<å<ä<ö y=ü ä=æ ö=ø",
    "hr": "c<č<ć d<dž<đ l<lj n<nj s<š z<ž",
    "hu": "c<cs d<dz<dzs g<gy l<ly n<ny o<ö s<sz t<ty u<ü z<zs ö=ő ü=ű",
    "lt": "c<č i=y s<š z<ž",
    "lv": "c<č g<ģ k<ķ l<ļ n<ņ r<ŗ s<š z<ž",
    "mt": "b<ċ f<ġ g<għ h<ħ y<ż",
    "pl": "a<ą c<ć e<ę l<ł n<ń o<ó s<ś z<ź<ż",
    "ro": "a<ă<â i<î s<ș t<ț ș=ş ț=ţ",
    "sk": "a<ä c<č h<ch o<ô s<š z<ž",
    "sl": "c<č<ć d<đ s<š z<ž",
    "sv": "z<å<ä<ö y=ü ä=æ ö=ø",
}

# Places of Latin letters are characters for private use, with room between them for tailored letters; those of other
# alphabets follow. No text has them, so that a place is never taken for a letter.
_FIRST: Final = 0xE000
_STEP: Final = 16
_OTHERS: Final = 0x10000
_PLACES: Final = range(_FIRST, 0xF900)


@lru_cache(maxsize=50_000)
def collation_key(text: str, language: str) -> str:
    """A string that sorts as the text does in a language's alphabet. Signs and quotes do not count."""
    lowered = normalise(text)
    pairs, letters = _pairs(language), _alphabet(language)
    placed = pairs.sub(lambda match: letters.pairs[match[0]], lowered) if pairs else lowered
    return "\0".join((placed.translate(letters), lowered, text))


class _Alphabet(dict[int, str]):
    """Character to its place in one language, as `str.translate` wants it; filled as characters are met."""

    def __init__(self, tailoring: str) -> None:
        super().__init__()
        self.pairs: dict[str, str] = {}
        for rule in tailoring.split():
            if "=" in rule:
                model, letter = rule.split("=")
                self._put(letter, self[ord(model)])
                continue
            first, *others = rule.split("<")
            for offset, letter in enumerate(others, start=1):
                self._put(letter, chr(ord(_base(first)) + offset))

    def _put(self, letter: str, place: str) -> None:
        if len(letter) == 1:
            self[ord(letter)] = place
        else:
            self.pairs[letter] = place

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isspace():
            place = " "
        elif code in _PLACES:
            place = char
        else:
            place = "".join(_base(letter) for letter in fold(char) if letter.isalnum())
        self[code] = place
        return place


def _base(letter: str) -> str:
    if "a" <= letter <= "z":
        return chr(_FIRST + _STEP * (ord(letter) - ord("a")))
    return letter if letter.isascii() or ord(letter) >= _OTHERS else chr(_OTHERS + ord(letter))


@lru_cache
def _alphabet(language: str) -> _Alphabet:
    return _Alphabet(_TAILORINGS.get(language, ""))


@lru_cache
def _pairs(language: str) -> re.Pattern[str] | None:
    """Letters of several characters, the longest first."""
    pairs = sorted(_alphabet(language).pairs, key=len, reverse=True)
    return re.compile("|".join(pairs)) if pairs else None
