"""The keys a label is found by: its words as they are typed, and its words as they are inflected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from catalogue.concepts.model import LONGEST_LABEL
from search.text import ANALYSIS_VERSION, Token, analyse, fold
from search.text.languages import generic_words, stop_words

MAX_WORDS: Final = 12
SHORTEST: Final = 3  # characters of a key
_KEYS_VERSION: Final = 2
# Raised by either of two: what makes words of a text, or what makes keys of the words.
VERSION: Final = f"{ANALYSIS_VERSION}.{_KEYS_VERSION}"

# "Information and communication technologies (ICTs)": nobody types what stands in brackets at the end.
_IN_BRACKETS: Final = re.compile(r"(?<=\S)\s*\([^()]*\)\s*$")


class Keys(NamedTuple):
    """exact: the folded words. stem: the language and the stems of the telling words, `de:daten analys`.

    tail: the last telling word of several; for suggestions, as labels tend to end with what they are about.
    """

    exact: str | None = None
    stem: str | None = None
    tail: str | None = None


NO_KEYS: Final = Keys()


def words(text: str, language: str | None) -> list[Token]:
    """The words of a text; a hyphenated word counts as its parts. Exact forms need no language."""
    return [token for token in analyse(text, language) if not token.joined]


def stem_key(stems: list[str], language: str) -> str:
    return f"{language}:{' '.join(stems)}"


def telling(tokens: Sequence[Token], language: str) -> list[Token]:
    """The words that say something: neither stop words nor what everything in a catalogue of courses is."""
    stops, generic = stop_words(language), generic_words(language)
    return [token for token in tokens if token.exact not in stops and token.stem not in generic]


def forms(token: Token) -> frozenset[str]:
    """All a word is known by, typed with its marks or without."""
    return frozenset({token.exact, token.stem, fold(token.stem), *token.variants} - {""})


@lru_cache(maxsize=4_000)
def _typed(label: str, language: str) -> tuple[Token, ...]:
    """The words of a label that somebody may type. A label is asked for twice: for its keys and for its forms."""
    return tuple(words(_IN_BRACKETS.sub("", label), language))


def word_forms(label: str, language: str) -> list[frozenset[str]]:
    """The forms of each telling word of a label; none of a label too long to be typed."""
    tokens = _typed(label, language)
    if len(tokens) > MAX_WORDS:
        return []
    return [forms(token) for token in telling(tokens, language)]


def keys(label: str, language: str) -> Keys:
    """The keys of a label; none if it has no words or more than anyone types."""
    tokens = _typed(label, language)
    if not 0 < len(tokens) <= MAX_WORDS:
        return NO_KEYS
    stops = stop_words(language)
    content = [token for token in tokens if token.exact not in stops] or tokens
    return Keys(
        " ".join(token.exact for token in tokens)[:LONGEST_LABEL],
        stem_key([token.stem for token in content], language)[:LONGEST_LABEL],
        content[-1].exact if len(content) > 1 else None,
    )
