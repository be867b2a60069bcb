"""Across languages: an offer is found by what it is about, in a language that none of its texts is in.

For every ordered pair of languages: an offer written in one, without a text in the other, asked for by the label of a
concept it carries, by an alternative label, and by an inflected form of the label.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from marisa_trie import BytesTrie

from catalogue.i18n import CONTENT_LANGUAGES
from catalogue.offers import queries
from catalogue.offers.queries import PublishedOffer
from catalogue.vocabularies.skills import Skill, skills
from search.text import analyse
from search.text.dictionaries import make
from search.text.languages import language_of, stop_words
from tests.relevance.measures import DEPTH
from tests.relevance.world import World

EU: Final = tuple(code for code in sorted(CONTENT_LANGUAGES) if language_of(code).code == code)


@dataclass(frozen=True, slots=True)
class Crossing:
    """What to ask in one language for an offer in another. how: label, alternative or inflected."""

    asked_in: str
    written_in: str
    how: str
    text: str
    offer: str


def crossings(world: World, seed: int = 1) -> list[Crossing]:
    """For each pair of languages the concept that fewest offers carry, so that ten places are enough."""
    with world.portal.database.read() as session:
        offers = sorted(queries.all_published(session), key=lambda offer: world.keys[offer.id])
    carriers: defaultdict[str, list[PublishedOffer]] = defaultdict(list)
    for offer in offers:
        for uri in offer.content.skills:
            carriers[uri].append(offer)
    rng = random.Random(seed)
    return [
        crossing
        for asked_in in EU
        for written_in in EU
        if asked_in != written_in
        for crossing in _pair(world, carriers, asked_in, written_in, rng)
    ]


def _pair(
    world: World,
    carriers: Mapping[str, list[PublishedOffer]],
    asked_in: str,
    written_in: str,
    rng: random.Random,
) -> Iterator[Crossing]:
    fitting = [
        (len(carrying), uri, offer)
        for uri, carrying in carriers.items()
        if asked_in in skills()[uri].labels and len(carrying) <= DEPTH
        for offer in carrying
        if offer.content.default_language == written_in and asked_in not in offer.content.title
    ]
    if not fitting:
        return
    _, uri, offer = min(fitting, key=lambda entry: (entry[0], entry[1], world.keys[entry[2].id]))
    for how, text in _asked(skills()[uri], asked_in, rng):
        yield Crossing(asked_in, written_in, how, text, world.keys[offer.id])


def _asked(skill: Skill, language: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    label = skill.labels[language]
    yield "label", label
    if skill.alternatives.get(language):
        yield "alternative", skill.alternatives[language][0]
    inflected = inflect(label, language, rng)
    if inflected:
        yield "inflected", inflected


def inflect(label: str, language: str, rng: random.Random) -> str | None:
    """The label with one of its words in another form that the dictionary gives; None where it knows none."""
    dictionary = language_of(language).simplemma
    if not dictionary:
        return None
    by_word = _other_forms(language, dictionary)
    for token in reversed([token for token in analyse(label, language) if not token.joined]):
        word = label[token.start : token.end].lower()
        others = by_word.get(word) if token.exact not in stop_words(language) else None
        if others:
            return label[: token.start] + rng.choice(others) + label[token.end :]
    return None


@cache
def _other_forms(language: str, dictionary: str) -> Mapping[str, list[str]]:
    """The other forms of each word of the labels of skills, by simplemma's dictionary."""
    trie = BytesTrie().mmap(os.fspath(make(dictionary)))
    lemmas = {}
    for skill in skills().values():
        for token in analyse(skill.labels.get(language, ""), language):
            word = skill.labels[language][token.start : token.end].lower()
            if word in trie:
                lemmas[word] = trie[word][0]
    forms: defaultdict[bytes, list[str]] = defaultdict(list)
    wanted = set(lemmas.values())
    for form, lemma in trie.iteritems():
        if lemma in wanted and form.isalpha() and form.islower():
            forms[lemma].append(form)
    return {word: sorted(set(forms[lemma]) - {word}) for word, lemma in lemmas.items()}
