"""The words of each language: those of the seed data by frequency, then compounds of them as the long tail."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import yaml

from benchmarks.draws import Zipf
from catalogue import seed
from catalogue.i18n import CONTENT_LANGUAGES
from search.text.folding import fold
from search.text.languages import stop_words

VOCABULARY: Final = 20_000
# How soon words repeat. The seed data's English, 31,000 words of which 4,900 differ, fits 1.2, its German 1.05.
EXPONENT: Final = 1.15
_WORD: Final = re.compile(r"[^\W\d_]{2,24}")
_LANGUAGES: Final = frozenset(CONTENT_LANGUAGES)
# Shorter parts make words that no stemmer takes for anything, longer ones words that nobody would write.
_PART: Final = range(4, 10)


def seed_words() -> dict[str, Counter[str]]:
    """How often each word occurs in the seed data, in lower case, by language."""
    counts: dict[str, Counter[str]] = {language: Counter() for language in CONTENT_LANGUAGES}
    for path in seed.files():
        for language, text in _texts(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)):
            counts[language].update(_WORD.findall(text.lower()))
    return counts


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every text by language, wherever it stands."""
    if isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, dict) and value and value.keys() <= _LANGUAGES:
        yield from ((language, text) for language, text in value.items() if isinstance(text, str))
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _texts(entry)


class Words:
    """One language's words, the n-th about n times rarer than the first."""

    def __init__(self, language: str, counts: Counter[str], size: int = VOCABULARY) -> None:
        self.language = language
        known = sorted(counts, key=lambda word: (-counts[word], word))[:size]
        self._zipf = Zipf(known + _compounds(language, known, size - len(known)), exponent=EXPONENT)

    @property
    def words(self) -> tuple[str, ...]:
        return self._zipf.items

    def text(self, rng: random.Random, count: int) -> str:
        """Sentences of 8 to 16 words."""
        words = self._zipf.many(rng, count)
        sentences, start = [], 0
        while start < count:
            end = start + rng.randint(8, 16)
            sentence = " ".join(words[start:end])
            sentences.append(f"{sentence[:1].upper()}{sentence[1:]}.")
            start = end
        return " ".join(sentences)

    def title(self, rng: random.Random, count: int) -> str:
        return " ".join(word[:1].upper() + word[1:] for word in self._zipf.many(rng, count))

    @cached_property
    def telling(self) -> Zipf[str]:
        """What people search for: the same words without the stop words of the languages searched in."""
        stops = stop_words(self.language) | stop_words("en")
        words = [word for word in self.words if fold(word) not in stops]
        return Zipf(words, exponent=EXPONENT)


def _compounds(language: str, known: list[str], count: int) -> list[str]:
    """Words put together from two, none of them known."""
    rng = random.Random(f"compounds {language}")
    parts = [word for word in known if len(word) in _PART]
    made: dict[str, None] = {}
    taken = set(known)
    while len(made) < count:
        word = rng.choice(parts) + rng.choice(parts)
        if word not in taken:
            made[word] = None
    return list(made)


def all_words() -> dict[str, Words]:
    return {language: Words(language, counts) for language, counts in seed_words().items()}
