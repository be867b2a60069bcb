"""Mark what a query matched in a text, and choose the passage that shows most of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from unicodedata import is_normalized

from search.text import Token, analyse, fold
from search.text.stemming import stem
from search.understanding import COMPOUNDING, Understanding

Segments = list[tuple[str, bool]]
Span = tuple[int, int]
_ELLIPSIS: Final = "…"
# Languages that change the beginnings of words.
_MUTATING: Final = frozenset({"ga", "mt"})
_SHORTEST_COMPOUND: Final = 8
_SHORT: Final = 7
# Letters that a part of a compound has in common with its stem.
_PROBE: Final = 3


@lru_cache(maxsize=8192)
def _tokens(text: str) -> tuple[Token, ...]:
    """Pages show the same texts again and again; each is cut into words once, and stemmed only where it matters."""
    return tuple(analyse(text, None))


_HYPHENS: Final = "-\u2010\u2011"


class Marks:
    """What to mark in texts of one language: exact forms, stems, parts of compounds, phrases."""

    def __init__(self, understanding: Understanding, language: str) -> None:
        self.language = language
        self.compounds = understanding.compounds
        self.forms = frozenset(term.text for term in understanding.terms if term.family == "exact")
        stems = [term.text for term in understanding.terms if term.family == "stem"]
        self.stems = _of_language(stems, f"{language}:")
        self.parts = _of_language(stems, f"{language}+") if language in COMPOUNDING else frozenset()
        self.phrases = understanding.phrases
        # Words met in texts so far; the cards of a page have many in common.
        self._marked: set[str] = set()
        self._unmarked: set[str] = set()
        letters = frozenset(fold(form)[:1] for form in (*self.forms, *self.stems))
        self._letters = letters
        self._beginnings = frozenset(fold(form)[:2] for form in (*self.forms, *self.stems))
        self._within = tuple({fold(part)[:_PROBE] for part in self.parts})
        anywhere = bool(self.parts) or language in _MUTATING
        self._words = _word_pattern("" if anywhere else "".join(sorted(letters)))
        # Phrases, signs within words and letters written as two characters need a look at every word in its place.
        self._is_plain = not self.phrases and all(form.isalnum() for form in self.forms)

    def spans(self, text: str) -> list[Span]:
        """Where something to mark stands. Of spans that begin together the longest comes first."""
        if not (self.forms or self.stems or self.parts or self.phrases):
            return []
        if self._is_plain and is_normalized("NFC", text):
            found = self._spans_of_words(text)
            if found or not any(map(text.__contains__, _HYPHENS)):
                return found
        return self._all_spans(text)

    def _spans_of_words(self, text: str) -> list[Span]:
        """As most texts of a page have nothing to mark, words are looked at once, and their places only then."""
        words = set(self._words.findall(text)) - self._unmarked
        marked = {word for word in words if self._matches(word)}
        return [match.span() for match in self._words.finditer(text) if match[0] in marked] if marked else []

    def _all_spans(self, text: str) -> list[Span]:
        tokens = _tokens(text)
        spans = {
            (token.start, token.end)
            for token in tokens
            if token.exact in self.forms
            or (not token.joined and self._matches(text[token.start : token.end]))
        }
        plain = [token for token in tokens if not token.joined] if self.phrases else []
        for phrase in self.phrases:
            spans |= _phrase_spans(plain, phrase)
        return sorted(spans, key=lambda span: (span[0], -span[1]))

    def _matches(self, word: str) -> bool:
        """Whether a word of a text is to be marked."""
        if word not in self._marked and word not in self._unmarked:
            (self._marked if self._is_form(word, fold(word)) else self._unmarked).add(word)
        return word in self._marked

    def _is_form(self, word: str, folded: str) -> bool:
        if folded in self.forms:
            return True
        near = folded[:2] in self._beginnings or self.language in _MUTATING
        # Short words change their second letter (foot, feet); to look at long ones as well would take too long.
        near = near or (len(word) <= _SHORT and folded[:1] in self._letters)
        if self.stems and near and stem(word, self.language) in self.stems:
            return True
        return (
            len(word) >= _SHORTEST_COMPOUND
            and any(map(folded.__contains__, self._within))
            and self._has_part(word)
        )

    def _has_part(self, word: str) -> bool:
        tokens = analyse(word, self.language, self.compounds)
        return any(not self.parts.isdisjoint(token.parts) for token in tokens)


# Letters by the letter that they are folded to: Latin, Greek, Cyrillic. More would only make patterns slower.
_SPELT: Final[dict[str, str]] = {}
for _code in (*range(0x41, 0x250), *range(0x370, 0x500)):
    if chr(_code).isalpha():
        _SPELT[fold(chr(_code))[:1]] = _SPELT.get(fold(chr(_code))[:1], "") + chr(_code)


@lru_cache(maxsize=512)
def _word_pattern(letters: str) -> re.Pattern[str]:
    """Words that begin with one of some folded letters; any words for none."""
    if not letters:
        return re.compile(r"[^\W_]+")
    beginnings = re.escape("".join(_SPELT.get(letter, letter) for letter in letters))
    return re.compile(rf"(?<![^\W_])[{beginnings}][^\W_]*")


def _of_language(stems: Iterable[str], prefix: str) -> frozenset[str]:
    return frozenset(stem.removeprefix(prefix) for stem in stems if stem.startswith(prefix))


class Highlighter:
    """Marks what one query matched, in texts of any language."""

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding
        self._marks: dict[str, Marks] = {}
        self._spans: dict[tuple[str, str], list[Span]] = {}

    def spans(self, text: str, language: str) -> list[Span]:
        """Where to mark a text. A page asks several times: whether there is a match, which words, which passage."""
        key = (language, text)
        if key not in self._spans:
            if language not in self._marks:
                self._marks[language] = Marks(self._understanding, language)
            self._spans[key] = self._marks[language].spans(text)
        return self._spans[key]

    def matches(self, text: str, language: str) -> bool:
        """Whether any word of the query occurs in the text."""
        return bool(self.spans(text, language))

    def matched(self, text: str, language: str) -> Iterator[str]:
        """The words of the text that the query matched."""
        return (text[start:end] for start, end in self.spans(text, language))

    def highlight(self, text: str, language: str) -> Segments:
        """The text in segments, each with whether the query matched it. Joined, they are the text."""
        return _segments(text, self.spans(text, language), 0, len(text))

    def snippet(self, text: str, language: str, length: int = 220) -> Segments:
        """About `length` characters around the matches, cut at words, with ellipses where something is left out."""
        spans = self.spans(text, language)
        start, end = _window(text, spans, length)
        segments = _segments(
            text, [span for span in spans if start <= span[0] and span[1] <= end], start, end
        )
        head: Segments = [(f"{_ELLIPSIS} ", False)] if start > 0 else []
        tail: Segments = [(f" {_ELLIPSIS}", False)] if end < len(text) else []
        return [*head, *segments, *tail]


def _phrase_spans(tokens: list[Token], phrase: tuple[str, ...]) -> set[Span]:
    """The words of a phrase, each on its own, where they stand in its order."""
    spans: set[Span] = set()
    for place in range(len(tokens) - len(phrase) + 1):
        row = tokens[place : place + len(phrase)]
        if all(token.exact == form for token, form in zip(row, phrase, strict=True)):
            spans.update((token.start, token.end) for token in row)
    return spans


def _window(text: str, spans: list[tuple[int, int]], length: int) -> tuple[int, int]:
    """The window with most matches; the first of equals."""
    if len(text) <= length:
        return 0, len(text)
    starts = [max(0, span[0] - length // 4) for span in spans] or [0]
    best = max(starts, key=lambda start: sum(start <= a and b <= start + length for a, b in spans))
    best = min(best, len(text) - length)
    start = text.find(" ", best) + 1 if best and " " in text[best : best + 40] else best
    end = text.rfind(" ", start, start + length) if start + length < len(text) else len(text)
    return start, end if end > start else min(len(text), start + length)


def _segments(text: str, spans: Iterable[tuple[int, int]], start: int, end: int) -> Segments:
    segments: Segments = []
    here = start
    for first, last in spans:
        if first < here:
            continue
        segments += [(text[here:first], False)] if first > here else []
        segments.append((text[first:last], True))
        here = last
    return segments + ([(text[here:end], False)] if here < end else [])
