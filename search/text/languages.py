"""The one table of languages: how each of the 24 official languages of the EU is analysed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from search.text.families import DOMAIN_WORDS
from search.text.folding import fold, fold_keeping
from search.text.variants import variants
from search.text.vocabulary import GENERIC_WORDS, STOP_WORDS


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    simplemma: the name of its dictionary of lemmas; Maltese has none.
    snowball: the name of the stemmer for words the dictionary does not have, and for lemmas too if `stems_lemmas`.
    chained: whether the lemma of a lemma is sought. nouns_first: whether nouns are written with a capital.
    letters: marked letters that are letters of their own, kept apart when stems are folded. The exact form is
    folded completely all the same, so that lazy typing works in any language.
    hyphen_clitics: whether a hyphen parts articles and the like from a word (Maltese "il-kors").
    """

    code: str
    simplemma: str = ""
    snowball: str = ""
    letters: str = ""
    hyphen_clitics: bool = False
    chained: bool = True
    nouns_first: bool = False
    stems_lemmas: bool = False

    def fold_stem(self, stem: str) -> str:
        return fold_keeping(stem, self.letters)


LANGUAGES: Final[dict[str, Language]] = {
    language.code: language
    for language in (
        Language("bg", "bg"),
        Language("cs", "cs", "czech"),
        Language("da", "da", "danish", letters="æøå"),
        Language("de", "de", "german", nouns_first=True),
        Language("el", "el", "greek"),
        Language("en", "en", "english"),
        Language("es", "es", "spanish", letters="ñ"),
        Language("et", "et", "estonian", letters="õäöü"),
        Language("fi", "fi", "finnish", letters="åäö"),
        Language("fr", "fr", "french"),
        Language("ga", "ga", hyphen_clitics=True, chained=False),
        Language("hr", "hbs", "serbian"),
        Language("hu", "hu", "hungarian", letters="öüőű"),
        Language("it", "it", "italian"),
        Language("lt", "lt", "lithuanian"),
        Language("lv", "lv"),
        Language("mt", hyphen_clitics=True),
        Language("nl", "nl", "dutch"),
        Language("pl", "pl", "polish", stems_lemmas=True),
        Language("pt", "pt", "portuguese"),
        Language("ro", "ro", "romanian"),
        Language("sk", "sk", "czech"),
        Language("sl", "sl"),
        Language("sv", "sv", "swedish", letters="åäö"),
    )
}


def language_of(code: str) -> Language:
    """The language of a code; an unknown one is analysed without a stemmer."""
    return LANGUAGES.get(code) or Language(code)


OTHER_ALPHABETS: Final = frozenset({"bg", "el"})


@cache
def function_words(code: str) -> frozenset[str]:
    """Stop words of a language as it writes them."""
    return frozenset(STOP_WORDS.get(code, "").split())


@cache
def stop_words(code: str) -> frozenset[str]:
    """Stop words of a language as exact (folded) forms, for other alphabets in Latin letters as well."""
    words = function_words(code)
    latin = (spelling for word in words for spelling in variants(word, fold(word), code))
    return frozenset(map(fold, words)).union(latin if code in OTHER_ALPHABETS else ())


@cache
def generic_words(code: str) -> frozenset[str]:
    """Stems of words that say nothing in a catalogue of courses: course, training, learning ..."""
    from search.text.stemming import stem

    return frozenset(
        stem(word, code) for words in GENERIC_WORDS.get(code, "").split() for word in _hyphened(words)
    )


def _hyphened(word: str) -> tuple[str, ...]:
    """A hyphenated word as one and as its parts, as texts are cut."""
    parts = word.split("-")
    return (word,) if len(parts) == 1 else ("".join(parts), *parts)


@cache
def hyphen_clitics(code: str) -> frozenset[str]:
    """What a hyphen may part off in a language, as exact forms."""
    return stop_words(code) if language_of(code).hyphen_clitics else frozenset()


@cache
def domain_words(code: str) -> dict[str, str]:
    """Form to shared form of the field's own words, typed with their marks or without."""
    table: dict[str, str] = {}
    for family in DOMAIN_WORDS.get(code, ()):
        shared, *others = family.split()
        for word in (shared, *others):
            table.setdefault(fold(word), shared)
            table[word] = shared
    return table
