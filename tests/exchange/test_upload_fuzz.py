"""Upload files changed at random: whatever comes, rows or a reason, quickly, and never another exception."""

from __future__ import annotations

import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from catalogue.db import Database
from catalogue.exchange.exporting import export_file
from catalogue.exchange.guessing import guess_file
from catalogue.exchange.problems import UnreadableError
from tests.exchange.conftest import HEADER, take, workbook
from tests.factories import complete_offer, published, titled

Random = random.Random
SECONDS = 5.0
PIECES = (
    *(
        b"",
        b"\0",
        b"\xff",
        b"<",
        b">",
        b"&",
        b"]]>",
        b"<!DOCTYPE x>",
        b"<c/>",
        b"</row>",
        b"=1+1",
        b"'",
        b'"',
    ),
    *(b"<f>1</f>", b'r="XFD1048576"', b'r="A0"', b's="99"', b't="s"', b't="e"', b't="d"', b't="b"', b"1e999"),
    *(
        b"-1",
        b"999999999999",
        b"NaN",
        b";",
        b"\t",
        b",,,,",
        b"\r",
        b"\n",
        b"_xD800_",
        b"\xef\xbf\xbf",
        b"{",
        b"[[[[",
    ),
    *(
        b"<mergeCell ref='A1:XFD1048576'/>",
        b"encoding='utf-16'",
        b"encoding='utf-7'",
        "Ä".encode("cp1252"),
        b"PK\x05\x06",
    ),
)


def mutated(data: bytes, dice: Random) -> bytes:
    """A few places of a file cut, doubled, overwritten or filled with what readers stumble over."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        start = dice.randrange(len(changed) + 1)
        end = min(len(changed), start + dice.choice([0, 1, 1, 2, 8, 64, 1000]))
        piece = dice.choice([*PIECES, bytes(changed[start:end]) * dice.choice([2, 50]), dice.randbytes(4)])
        changed[start:end] = piece
    return bytes(changed)


def mutated_part(source: Path, target: Path, dice: Random) -> None:
    """A workbook in which the XML of one part is changed, so that it is still an archive."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    weights = [4 if "sheet1" in name or "sharedStrings" in name else 1 for name in parts]
    chosen = dice.choices(list(parts), weights)[0]
    parts[chosen] = mutated(parts[chosen], dice)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def uploads(database: Database, path: Path) -> list[Path]:
    """Sound files in every format and from two programs."""
    published(database, "W-1", complete_offer())
    published(database, "W-2", titled("Bienen"))
    files = [path / f"offers.{suffix}" for suffix in ("csv", "jsonl", "xlsx")]
    for file in files:
        export_file(database, file, None, None)
    return [
        *files,
        workbook(path / "other.xlsx", [HEADER, ["A", "de", "Bienen", "Kurs"], ["B", "de", "Schafe", "Kurs"]]),
    ]


def attempt(action: Callable[[], object]) -> str:
    """What an action came to; any exception but the one for unreadable files is a defect."""
    try:
        action()
    except UnreadableError as error:
        return "unreadable" if str(error) else "silent"
    return "read"


@pytest.mark.parametrize("count", [120, pytest.param(2000, marks=pytest.mark.soak)])
def test_changed_files_are_read_or_refused_within_seconds(
    open_database: Database, tmp_path: Path, count: int
) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    dice, sound = random.Random(seed), uploads(open_database, tmp_path)
    came_to: Counter[str] = Counter()
    slowest = 0.0
    for number in range(count):
        source = sound[number % len(sound)]
        file = tmp_path / f"upload{source.suffix}"
        if source.suffix == ".xlsx" and dice.random() < 0.75:
            mutated_part(source, file, dice)
        else:
            file.write_bytes(mutated(source.read_bytes(), dice))
        began = time.monotonic()
        try:
            came_to[attempt(partial(take, open_database, file, dry_run=True, diff=True))] += 1
            if source.suffix != ".jsonl":
                attempt(partial(guess_file, file, None))
        except Exception:
            kept = Path(f"/tmp/portolan-fuzz-{seed}-{number}{source.suffix}")
            kept.write_bytes(file.read_bytes())
            print(f"kept {kept}")
            raise
        slowest = max(slowest, time.monotonic() - began)
    print(f"{count} files: {dict(came_to)}, slowest {slowest:.2f} s")
    assert slowest < SECONDS
    assert came_to["silent"] == 0
    assert came_to["read"] > 0
    assert came_to["unreadable"] > 0
