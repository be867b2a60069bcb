"""What a form holds: values by names such as `runs.2.start`. Items of a list are numbered from 1, gaps allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

MOST_NAMES: Final = 20_000
MOST_ITEMS: Final = 200
MARK: Final = "_"  # a field without meaning, which keeps an empty item alive


class Values:
    """Texts as they were typed, by name of field."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.by_name: dict[str, list[str]] = {}
        for name, value in pairs:
            if len(self.by_name) < MOST_NAMES:
                self.by_name.setdefault(name, []).append(value)

    def one(self, name: str) -> str:
        """The value of a field, empty if there is none."""
        return self.by_name.get(name, [""])[-1]

    def all(self, name: str) -> list[str]:
        """The values of a field that may have several, each once, without empty ones."""
        return list(dict.fromkeys(value for value in self.by_name.get(name, ()) if value.strip()))

    def put(self, name: str, *values: str) -> None:
        self.by_name[name] = list(values)

    def items(self, name: str) -> list[int]:
        """The positions that a list has, in order."""
        return sorted(self._positions(name))[:MOST_ITEMS]

    def _positions(self, name: str) -> set[int]:
        start = f"{name}."
        steps = (key[len(start) :].partition(".")[0] for key in self.by_name if key.startswith(start))
        return {int(step) for step in steps if step.isascii() and step.isdigit() and len(step) <= 4}  # noqa: PLR2004

    # what buttons do

    def add(self, name: str) -> str | None:
        """A new item at the end of a list. Returns its name; None if the list is full."""
        positions = self._positions(name)
        if len(positions) >= MOST_ITEMS:
            return None
        item = f"{name}.{max(positions, default=0) + 1}"
        self.put(f"{item}.{MARK}", "")
        return item

    def remove(self, item: str) -> None:
        """Take an item away with all its fields."""
        self.by_name = {
            name: texts for name, texts in self.by_name.items() if not name.startswith(f"{item}.")
        }

    def raise_up(self, item: str) -> None:
        """Let an item change places with the one before it."""
        name, _, position = item.rpartition(".")
        before = [number for number in self.items(name) if position.isdigit() and number < int(position)]
        if before:
            self._swap(item, f"{name}.{before[-1]}")

    def _swap(self, one: str, other: str) -> None:
        self.by_name = {
            _moved(_moved(name, one, "\0"), other, one).replace("\0", other, 1): texts
            for name, texts in self.by_name.items()
        }


def _moved(name: str, old: str, new: str) -> str:
    return new + name[len(old) :] if name.startswith(f"{old}.") else name


def from_mapping(values: Mapping[str, Iterable[str]]) -> Values:
    return Values((name, value) for name, texts in values.items() for value in texts)
