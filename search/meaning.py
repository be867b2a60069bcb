"""What a part of a query was understood as: a concept, and the terms of the index that stand for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """A concept named in a query.

    start, end: the characters of the query that name it. uri: the concept's address, or `isced:0613`, `nace:J`.
    kind: skill, occupation, isced or nace. label: the concept's name, and the language that name is in.
    terms: concept terms of the index with their weights, 1.0 being the concept itself.
    names: what it is called in any language, as (language, name): offers that do not carry it may have its name.
    sure: false where the words are only kin of the concept's name: what texts have of them comes first.
    """

    start: int
    end: int
    uri: str
    kind: str
    label: str
    language: str
    terms: tuple[tuple[str, float], ...]
    names: tuple[tuple[str, str], ...] = ()
    sure: bool = True
