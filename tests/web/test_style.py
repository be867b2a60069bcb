"""Every pair of colours that meets on a page has contrast enough, by day and by night (WCAG 2.2, 1.4.3, 1.4.11)."""

from __future__ import annotations

import re

import pytest

from catalogue.settings import ROOT

STYLE = (ROOT / "static" / "portolan.css").read_text("utf-8")
LIGHT, DARK = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
GROUNDS = ("paper", "card")
TEXT = [
    *((text, ground) for text in ("ink", "ink-2", "sea", "ok", "signal") for ground in GROUNDS),
    ("ink", "wash"),
    ("ink-2", "wash"),
    ("sea", "wash"),
    ("ink", "mark"),
    ("ink", "note"),
    ("on-signal", "signal"),
    ("on-signal", "signal-2"),
    *((f"on-{step}", f"step-{step}") for step in range(1, 9)),
]
SHAPES = [("edge", ground) for ground in GROUNDS] + [("signal", ground) for ground in GROUNDS]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})\b", block))


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("block", "mode"), [(LIGHT, "light"), (DARK, "dark")])
def test_colours_that_meet_have_contrast(block: str, mode: str) -> None:
    colours = tokens(block)
    weak = [
        (pair, round(contrast(colours[pair[0]], colours[pair[1]]), 2))
        for pair in TEXT
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    ]
    faint = [
        (pair, round(contrast(colours[pair[0]], colours[pair[1]]), 2))
        for pair in SHAPES
        if contrast(colours[pair[0]], colours[pair[1]]) < 3
    ]
    assert not weak + faint, mode


def test_both_modes_name_the_same_colours() -> None:
    assert set(tokens(DARK)) == set(tokens(LIGHT))
