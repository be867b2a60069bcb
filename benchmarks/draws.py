"""Drawing from lists whose first entries are common and whose last are rare."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Generic, TypeVar

T = TypeVar("T")

# Zipf-Mandelbrot: the n-th entry is drawn in proportion to 1 / (n + shift) ** exponent.
SHIFT: Final = 2.7


class Zipf(Generic[T]):
    """Entries drawn by rank."""

    def __init__(self, items: Sequence[T], shift: float = SHIFT, exponent: float = 1) -> None:
        self.items = tuple(items)
        weights = (1 / (rank + shift) ** exponent for rank in range(1, len(self.items) + 1))
        self._sums = list(accumulate(weights))

    def one(self, rng: random.Random) -> T:
        return self.many(rng, 1)[0]

    def many(self, rng: random.Random, count: int) -> list[T]:
        """Entries in the order drawn, repeats included."""
        return rng.choices(self.items, cum_weights=self._sums, k=count)

    def some(self, rng: random.Random, most: int) -> list[T]:
        """One to `most` different entries, fewer more often."""
        return list(dict.fromkeys(self.many(rng, min(rng.randint(1, most), rng.randint(1, most)))))


def chance(rng: random.Random, share: float) -> bool:
    return rng.random() < share


def shuffled(items: Sequence[T], seed: str) -> list[T]:
    """The items in an order that depends on nothing but the seed: which codes are common is arbitrary."""
    order = list(items)
    random.Random(seed).shuffle(order)
    return order
