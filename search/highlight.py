"""Mark what a query matched in a text, and choose the passage that shows most of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from search.text import ParsedQuery, Token, analyse
from search.text.folding import fold, normalise

Segments = list[tuple[str, bool]]
_ELLIPSIS: Final = "…"
# Letters that a form and its stem, or its lemma, have in common with what stands in the text.
_PROBE: Final = 3


Span = tuple[int, int]
Spans = Mapping[str, list[Span]]


@lru_cache(maxsize=8192)
def _tokens(text: str, language: str | None) -> tuple[Token, ...]:
    """Pages show the same texts again and again; each is analysed once."""
    return tuple(analyse(text, language))


@lru_cache(maxsize=8192)
def _places(text: str, language: str | None) -> tuple[Spans, Spans]:
    """Where each exact form and each stem stands, so that a query costs only its own words."""
    exact: defaultdict[str, list[Span]] = defaultdict(list)
    stems: defaultdict[str, list[Span]] = defaultdict(list)
    for start, end, form, stem, _ in _tokens(text, language):
        span = (start, end)
        exact[form].append(span)
        stems[stem].append(span)
    return exact, stems


@lru_cache(maxsize=512)
def _wanted(parsed: ParsedQuery, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The exact forms and the stems that a query asks for in a text of one language."""
    prefix = f"{language}:"
    stems = (stem for word in parsed.words for stem in word.stems)
    own = tuple(stem.removeprefix(prefix) for stem in stems if stem.startswith(prefix))
    return tuple(word.exact for word in parsed.words), own


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return fold(normalise(text))


def _may_match(text: str, forms: Iterable[str]) -> bool:
    """Whether the beginning of any form occurs at all. Most texts of a page need no closer look."""
    folded = _folded(text)
    return any(form[:_PROBE] in folded for form in forms)


def _matched(text: str, language: str, parsed: ParsedQuery) -> list[Span]:
    forms, own = _wanted(parsed, language)
    if not parsed.phrases and not _may_match(text, (*forms, *own)):
        return []
    # A text in a language that the query was not understood in can match by exact forms only.
    understood = language if own else None
    exact, stems = _places(text, understood)
    spans = {span for form in forms for span in exact.get(form, ())}
    spans.update(span for stem in own for span in stems.get(stem, ()))
    phrases = [*parsed.phrases, *(word.parts for word in parsed.words if word.parts)]
    if phrases:
        plain = [token for token in _tokens(text, understood) if not token.joined]
        for phrase in phrases:
            spans |= _phrase_spans(plain, phrase)
    # Of spans that begin together the longest comes first, so that a joined word is marked as one.
    return sorted(spans, key=lambda span: (span[0], -span[1]))


def _phrase_spans(tokens: list[Token], phrase: tuple[str, ...]) -> set[Span]:
    """The words of a phrase, each on its own, where they stand in its order."""
    spans: set[Span] = set()
    for place in range(len(tokens) - len(phrase) + 1):
        row = tokens[place : place + len(phrase)]
        if all(token.exact == form for token, form in zip(row, phrase, strict=True)):
            spans.update((token.start, token.end) for token in row)
    return spans


def matches(text: str, language: str, parsed: ParsedQuery) -> bool:
    """Whether any word of the query occurs in the text."""
    return bool(_matched(text, language, parsed))


def highlight(text: str, language: str, parsed: ParsedQuery) -> Segments:
    """The text in segments, each with whether the query matched it. Joined, they are the text."""
    return _segments(text, _matched(text, language, parsed), 0, len(text))


def snippet(text: str, language: str, parsed: ParsedQuery, length: int = 220) -> Segments:
    """About `length` characters around the matches, cut at words, with ellipses where something is left out."""
    spans = _matched(text, language, parsed)
    start, end = _window(text, spans, length)
    segments = _segments(text, [span for span in spans if start <= span[0] and span[1] <= end], start, end)
    before, after = start > 0, end < len(text)
    head: Segments = [(f"{_ELLIPSIS} ", False)] if before else []
    tail: Segments = [(f" {_ELLIPSIS}", False)] if after else []
    return [*head, *segments, *tail]


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
