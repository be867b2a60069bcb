"""What makes one hit stand above another: every weight there is. `docs/ranking.md` says the same to readers.

There is no weight that anybody can buy, and none that depends on who asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from search.document import Field


@dataclass(frozen=True, slots=True)
class Weights:
    """What a match counts beside a match of the exact form, which counts 1.

    variant: another spelling (Straße, strasse). together: words that stand together as they do in the query,
    beside what each of them counts. hyphen: micro-credential as two words. stem: another form of the word. part:
    a part of a compound. concept: the concept that the word names, without the word. name: what the concept is
    called in any language. similar: a similar word in the place of one that no text has. prefix: the beginning of
    a longer word.
    """

    variant: float = 0.95
    together: float = 0.5
    hyphen: float = 0.9
    stem: float = 0.8
    concept: float = 1.0
    part: float = 0.5
    name: float = 0.3
    similar: float = 0.5
    prefix: float = 0.25


WEIGHTS: Final = Weights()


@dataclass(frozen=True, slots=True)
class FieldWorth:
    """What an occurrence in a field is worth, how much the length of the text counts against it (0 to 1), and the
    usual length in words, from which length is judged: a constant, so that no new offer changes all scores.
    """

    worth: float
    slope: float
    usual: float


FIELDS: Final[dict[Field, FieldWorth]] = {
    "title": FieldWorth(6.0, 0.3, 8.0),
    "outcomes": FieldWorth(2.0, 0.6, 50.0),
    "body": FieldWorth(1.0, 0.75, 150.0),
}


@dataclass(frozen=True, slots=True)
class TitleWeights:
    """What counts where titles are suggested to somebody who is still typing.

    whole: a typed word that is a word of the title. beginning: one that begins a word of it. opening: the first
    typed word begins the title.
    """

    whole: float = 1.0
    beginning: float = 0.5
    opening: float = 0.25


TITLES: Final = TitleWeights()

# An offer that carries a concept is worth as much as one that has its name in the title.
CONCEPT_WORTH: Final = 6.0

# How soon further occurrences stop to count: a title alone is worth half of what any number of mentions is.
SATURATION: Final = 6.0

# The share by which the state of application, completeness (0 to 1) and freshness (0 to 1) raise a score. Together
# they are less than the difference between a match in the title and one in the description.
STATE: Final[dict[str, float]] = {"open": 0.15, "soon": 0.12, "later": 0.08, "unknown": 0.05, "past": 0.0}
COMPLETENESS: Final = 0.05
FRESHNESS: Final = 0.05

# Days within which an opening of application is soon, and days in which freshness halves.
SOON_DAYS: Final = 60
FRESH_DAYS: Final = 180.0
