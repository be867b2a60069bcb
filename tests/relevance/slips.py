"""Slips of the finger: one random edit in a word of a title."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from catalogue.offers import queries
from search.text.languages import stop_words
from tests.relevance.world import World

SHORTEST: Final = 6
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Slip:
    """A word of a title with one edit: alone, and within its title."""

    language: str
    word: str
    mistyped: str
    title: str
    offer: str


def slips(world: World, count: int, seed: int) -> list[Slip]:
    """`count` words of titles of the seed's offers, each with one edit."""
    rng = random.Random(seed)
    words = list(_words(world))
    return [
        Slip(language, word, edited, title.replace(word, edited, 1), offer)
        for language, word, title, offer in (rng.choice(words) for _ in range(count))
        if (edited := edit(word, rng))
    ]


def _words(world: World) -> Iterator[tuple[str, str, str, str]]:
    with world.portal.database.read() as session:
        for offer in queries.all_published(session):
            for language, title in offer.content.title.items():
                for word in _WORD.findall(title.text):
                    if len(word) >= SHORTEST and word.lower() not in stop_words(language):
                        yield language, word, title.text, world.keys[offer.id]


def edit(word: str, rng: random.Random) -> str:
    """A letter added, left out, replaced or swapped with its neighbour, anywhere in the word."""
    letters = sorted(set(word.lower()))
    place = rng.randrange(len(word))
    way = rng.choice(("add", "drop", "replace", "swap"))
    if way == "add":
        return word[:place] + rng.choice(letters) + word[place:]
    if way == "drop":
        return word[:place] + word[place + 1 :]
    if way == "replace":
        return word[:place] + rng.choice(letters) + word[place + 1 :]
    place = min(place, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
