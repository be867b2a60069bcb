"""Times and what is said of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Times:
    """Percentiles in milliseconds, each the time of a real call (nearest rank)."""

    count: int
    p50: float
    p95: float
    p99: float
    worst: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Times:
        ordered = sorted(milliseconds)
        places = (max(math.ceil(share * len(ordered)) - 1, 0) for share in (0.5, 0.95, 0.99, 1))
        return cls(len(ordered), *(round(ordered[place], 2) for place in places))


@dataclass(frozen=True, slots=True)
class Promise:
    """A number with its limit. What is binding decides the exit code; an aim does not."""

    name: str
    value: float
    sign: str
    limit: float
    unit: str
    binding: bool
    how: str

    @property
    def kept(self) -> bool:
        return self.value <= self.limit if self.sign == "<=" else self.value >= self.limit

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*self.__dataclass_fields__, "kept")}


@dataclass(frozen=True, slots=True)
class Clocked:
    """How long a call took: by the clock, and of the processor in this thread; both in milliseconds."""

    wall: float
    cpu: float


def clocked(call: Callable[[], T]) -> tuple[T, Clocked]:
    cpu, wall = time.thread_time(), time.perf_counter()
    result = call()
    took = Clocked((time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000)
    return result, took
