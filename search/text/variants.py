"""Other exact forms of a word: as people write it who do without its letters, or without its alphabet.

The exact form drops marks (ä is a). Keyboards without ä are answered with ae, and so on; Bulgarian is also written in
the Streamlined System of its Transliteration Act, Greek in that of ELOT 743.
"""

from __future__ import annotations

import re
from typing import Final

from search.text.folding import fold

_UMLAUTS: Final = {"ä": "ae", "ö": "oe", "ü": "ue"}
_NORDIC: Final = {"å": "aa", "ä": "ae", "ö": "oe", "ø": "oe", "æ": "ae"}
_LETTERS: Final = {
    "da": str.maketrans(_NORDIC),
    "de": str.maketrans(_UMLAUTS),
    "et": str.maketrans(_UMLAUTS | {"õ": "oe"}),
    "fi": str.maketrans(_NORDIC),
    "sv": str.maketrans(_NORDIC),
}

_CYRILLIC: Final = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
        "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu", "я": "ya",
    }
)  # fmt: skip

_GREEK: Final = str.maketrans(
    {
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
        "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "τ": "t", "υ": "y",
        "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip
_NASALS: Final = re.compile(r"γ(?=[γξχ])")
_INITIAL_B: Final = re.compile(r"^μπ|μπ$")
# αυ, ευ, ηυ are av before a vowel or a voiced consonant, af elsewhere; a mark on the first letter parts the two.
_DIPHTHONG: Final = re.compile(r"([αεη])[υύ](?P<voiced>(?=[αεηιουωάέήίόύώβγδζλμνρ]))?")
_OU: Final = re.compile(r"ο[υύ]")


def variants(word: str, exact: str, language: str) -> tuple[str, ...]:
    """Spellings of a word in lower case that its exact form does not give; at most two, mostly none."""
    if word.isascii():
        return ()
    if language == "bg":
        spellings = _bulgarian(word)
    elif language == "el":
        spellings = _greek(word)
    elif letters := _LETTERS.get(language):
        spellings = [fold(word.translate(letters))]
    else:
        return ()
    return tuple(spelling for spelling in dict.fromkeys(spellings) if spelling != exact)


def _bulgarian(word: str) -> list[str]:
    """The official spelling, and the one of those who write u for ъ."""
    word = fold(word)
    word = word[:-2] + "ia" if word.endswith("ия") else word
    return [word.translate(_CYRILLIC), word.replace("ъ", "u").translate(_CYRILLIC)]


def _greek(word: str) -> list[str]:
    """The official spelling, and the commoner one with h for χ and i for υ."""
    word = _DIPHTHONG.sub(lambda found: found[1] + ("v" if found["voiced"] is not None else "f"), word)
    word = _NASALS.sub("n", _INITIAL_B.sub("b", _OU.sub("ou", word)))
    official = fold(word).translate(_GREEK)
    return [official, fold(word.replace("υ", "i").replace("ύ", "i").replace("χ", "h")).translate(_GREEK)]
