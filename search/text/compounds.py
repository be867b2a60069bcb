"""Parts of compounds, by a controlled list: the words that titles and labels are made of.

"Wundversorgung" also has to be found by "Versorgung" and by "Wunde". A word is split only where both parts are words
that occur by themselves in the list, so that nothing is split by chance into letters.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from search.text.folding import fold
from search.text.languages import stop_words
from search.text.stemming import stem
from search.text.words import words_of

# What may stand between two parts, the longest first.
_LINKS: Final[dict[str, tuple[str, ...]]] = {
    "da": ("s", "e"),
    "de": ("es", "en", "er", "s", "n", "e"),
    "et": (),
    "fi": ("n",),
    "hu": (),
    "nl": ("en", "s", "e"),
    "sv": ("s",),
}
# What a first part may have lost: German "Wund(e)", Estonian "andme(d)", Swedish "skol(a)".
_LOST: Final[dict[str, tuple[str, ...]]] = {"de": ("e",), "et": ("d",), "sv": ("a", "e")}
_SHORTEST: Final = 8
_SHORTEST_PART: Final = 4
# "työ", "väg", "bil": parts of three letters count when the list has them this often, so that no ending passes.
_SHORTEST_FREQUENT_PART: Final = 3
_FREQUENT: Final = 3


class Compounds:
    """Which words a compound may be made of, by language. What was split once is remembered."""

    def __init__(
        self,
        words: Mapping[str, Iterable[str]] | None = None,
        stems: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """words: by language. stems: theirs, where they are known; else they are found when they are needed."""
        self._words = {language: frozenset(listed) for language, listed in (words or {}).items()}
        self._stems = {language: frozenset(listed) for language, listed in (stems or {}).items()}
        self._parts: dict[tuple[str, str], tuple[str, ...]] = {}

    @classmethod
    def of(cls, texts: Mapping[str, Iterable[str]]) -> Compounds:
        """From texts by language; those of languages that do not write compounds as one word are left aside."""
        return cls(
            {
                language: _listed(texts_of, language)
                for language, texts_of in texts.items()
                if language in _LINKS
            }
        )

    def knows(self, language: str | None) -> bool:
        """Whether there are words of a language."""
        return language in self._words

    def split(self, word: str, language: str) -> tuple[str, ...]:
        """The parts of a compound in lower case, none for any other word."""
        listed = self._words.get(language)
        if not listed or len(word) < _SHORTEST or not word.isalpha():
            return ()
        return self._two(word, language) or self._three(word, language)

    def stems(self, word: str, language: str) -> tuple[str, ...]:
        """The stems of the parts of a word in lower case."""
        if len(word) < _SHORTEST or language not in self._words:
            return ()
        key = (word, language)
        if key not in self._parts:
            parts = (stem(part, language) for part in self.split(word, language))
            self._parts[key] = tuple(dict.fromkeys(parts))
        return self._parts[key]

    def dump(self) -> bytes:
        """As bytes, for `load`; with the stems, which take a reader a second to find."""
        words = {language: sorted(listed) for language, listed in sorted(self._words.items())}
        stems = {language: sorted(self._listed_stems(language)) for language in words}
        return json.dumps({"words": words, "stems": stems}, ensure_ascii=False).encode()

    @classmethod
    def load(cls, content: bytes) -> Compounds:
        """The inverse of `dump`. Raises ValueError for anything else."""
        kept = json.loads(content)
        if not isinstance(kept, dict) or not all(_is_lists(kept.get(name)) for name in ("words", "stems")):
            raise ValueError("not the words of compounds and their stems")
        return cls(kept["words"], kept["stems"])

    def _two(self, word: str, language: str) -> tuple[str, ...]:
        """The split with the longest head."""
        for cut in range(_SHORTEST_FREQUENT_PART, len(word) - _SHORTEST_FREQUENT_PART + 1):
            head = word[cut:]
            if (front := self._front(word[:cut], language, sure=head in self._words[language])) and (
                self._is_listed(head, language)
            ):
                return front, head
        return ()

    def _three(self, word: str, language: str) -> tuple[str, ...]:
        for cut in range(_SHORTEST_FREQUENT_PART, len(word) - _SHORTEST + 1):
            front = self._front(word[:cut], language, sure=False)
            if front and (rest := self._two(word[cut:], language)):
                return front, *rest
        return ()

    def _front(self, part: str, language: str, *, sure: bool) -> str:
        """A part that is not the last as a word of its own, "" if it is none. sure: the rest is a word as it is."""
        listed = self._words[language]
        for base in _bare(part, language):
            if base in listed:
                return base
        return part if sure and self._is_listed(part, language) else ""

    def _is_listed(self, part: str, language: str) -> bool:
        """Whether a part is in the list, or a form of what is there."""
        if part in self._words[language]:
            return True
        return len(part) >= _SHORTEST_PART and stem(part, language) in self._listed_stems(language)

    def _listed_stems(self, language: str) -> frozenset[str]:
        if language not in self._stems:
            self._stems[language] = frozenset(stem(word, language) for word in self._words[language])
        return self._stems[language]


def _is_lists(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(listed, list) for listed in value.values())


def _bare(part: str, language: str) -> Iterator[str]:
    """A part without what may link it to the next one, or with what it may have lost."""
    yield part
    for link in _LINKS[language]:
        if part.endswith(link) and len(part) - len(link) >= _SHORTEST_FREQUENT_PART:
            yield part[: -len(link)]
    for lost in _LOST.get(language, ()):
        yield part + lost


def _listed(texts: Iterable[str], language: str) -> Iterator[str]:
    """The words of texts that can be parts."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words_of(text))
    stops = stop_words(language)
    for word, count in counts.items():
        least = _SHORTEST_FREQUENT_PART if count >= _FREQUENT else _SHORTEST_PART
        if not word.isalpha() or fold(word) in stops:
            continue
        if len(word) >= least:
            yield word
        if count >= _FREQUENT and len(base := stem(word, language)) == _SHORTEST_FREQUENT_PART:
            yield base


NO_COMPOUNDS: Final = Compounds()
