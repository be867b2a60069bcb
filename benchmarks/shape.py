"""Small pieces that all made-up documents share."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.words import Words

Document = dict[str, Any]
Pair = tuple[str, str]


def slug_of(provider: int) -> str:
    return f"provider-{provider:05d}"


def without_none(document: Mapping[str, Any]) -> Document:
    """What is not stated is left out."""
    return {key: value for key, value in document.items() if value is not None}


def second_language(rng: random.Random, language: str) -> str:
    """What an offer is translated into: English, or out of it."""
    return "en" if language != "en" else rng.choice(("de", "fr", "es"))


def bilingual(pair: Pair, make: Callable[[Words], str], words: Mapping[str, Words]) -> Document:
    """A text in its original language and in the second one."""
    origins = dict(zip(pair, ("original", "translated"), strict=True))
    return {code: {"text": make(words[code]), "origin": origins[code]} for code in sorted(pair)}
