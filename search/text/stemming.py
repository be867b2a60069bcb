"""Stems: from the field's own words, from dictionaries of lemmas, from rules of regular inflection, from Snowball.

Dictionaries and stemmers load when a language is first met: a process that reads two languages should not pay for
twenty-four.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Final, TypeAlias

from search.text.endings import (
    INFLECTIONS,
    JOININGS,
    NO_RULES,
    PREFERRED,
    REDUCTIONS,
    STEMMED,
    UNKNOWN,
    replaced,
    respelled,
    unmutated,
    witnessed,
)
from search.text.folding import fold, normalise
from search.text.languages import Language, domain_words, function_words, language_of
from search.text.maltese import maltese_stem

_LONGEST_CHAIN: Final = 3
_SHORTEST_BASE: Final = 2
_SHORTEST_HEAD: Final = 4
_SHORTEST_FRONT: Final = 3

# A function from a word in lower case to its lemma, None for a word the dictionary does not have.
Look: TypeAlias = Callable[[str], str | None]

_stemmers = threading.local()


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The folded stem of one word as written in a text."""
    rules = language_of(language)
    lowered = normalise(word)
    families = domain_words(language)
    shared = families.get(lowered)
    if shared is None:
        base, known = _lemma(lowered, rules)
        shared = families.get(base) or _joined(base, rules, known=known)
    return rules.fold_stem(shared)


def _joined(base: str, rules: Language, *, known: bool) -> str:
    """What a lemma shares with its other gender, and an unknown word with its other forms."""
    if rules.code == "mt":
        return maltese_stem(base)
    if rules.snowball and (rules.stems_lemmas or not known):
        stemmed = _stemmer(rules)(base)
        return next(replaced(stemmed, STEMMED.get(rules.code, NO_RULES)), stemmed)
    if not known and (endings := UNKNOWN.get(rules.code)):
        return next(replaced(base, endings), base)
    return next(replaced(base, JOININGS.get(rules.code, NO_RULES)), base)


def _lemma(word: str, rules: Language) -> tuple[str, bool]:
    """The base form of a word, and whether the dictionary has it; the word itself if nothing is known of it."""
    look = _dictionary(rules)
    if not word.isalpha() or look is None:
        return word, False
    lemma = look(word)
    if lemma is not None and lemma in function_words(rules.code):
        # "työ" is no form of a pronoun to anybody but a dictionary.
        lemma = word
    if lemma == word:
        return _reduced(word, rules, look), True
    for bare in unmutated(word, rules.code):
        if (found := look(bare)) is not None and lemma in {None, bare, found}:
            word, lemma = bare, found
            break
    preferred = _preferred(word, rules, look)
    if preferred:
        return _reduced(preferred, rules, look), True
    if lemma is None:
        lemma = next(filter(None, map(look, _bases(word, rules.code))), None)
        if lemma is None:
            marked = _marked(rules)(word) if fold(word) == word else None
            return _lemma(marked, rules) if marked else _guessed(word, rules, look)
    if rules.chained:
        lemma = _chain(lemma, rules, look)
    return _reduced(lemma, rules, look), True


def _preferred(word: str, rules: Language, look: Look) -> str | None:
    """A base that is likelier than what the dictionary says."""
    for base, witness in witnessed(word, PREFERRED.get(rules.code, NO_RULES)):
        for spelt in (base, *respelled(base, "el")) if rules.code == "el" else (base,):
            if spelt == word:
                if look(witness) == spelt:
                    return spelt
            elif look(spelt) == spelt and (not witness or look(witness) == spelt):
                return spelt
    return None


def _reduced(word: str, rules: Language, look: Look) -> str:
    """A word of its own to the dictionary, which may be a form of another."""
    reductions = REDUCTIONS.get(rules.code)
    if reductions:
        for bare in (word, *unmutated(word, rules.code)):
            for base, witness in witnessed(bare, reductions):
                if look(base) == base and (not witness or look(witness) == base):
                    return base
    return word


def _bases(word: str, language: str) -> Iterator[str]:
    """What a word may be a regular form of, best first."""
    endings = INFLECTIONS.get(language, NO_RULES)
    respellings = (word, *respelled(word, language))
    yield from respellings[1:]
    for bare in unmutated(word, language):
        yield bare
        yield from replaced(bare, endings)
    for base in replaced(word, endings):
        yield base
        if language == "el":
            yield from respelled(base, language)
    for respelling in respellings[1:]:
        yield from replaced(respelling, endings)


def _guessed(word: str, rules: Language, look: Look) -> tuple[str, bool]:
    """The lemma of a word that no dictionary has: by the end of a compound, or by regular paradigms."""
    for cut in range(_SHORTEST_FRONT, len(word) - _SHORTEST_HEAD + 1):
        head = word[cut:]
        lemma = look(head)
        if lemma is not None and lemma[:_SHORTEST_FRONT] == head[:_SHORTEST_FRONT]:
            return word[:cut] + (_chain(lemma, rules, look) if rules.chained else lemma), True
    return word, False


def _chain(lemma: str, rules: Language, look: Look) -> str:
    """The lemma of a lemma: dictionaries take many a noun for a form of a verb, and back."""
    seen = [lemma]
    for _ in range(_LONGEST_CHAIN):
        further = look(seen[-1])
        if (
            further is None
            or further == seen[-1]
            or further in function_words(rules.code)
            or _preferred(seen[-1], rules, look) == seen[-1]
        ):
            return seen[-1]
        if further in seen:
            return min(seen[seen.index(further) :])
        seen.append(further)
    return seen[-1]


@cache
def _dictionary(rules: Language) -> Look | None:
    if not rules.simplemma:
        return None
    from search.text.dictionaries import lookup

    return lookup(rules.simplemma, nouns_first=rules.nouns_first)


@cache
def _marked(rules: Language) -> Callable[[str], str | None]:
    from search.text.dictionaries import with_marks

    return with_marks(rules.simplemma)


def _stemmer(rules: Language) -> Callable[[str], str]:
    """A stemmer of this thread: PyStemmer's objects must not be shared between threads."""
    known: dict[str, Callable[[str], str]] = _stemmers.__dict__
    if rules.code not in known:
        from Stemmer import Stemmer

        # PyStemmer's own cache would hold every word a second time.
        known[rules.code] = Stemmer(rules.snowball, 0).stemWord
    return known[rules.code]
