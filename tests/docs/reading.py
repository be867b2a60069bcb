"""How tests read the documents: fenced blocks, tables, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.settings import ROOT

_BLOCK = re.compile(
    r"^<!-- (?P<mark>[^>]+?) -->\n```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:)([^)#]*)(#[^)]*)?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CELL_BORDER = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Step:
    """A command as a document shows it, with the output it promises, in which `...` stands for anything."""

    command: str
    output: str


def document(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(text: str, mark: str) -> list[str]:
    """The fenced blocks behind the comment `<!-- mark -->`."""
    return [match["body"] for match in _BLOCK.finditer(text) if match["mark"] == mark]


def steps(block: str) -> Iterator[Step]:
    """The commands of a console block, each with the lines below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield Step(command, output)


def section(text: str, heading: str) -> str:
    """What stands below a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading!r}"
    return found[1]


def table(text: str) -> list[list[str]]:
    """The rows of the one table in a text, without its head."""
    rows = [_CELL_BORDER.split(line.strip())[1:-1] for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def links(text: str) -> list[tuple[str, str]]:
    """File and anchor of every link to a place in the repository; pictures are no links."""
    return [(match[1], (match[2] or "")[1:]) for match in _LINK.finditer(_FENCED.sub("", text))]


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings."""
    titles = _HEADING.findall(_FENCED.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
