"""From a searcher's words to what must, may and must not occur.

Quotes make phrases and a minus excludes; nothing else has a meaning, so that no input can ask for a wildcard, a
range or a nesting that costs more than its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from search.text.analysis import Token, analyse
from search.text.languages import hyphen_clitics, stop_words

MAX_WORDS: Final = 12

_QUOTED: Final = re.compile(r"(?P<minus>(?:(?<=\s)|^)[-−–])?[\"“”„«»](?P<phrase>[^\"“”„«»]*)[\"“”„«»]")
_CHUNK: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query; any of its forms will do.

    exact: the folded form. stems: `language:stem` in each of the searcher's languages, none in a phrase.
    parts: the parts of a hyphenated word, which may also occur as a phrase.
    """

    exact: str
    stems: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """Every word and every phrase must occur, none of the excluded may. A phrase is a row of exact forms."""

    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[Word, ...] = ()
    excluded_phrases: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.excluded or self.excluded_phrases)

    @property
    def asks(self) -> bool:
        """Whether anything is asked for, so that results can be ranked by it."""
        return bool(self.words or self.phrases)


def query_terms(text: str, languages: Sequence[str]) -> ParsedQuery:
    """Read a query in the languages its words may be in. At most 12 words count, in their order."""
    reader = _Reader(tuple(dict.fromkeys(languages)) or ("en",))
    plain = reader.quoted(text)
    for chunk in _CHUNK.findall(plain):
        reader.chunk(chunk)
    return reader.parsed()


class _Reader:
    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.stops = frozenset[str]().union(*map(stop_words, languages))
        self.clitics = frozenset[str]().union(*map(hyphen_clitics, languages))
        self.words: list[Word] = []
        self.phrases: list[tuple[str, ...]] = []
        self.excluded: list[Word] = []
        self.excluded_phrases: list[tuple[str, ...]] = []

    def quoted(self, text: str) -> str:
        """Take the phrases out of a text; what remains are words. A quote without its pair means nothing."""

        def take(match: re.Match[str]) -> str:
            target = self.excluded_phrases if match["minus"] else self.phrases
            exact = tuple(
                token.exact for token in analyse(match["phrase"], self.languages[0]) if not token.joined
            )
            if exact:
                target.append(exact[:MAX_WORDS])
            return " "

        return _QUOTED.sub(take, text)

    def chunk(self, chunk: str) -> None:
        """Read what stands between spaces."""
        excluding = len(chunk) > 1 and chunk[0] in "-−–"
        target = self.excluded if excluding else self.words
        target += self._words(chunk[1:] if excluding else chunk)

    def parsed(self) -> ParsedQuery:
        """What was read, without stop words and cut to the words that count; phrases come first."""
        phrases, left = _cut(self.phrases, MAX_WORDS)
        words = tuple(dict.fromkeys(self._telling()))[:left]
        excluded_phrases, left = _cut(self.excluded_phrases, left - len(words))
        return ParsedQuery(words, phrases, tuple(dict.fromkeys(self.excluded))[:left], excluded_phrases)

    def _telling(self) -> list[Word]:
        telling = [word for word in self.words if word.exact not in self.stops]
        return telling if telling or self.phrases else self.words

    def _words(self, chunk: str) -> Iterator[Word]:
        """The words of a chunk; a joined one stands for its parts unless these are clitic and word."""
        analyses = [analyse(chunk, language) for language in self.languages]
        covered = -1
        for tokens in zip(*analyses, strict=True):
            first = tokens[0]
            parts = _parts(analyses[0], first) if first.joined else ()
            if self.clitics.intersection(parts) or first.start < covered:
                continue
            covered = first.end if parts else covered
            yield Word(first.exact, tuple(self._stems(token.stem for token in tokens)), parts)

    def _stems(self, stems: Iterable[str]) -> Iterator[str]:
        return (f"{language}:{stem}" for language, stem in zip(self.languages, stems, strict=True))


def _cut(phrases: Iterable[tuple[str, ...]], left: int) -> tuple[tuple[tuple[str, ...], ...], int]:
    """As many phrases as their words allow, and how many words are left."""
    kept: list[tuple[str, ...]] = []
    for phrase in dict.fromkeys(phrases):
        if len(phrase) <= left:
            kept.append(phrase)
            left -= len(phrase)
    return tuple(kept), left


def _parts(tokens: Iterable[Token], joined: Token) -> tuple[str, ...]:
    return tuple(
        token.exact
        for token in tokens
        if not token.joined and joined.start <= token.start and token.end <= joined.end
    )
