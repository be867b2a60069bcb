"""Stems: from the field's own words, from Snowball, or from simplemma's dictionaries.

Stemmers load when a language is first met: a process that reads two languages should not pay for twenty-four.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache

from search.text.folding import normalise
from search.text.languages import Language, domain_words, language_of

_stemmers = threading.local()


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The folded stem of one word as written in a text."""
    rules = language_of(language)
    lowered = normalise(word)
    shared = domain_words(language).get(lowered)
    return rules.fold_stem(shared or _stemmer(rules)(lowered))


def _stemmer(rules: Language) -> Callable[[str], str]:
    """A stemmer of this thread: PyStemmer's objects must not be shared between threads."""
    known: dict[str, Callable[[str], str]] = _stemmers.__dict__
    if rules.code not in known:
        known[rules.code] = _load(rules)
    return known[rules.code]


def _load(rules: Language) -> Callable[[str], str]:
    if rules.snowball:
        from Stemmer import Stemmer

        # PyStemmer's own cache would hold every word a second time.
        return Stemmer(rules.snowball, 0).stemWord  # type: ignore[no-any-return]
    if rules.simplemma:
        from search.text.dictionaries import lemmatiser

        return lemmatiser(rules.simplemma)
    return str
