"""Occupations with labels and the skills they use: a subset of ESCO, until a whole ESCO release is loaded.

`data/occupations.yaml` says whose labels these are; which skills an occupation uses is Portolan's own choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from catalogue import plain_yaml

FILE: Final = Path(__file__).parent / "data" / "occupations.yaml"


@dataclass(frozen=True, slots=True)
class Occupation:
    """Labels and alternatives by language; URIs of skills, the most central first."""

    uri: str
    labels: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    skills: tuple[str, ...] = ()


@cache
def occupations() -> Mapping[str, Occupation]:
    """All known occupations by URI."""
    entries = plain_yaml.read(FILE.read_text("utf-8")) if FILE.exists() else []
    return {
        entry["uri"]: Occupation(
            entry["uri"],
            entry["labels"],
            {language: tuple(labels) for language, labels in entry.get("alt", {}).items()},
            tuple(entry.get("skills", ())),
        )
        for entry in entries or []
    }
