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
from search.text.compounds import NO_COMPOUNDS, Compounds
from search.text.courses import subjects
from search.text.languages import generic_words, hyphen_clitics, stop_words
from search.text.stemming import stem
from search.text.vocabulary import COURSE_WORDS

MAX_WORDS: Final = 12
# Of a longer text no more is read: twelve of its words count.
_MOST_READ: Final = 100
_LONGEST_CHUNK: Final = 300

_QUOTED: Final = re.compile(r"(?P<minus>(?:(?<=\s)|^)[-−–])?[\"“”„«»](?P<phrase>[^\"“”„«»]*)[\"“”„«»]")
_CHUNK: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query; any of its forms will do.

    start, end: its span in the query. exact: the folded form. variants: other exact spellings. stems:
    `language:stem` in each of the searcher's languages. parts: the parts of a hyphenated word, which may also occur
    as a phrase. compounds: for each language that takes the word for a compound, the stems of its parts as
    `language:stem`; or of what it is about, if it ends with a word for a course. generic: it says nothing in a
    catalogue of courses.
    """

    start: int
    end: int
    exact: str
    variants: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    compounds: tuple[tuple[str, ...], ...] = ()
    generic: bool = False


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """Every word and every phrase must occur, none of the excluded may. A phrase is a row of exact forms.

    dropped: stop words, left out since other words remain. ends_in_word: the last thing typed is a word, which may
    be the beginning of a longer one.
    """

    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[Word, ...] = ()
    excluded_phrases: tuple[tuple[str, ...], ...] = ()
    dropped: tuple[Word, ...] = ()
    ends_in_word: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.excluded or self.excluded_phrases)


def query_terms(text: str, languages: Sequence[str], compounds: Compounds = NO_COMPOUNDS) -> ParsedQuery:
    """Read a query in the languages its words may be in. At most 12 words count, in their order."""
    reader = _Reader(tuple(dict.fromkeys(languages)) or ("en",), compounds)
    plain = reader.quoted(text)
    for chunk in _CHUNK.finditer(plain):
        if reader.is_full:
            break
        reader.chunk(chunk)
    return reader.parsed(ends_in_word=plain[-1:].isalpha() and not reader.is_full)


class _Reader:
    def __init__(self, languages: tuple[str, ...], compounds: Compounds) -> None:
        self.languages = languages
        self.split_by = compounds
        self.naming = tuple(language for language in languages if language in COURSE_WORDS)
        self.stops = frozenset[str]().union(*map(stop_words, languages))
        self.clitics = frozenset[str]().union(*map(hyphen_clitics, languages))
        self.words: list[Word] = []
        self.phrases: list[tuple[str, ...]] = []
        self.excluded: list[Word] = []
        self.excluded_phrases: list[tuple[str, ...]] = []

    @property
    def is_full(self) -> bool:
        return len(self.words) + len(self.excluded) >= _MOST_READ

    def quoted(self, text: str) -> str:
        """Take the phrases out of a text; what remains are words in their places. A quote without its pair means
        nothing.
        """

        def take(match: re.Match[str]) -> str:
            target = self.excluded_phrases if match["minus"] else self.phrases
            tokens = analyse(match["phrase"], self.languages[0])
            exact = tuple(token.exact for token in tokens if not token.joined)
            if exact:
                target.append(exact[:MAX_WORDS])
            return " " * len(match[0])

        return _QUOTED.sub(take, text)

    def chunk(self, chunk: re.Match[str]) -> None:
        """Read what stands between spaces."""
        excluding = len(chunk[0]) > 1 and chunk[0][0] in "-−–"
        target = self.excluded if excluding else self.words
        target += self._words(chunk[0][excluding:_LONGEST_CHUNK], chunk.start() + excluding)

    def parsed(self, *, ends_in_word: bool) -> ParsedQuery:
        """What was read, without stop words and cut to the words that count; phrases come first."""
        phrases, left = _cut(self.phrases, MAX_WORDS)
        telling, dropped = self._telling()
        words = _distinct(telling)[:left]
        excluded_phrases, left = _cut(self.excluded_phrases, left - len(words))
        return ParsedQuery(
            words,
            phrases,
            _distinct(self.excluded)[:left],
            excluded_phrases,
            tuple(dropped),
            ends_in_word and bool(words) and self.words[-1].exact == words[-1].exact,
        )

    def _telling(self) -> tuple[list[Word], list[Word]]:
        """The words that are looked for, and the stop words beside them."""
        telling = [word for word in self.words if word.exact not in self.stops]
        if not telling and not self.phrases:
            return self.words, []
        return telling, [word for word in self.words if word.exact in self.stops]

    def _words(self, chunk: str, start: int) -> Iterator[Word]:
        """The words of a chunk; a joined one stands for its parts unless these are clitic and word."""
        analyses = [analyse(chunk, language, self.split_by) for language in self.languages]
        covered = -1
        for tokens in zip(*analyses, strict=True):
            first = tokens[0]
            parts = _parts(analyses[0], first) if first.joined else ()
            if self.clitics.intersection(parts) or first.start < covered:
                continue
            covered = first.end if parts else covered
            yield self._word(chunk[first.start : first.end], tokens, parts, start)

    def _word(self, written: str, tokens: tuple[Token, ...], parts: tuple[str, ...], start: int) -> Word:
        by_language = list(zip(self.languages, tokens, strict=True))
        compounds = [
            tuple(f"{language}:{part}" for part in token.parts)
            for language, token in by_language
            if token.parts
        ]
        compounds += [
            (f"{language}:{stem(subject, language)}",)
            for language in self.naming
            for subject in subjects(written, language)
        ]
        return Word(
            start + tokens[0].start,
            start + tokens[0].end,
            tokens[0].exact,
            tuple(dict.fromkeys(variant for token in tokens for variant in token.variants)),
            tuple(dict.fromkeys(f"{language}:{token.stem}" for language, token in by_language)),
            parts,
            tuple(dict.fromkeys(compounds)),
            any(token.stem in generic_words(language) for language, token in by_language),
        )


def _distinct(words: Iterable[Word]) -> tuple[Word, ...]:
    """Each word once, where it stands first."""
    seen: dict[str, Word] = {}
    for word in words:
        seen.setdefault(word.exact, word)
    return tuple(seen.values())


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
