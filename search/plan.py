"""What an engine is asked to match: a small tree of terms, made by `search.understanding`, evaluated by engines.

A plan says nothing of filters, orders or pages. Engines agree on which documents it matches; how they score what
matches is theirs, but a weight always scales a node's score and `Best` is worth its best node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["exact", "stem", "concept"]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the index.

    exact: a folded form, whatever its language. stem: `fi:haava`, a compound's part being `fi+haava`. concept: the
    address of a skill, or `isced:0613`, `nace:J`.
    """

    family: Family
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exact forms that stand one behind the other in one text."""

    forms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class All:
    """Every node matches; the scores add up."""

    nodes: tuple[Node, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Best:
    """At least one node matches; the best counts."""

    nodes: tuple[Node, ...]


Node = Term | Phrase | All | Best


@dataclass(frozen=True, slots=True)
class Plan:
    """Every required node must match, none of the excluded may; optional ones only add to the score.

    looser: what is asked for instead where this finds nothing in the whole index; None where nothing can be given up.
    """

    required: tuple[Node, ...] = ()
    optional: tuple[Node, ...] = ()
    excluded: tuple[Node, ...] = ()
    looser: Plan | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is asked for, so that results can be ranked by it."""
        return bool(self.required)


def best(nodes: tuple[Node, ...]) -> Node:
    """`Best` where there is a choice."""
    distinct = tuple(dict.fromkeys(nodes))
    return distinct[0] if len(distinct) == 1 else Best(distinct)
