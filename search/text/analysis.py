"""From text to tokens, the same way for the index and for a query.

Tokens are cut the same in every language, so that exact forms and phrases need no language: an apostrophe and a
hyphen part words ("l'apprentissage", "teacher's", "l-ingliż"), and what they part off is a stop word of its
language. A hyphenated word is also one joined token, so that "micro-credential" and "microcredential" meet.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from search.text.compounds import Compounds
from search.text.folding import fold, normalise
from search.text.stemming import stem
from search.text.variants import variants
from search.text.words import MAX_WORD, WORD

# Raise this whenever analyse() may answer differently: an index of another version asks for a rebuild.
ANALYSIS_VERSION: Final = 5

_MAX_JOINED_PARTS: Final = 4
_HYPHENS: Final = frozenset("-\u2010\u2011")


class Token(NamedTuple):
    """A word of a text: where it stands, its exact folded form, its stem in the text's language.

    joined: a hyphenated word as one, beside its parts; it takes no position of its own in a phrase.
    variants: other exact forms that must find the word too. parts: the stems of a compound's parts.
    """

    start: int
    end: int
    exact: str
    stem: str
    joined: bool = False
    variants: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


def analyse(text: str, language: str | None, compounds: Compounds | None = None) -> list[Token]:
    """The tokens of a text in their order; a joined token stands before the parts it joins.

    Without a language stems, variants and parts are empty: exact forms are the same in all languages, and quicker to
    have.
    """
    split_by = compounds.stems if compounds and compounds.knows(language) else None
    tokens: list[Token] = []
    run: list[Token] = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if run and not (start == run[-1].end + 1 and text[start - 1] in _HYPHENS):
            tokens += run if len(run) == 1 else _with_joined(text, run, language)
            run = []
        lowered, exact, stemmed, others = _forms(text[start:end], language)
        parts = split_by(lowered, language) if split_by and language else ()
        run.append(Token(start, end, exact, stemmed, False, others, parts))
    tokens += run if len(run) < 2 else _with_joined(text, run, language)  # noqa: PLR2004
    return tokens


def _with_joined(text: str, run: list[Token], language: str | None) -> list[Token]:
    """Words that single hyphens hold together, and before them what they make as one word."""
    start, end = run[0].start, run[-1].end
    whole = "".join(text[token.start : token.end] for token in run)
    if len(run) > _MAX_JOINED_PARTS or len(whole) > MAX_WORD or not whole.isalpha():
        return run
    _, exact, stemmed, others = _forms(whole, language)
    return [Token(start, end, exact, stemmed, joined=True, variants=others), *run]


@lru_cache(maxsize=200_000)
def _forms(word: str, language: str | None) -> tuple[str, str, str, tuple[str, ...]]:
    """A word in lower case, its exact form, stem and variants.

    Very long words are cut: nobody types them, and they would swell the index.
    """
    word = normalise(word)[:MAX_WORD]
    exact = fold(word)
    if not language:
        return word, exact, "", ()
    return word, exact, stem(word, language), variants(word, exact, language)
