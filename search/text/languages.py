"""The one table of languages: how each of the 24 official languages of the EU is analysed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from search.text.folding import fold, fold_keeping
from search.text.vocabulary import DOMAIN_WORDS, STOP_WORDS


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    snowball, simplemma: the name of the stemmer or of the dictionary, at most one of them; Maltese has neither.
    letters: marked letters that are letters of their own, kept apart when stems are folded. The exact form is
    folded completely all the same, so that lazy typing works in any language.
    hyphen_clitics: whether a hyphen parts articles and the like from a word (Maltese "il-kors").
    """

    code: str
    snowball: str = ""
    simplemma: str = ""
    letters: str = ""
    hyphen_clitics: bool = False

    def fold_stem(self, stem: str) -> str:
        return fold_keeping(stem, self.letters)


LANGUAGES: Final[dict[str, Language]] = {
    language.code: language
    for language in (
        Language("bg", simplemma="bg"),
        Language("cs", snowball="czech"),
        Language("da", snowball="danish", letters="æøå"),
        Language("de", snowball="german"),
        Language("el", snowball="greek"),
        Language("en", snowball="english"),
        Language("es", snowball="spanish", letters="ñ"),
        Language("et", snowball="estonian", letters="õäöü"),
        Language("fi", snowball="finnish", letters="åäö"),
        Language("fr", snowball="french"),
        Language("ga", simplemma="ga", hyphen_clitics=True),
        Language("hr", simplemma="hbs"),
        Language("hu", snowball="hungarian", letters="öüőű"),
        Language("it", snowball="italian"),
        Language("lt", snowball="lithuanian"),
        Language("lv", simplemma="lv"),
        Language("mt", hyphen_clitics=True),
        Language("nl", snowball="dutch"),
        Language("pl", snowball="polish"),
        Language("pt", snowball="portuguese"),
        Language("ro", snowball="romanian"),
        Language("sk", simplemma="sk"),
        Language("sl", simplemma="sl"),
        Language("sv", snowball="swedish", letters="åäö"),
    )
}


def language_of(code: str) -> Language:
    """The language of a code; an unknown one is analysed without a stemmer."""
    return LANGUAGES.get(code) or Language(code)


@cache
def stop_words(code: str) -> frozenset[str]:
    """Stop words of a language as exact (folded) forms."""
    return frozenset(fold(word) for word in STOP_WORDS.get(code, "").split())


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
