"""From text to tokens, the same way for the index and for a query.

Tokens are cut the same in every language, so that exact forms and phrases need no language: an apostrophe and a
hyphen part words ("l'apprentissage", "teacher's", "l-ingliż"), and what they part off is a stop word of its
language. A hyphenated word is also one joined token, so that "micro-credential" and "microcredential" meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from search.text.folding import fold, normalise
from search.text.stemming import stem

# Raise this whenever analyse() may answer differently: an index of another version asks for a rebuild.
ANALYSIS_VERSION: Final = 1

MAX_WORD: Final = 64
_MAX_JOINED_PARTS: Final = 4

# Combining marks and invisible break marks count as part of a word, because isalnum() does not know them.
_LETTER: Final = r"(?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200d\u2060])"
_TOKEN: Final = re.compile(
    rf"(?P<sign>[^\W\d_]+\+\+|(?<![^\W_])[^\W\d_]\#(?![^\W_])|\.net(?![^\W_]))|(?P<word>{_LETTER}+)",
    re.IGNORECASE,
)
_HYPHENS: Final = frozenset("-\u2010\u2011")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: where it stands, its exact folded form, its stem in the text's language.

    joined: a hyphenated word as one, beside its parts; it takes no position of its own in a phrase.
    """

    start: int
    end: int
    exact: str
    stem: str
    joined: bool = False


def analyse(text: str, language: str) -> list[Token]:
    """The tokens of a text in their order; a joined token stands before the parts it joins."""
    tokens: list[Token] = []
    for run in _runs(text):
        if 1 < len(run) <= _MAX_JOINED_PARTS:
            tokens += _joined(text, run, language)
        for start, end in run:
            exact, stemmed = _forms(text[start:end], language)
            if exact:
                tokens.append(Token(start, end, exact, stemmed))
    return tokens


def _runs(text: str) -> Iterator[list[tuple[int, int]]]:
    """The spans of words, grouped where single hyphens hold them together."""
    run: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        if run and not (match.start() == run[-1][1] + 1 and text[run[-1][1]] in _HYPHENS):
            yield run
            run = []
        run.append(match.span())
    if run:
        yield run


def _joined(text: str, run: list[tuple[int, int]], language: str) -> list[Token]:
    start, end = run[0][0], run[-1][1]
    whole = "".join(text[part_start:part_end] for part_start, part_end in run)
    if len(whole) > MAX_WORD or not whole.isalpha():
        return []
    exact, stemmed = _forms(whole, language)
    return [Token(start, end, exact, stemmed, joined=True)]


@lru_cache(maxsize=200_000)
def _forms(word: str, language: str) -> tuple[str, str]:
    """Exact form and stem. Very long words are cut: nobody types them, and they would swell the index."""
    word = normalise(word)[:MAX_WORD]
    return fold(word), stem(word, language)
