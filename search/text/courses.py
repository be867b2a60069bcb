"""Compounds that name an offer by its subject: whoever asks for a "Schweißkurs" asks for welding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from search.text.stemming import stem
from search.text.vocabulary import COURSE_WORDS
from search.text.words import WORD

# Letters of a subject: "las" of "lascursus".
_SHORTEST: Final = 3
# What may link a subject with the word for the course.
_LINK: Final = "s"
# Letters that all forms of a word for a course begin with.
_STUB: Final = 4


def subjects(word: str, language: str) -> tuple[str, ...]:
    """What a compound that ends with a word for a course may be about, none for any other word."""
    found = _stubs(language)
    for match in found.finditer(word.lower(), _SHORTEST) if found else ():
        front, head = word[: match.start()], word[match.start() :]
        if stem(head, language) in _stems(language):
            return tuple(_unlinked(front))
    return ()


def by_subject(text: str, languages: Sequence[str]) -> list[str]:
    """The text with the subject alone for each such compound, in as many ways as there are; none without any.

    Every word stays where it begins: spaces stand for what is left out.
    """
    stubs = [found for language in languages if (found := _stubs(language))]
    lowered = text.lower() if stubs else ""
    if not any(found.search(lowered, _SHORTEST) for found in stubs):
        return []
    named: list[tuple[int, int, tuple[str, ...]]] = []
    for match in WORD.finditer(text):
        about = next(filter(None, (subjects(match[0], language) for language in languages)), ())
        if about:
            named.append((match.start(), match.end(), about))
    texts = []
    for way in range(max((len(about) for *_, about in named), default=0)):
        changed = text
        for start, end, about in named:
            subject = about[min(way, len(about) - 1)]
            changed = changed[:start] + subject.ljust(end - start) + changed[end:]
        texts.append(changed)
    return texts


def _unlinked(front: str) -> Iterator[str]:
    yield front
    if front.endswith(_LINK) and len(front) > _SHORTEST:
        yield front[: -len(_LINK)]


@cache
def _stubs(language: str) -> re.Pattern[str] | None:
    words = COURSE_WORDS.get(language, "").lower().split()
    stubs = sorted({re.escape(word[:_STUB]) for word in words})
    return re.compile(f"(?=(?:{'|'.join(stubs)}))") if stubs else None


@cache
def _stems(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in COURSE_WORDS.get(language, "").split())
