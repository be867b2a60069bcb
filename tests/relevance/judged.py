"""Judged searches: what was asked, in which language, and which offers answer it.

`tuning/` may be looked at while the search is improved; `test/` was written by people who had seen neither the code
nor its word lists, and nothing is tuned on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import yaml

Split = Literal["tuning", "test"]
SPLITS: Final[tuple[Split, ...]] = ("tuning", "test")
FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Judged:
    """One search. relevant: grade by `provider/reference`; 3 is exactly what was asked, 2 good, 1 related."""

    split: Split
    language: str
    text: str
    kind: str
    relevant: Mapping[str, int]


def languages(split: Split) -> list[str]:
    return sorted(path.stem for path in (FOLDER / split).glob("*.yaml"))


def read(split: Split, language: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / split / f"{language}.yaml").read_text("utf-8"))
    return content


def searches(split: Split) -> list[Judged]:
    """All judged searches of a split, by language."""
    return [
        Judged(split, language, str(entry["q"]), entry["kind"], entry["relevant"])
        for language in languages(split)
        for entry in read(split, language)["queries"]
    ]
