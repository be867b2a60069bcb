"""Figures by number of offers as an SVG: four panels, both axes by powers of ten, names beside the lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from benchmarks.queries import WORDS_AND_FILTERS

Row = dict[str, Any]
Value = Callable[[Row], float]

PANELS: Final[tuple[tuple[str, str, Value], ...]] = (
    (
        "Searches with words, three filters and all counts",
        "ms, 95 of 100 are quicker",
        lambda row: row["searches"][WORDS_AND_FILTERS]["p95"],
    ),
    ("Memory of a reading process", "MB", lambda row: row["memory_mb"]),
    ("Index on disk", "MB", lambda row: row["index"]["size_mb"]),
    ("Time to build the index", "seconds", lambda row: row["index"]["seconds"]),
)
ENGINES: Final = ("tantivy", "whoosh")
WIDTH, HEIGHT = 400, 280
# Space around the plot of a panel; on the right it is for names.
LEFT, RIGHT, TOP, BOTTOM = 56, 84, 56, 36
# Two names closer than this would cover each other.
APART: Final = 14

STYLE: Final = """
 text{font:13px system-ui,sans-serif;fill:#1b1f24}
 .title{font-weight:600}.unit,.tick{fill:#57606a;font-size:12px}
 .back{fill:#fff}.grid{stroke:#d8dee4}.line{fill:none;stroke-width:2}
 .tantivy{stroke:#0a5fb4}.whoosh{stroke:#a8430c;stroke-dasharray:6 3}
 .dot-tantivy,.name-tantivy{fill:#0a5fb4}.dot-whoosh,.name-whoosh{fill:#a8430c}
 @media(prefers-color-scheme:dark){text{fill:#e6edf3}.unit,.tick{fill:#9da7b1}.back{fill:#0d1117}.grid{stroke:#30363d}
 .tantivy{stroke:#6cb6ff}.whoosh{stroke:#f0964b}
 .dot-tantivy,.name-tantivy{fill:#6cb6ff}.dot-whoosh,.name-whoosh{fill:#f0964b}}
"""


@dataclass(frozen=True, slots=True)
class Scale:
    """From a value to a place, by powers of ten."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return round(self.start + share * (self.end - self.start), 1)


def growth(rows: Sequence[Row]) -> str:
    """The picture; rows as `benchmarks.growth.Growth` gives them."""
    panels = "".join(
        f'<g transform="translate({place % 2 * WIDTH} {place // 2 * HEIGHT})">{_panel(rows, *panel)}</g>\n'
        for place, panel in enumerate(PANELS)
    )
    width, height = 2 * WIDTH, 2 * HEIGHT
    title = "What search costs as the catalogue grows"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-labelledby="title desc">\n<title id="title">{title}</title>\n<desc id="desc">{_said(rows)}</desc>\n'
        f'<style>{STYLE}</style>\n<rect class="back" width="{width}" height="{height}"/>\n{panels}</svg>\n'
    )


def _said(rows: Sequence[Row]) -> str:
    """The last point of each line in words."""
    parts = []
    for title, unit, value in PANELS:
        ends = [f"{engine} {_plain(value(row))} at {row['offers']:,} offers" for engine, row in _ends(rows)]
        parts.append(f"{title} ({unit}): {', '.join(ends)}.")
    return escape(" ".join(parts))


def _ends(rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    for engine in ENGINES:
        line = _line(rows, engine)
        if line:
            yield engine, line[-1]


def _line(rows: Sequence[Row], engine: str) -> list[Row]:
    return sorted((row for row in rows if row["engine"] == engine), key=lambda row: int(row["offers"]))


def _panel(rows: Sequence[Row], title: str, unit: str, value: Value) -> str:
    sizes = sorted({row["offers"] for row in rows})
    values = [max(value(row), 0.1) for row in rows]
    across = Scale(sizes[0], max(sizes[-1], sizes[0] * 2), LEFT, WIDTH - RIGHT)
    low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
    up = Scale(low, max(high, low * 10), HEIGHT - BOTTOM, TOP)
    parts = [
        f'<text class="title" x="12" y="20">{escape(title)}</text>',
        f'<text class="unit" x="12" y="38">{escape(unit)}</text>',
        *_grid(sizes, across, up),
    ]
    for engine in ENGINES:
        points = [(across(row["offers"]), up(max(value(row), 0.1))) for row in _line(rows, engine)]
        parts += _drawn(engine, points)
    parts += _names(rows, value, across, up)
    return "\n".join(parts)


def _grid(sizes: Sequence[int], across: Scale, up: Scale) -> Iterator[str]:
    level = up.low
    while level <= up.high * 1.001:
        y = up(level)
        yield f'<path class="grid" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>'
        yield f'<text class="tick" x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{_plain(level)}</text>'
        level *= 10
    for size in sizes:
        name = f"{size // 1000}k" if size >= 1000 else str(size)
        yield f'<text class="tick" x="{across(size)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{name}</text>'


def _drawn(engine: str, points: Sequence[tuple[float, float]]) -> Iterator[str]:
    """A line with a round or a square dot at each point: the colour says nothing that the form does not."""
    if points:
        path = "L".join(f"{x} {y}" for x, y in points)
        yield f'<path class="line {engine}" d="M{path}"/>'
    for x, y in points:
        if engine == ENGINES[0]:
            yield f'<circle class="dot-{engine}" cx="{x}" cy="{y}" r="3.5"/>'
        else:
            yield f'<rect class="dot-{engine}" x="{x - 3.5}" y="{y - 3.5}" width="7" height="7"/>'


def _names(rows: Sequence[Row], value: Value, across: Scale, up: Scale) -> Iterator[str]:
    """Each engine's name and last value: beside the end of a line, above that of one that ends in the middle."""
    ends = [
        (up(max(value(row), 0.1)), across(row["offers"]), engine, value(row)) for engine, row in _ends(rows)
    ]
    taken = -math.inf
    for y, x, engine, number in sorted(ends):
        text = f"{engine} {_plain(number)}"
        if x < across.end:
            yield f'<text class="name-{engine}" x="{x + 8}" y="{y - 8}" text-anchor="end">{text}</text>'
        else:
            taken = max(y, taken + APART)
            yield f'<text class="name-{engine}" x="{x + 8}" y="{taken + 4}">{text}</text>'


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
