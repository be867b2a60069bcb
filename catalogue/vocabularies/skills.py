"""Skills with labels: a subset of ESCO that the seed data uses, until a whole ESCO release is loaded.

`data/skills.yaml` says of each label whether it is official (ESCO 1.0) or a translation of ours, and of each skill
whether ESCO 1.1.1 lists it in its green or digital collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from catalogue import plain_yaml
from catalogue.vocabularies.model import Label

FILE: Final = Path(__file__).parent / "data" / "skills.yaml"
OFFICIAL: Final = ("en", "fr", "es")


@dataclass(frozen=True, slots=True)
class Skill:
    """labels by language; `official` languages carry ESCO's preferred label, the others our translation."""

    uri: str
    labels: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    official: tuple[str, ...] = ()
    green: bool = False
    digital: bool = False

    def label(self, language: str) -> Label:
        """The label in a language, or else in English."""
        return (
            Label(self.labels[language], language)
            if language in self.labels
            else Label(self.labels["en"], "en")
        )


@cache
def skills() -> Mapping[str, Skill]:
    """All known skills by URI."""
    entries = plain_yaml.read(FILE.read_text("utf-8")) if FILE.exists() else []
    return {entry["uri"]: _skill(entry) for entry in entries or []}


def _skill(entry: Mapping[str, Mapping[str, str]]) -> Skill:
    alternatives = {language: tuple(labels) for language, labels in entry.get("alt", {}).items()}
    official = tuple(language for language in OFFICIAL if language in entry["labels"])
    return Skill(
        str(entry["uri"]),
        entry["labels"],
        alternatives,
        official,
        green=bool(entry.get("green")),
        digital=bool(entry.get("digital")),
    )


def is_green(uri: str) -> bool:
    skill = skills().get(uri)
    return skill is not None and skill.green


def is_digital(uri: str) -> bool:
    skill = skills().get(uri)
    return skill is not None and skill.digital
