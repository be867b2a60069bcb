"""How good a row of answers is, judged offer by judged offer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

DEPTH: Final = 10


@dataclass(frozen=True, slots=True)
class Quality:
    """Of one search: whether the first ten hold an answer, one over the place of the first, nDCG of the ten."""

    success: float
    reciprocal: float
    ndcg: float


def quality(found: Sequence[str], relevant: Mapping[str, int]) -> Quality:
    """found: keys of the offers in their order. A grade's gain is 2 ** grade - 1."""
    gains = [2 ** relevant.get(key, 0) - 1 for key in found[:DEPTH]]
    first = next((place for place, gain in enumerate(gains, start=1) if gain), 0)
    ideal = _discounted(sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:DEPTH])
    return Quality(float(first > 0), 1 / first if first else 0.0, _discounted(gains) / ideal)


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))


def mean(qualities: Sequence[Quality]) -> dict[str, float]:
    """Success@10, MRR and nDCG@10 over searches."""
    return {
        "searches": len(qualities),
        "success@10": round(fmean(one.success for one in qualities), 4),
        "mrr": round(fmean(one.reciprocal for one in qualities), 4),
        "ndcg@10": round(fmean(one.ndcg for one in qualities), 4),
    }
