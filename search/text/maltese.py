"""Stems of Maltese, for which there is neither a stemmer nor a dictionary.

Romance words change their endings. Semitic words change the vowels inside as well ("ktieb, kotba"): what stays is the
row of their consonants, so that those with a letter that only they have are cut down to it. Words whose letters do
not tell where they come from stand in families.
"""

from __future__ import annotations

import re
from typing import Final

from search.text.endings import UNKNOWN, replaced

_PROTHETIC: Final = re.compile(r"i(?=[lmnrsx][^aeiouàèìòùjw])")
_SEMITIC: Final = re.compile(r"q|ħ|għ|h|x")
# "posta", "pjanu": short nouns whose ending parts them from "post" and "pjan". Adjectives ("twila") begin otherwise.
_SHORT_NOUN: Final = re.compile(r"[^aeiou][aeiou][^aeioujw]{1,2}a|[^aeiou]{1,2}[aeiou][^aeiouw]{1,2}u")
_WEAK: Final = re.compile(r"[aeiouàèìòùjw']")
_SHORTEST_ROOT: Final = 3
_LONGEST_SEMITIC: Final = 9


def maltese_stem(word: str) -> str:
    """The stem of a word in lower case, without the article."""
    word = _PROTHETIC.sub("", word, count=1) if word.startswith("i") else word
    base = next(replaced(word, UNKNOWN["mt"]), word)
    if len(word) <= _LONGEST_SEMITIC and _SEMITIC.search(word):
        root = _WEAK.sub("", base)
        if len(root.replace("għ", "h")) >= _SHORTEST_ROOT:
            return root
    return word if _SHORT_NOUN.fullmatch(word) else base
