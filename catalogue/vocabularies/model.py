"""What every controlled list can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import msgspec


class Label(msgspec.Struct, frozen=True):
    """A name for people, and the language it is really in (for the `lang` attribute)."""

    text: str
    language: str


Namer = Callable[[str, str], Label]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A controlled list in its own order; `parents` maps a narrower code to the next broader one."""

    name: str
    codes: tuple[str, ...]
    namer: Namer = field(repr=False)
    parents: Mapping[str, str] = field(default_factory=dict, repr=False)

    def known(self, code: str) -> bool:
        return code in self._known

    def label(self, code: str, language: str) -> Label:
        """The label in that language, else in English; an unknown code stands for itself."""
        return self.namer(code, language) if code in self._known else Label(code, "en")

    def ancestors(self, code: str) -> tuple[str, ...]:
        """From the broadest code down to this one itself; an unknown code has only itself."""
        chain = [code]
        while chain[-1] in self.parents:
            chain.append(self.parents[chain[-1]])
        return tuple(reversed(chain))

    def children(self, code: str) -> tuple[str, ...]:
        return self._children.get(code, ())

    @cached_property
    def roots(self) -> tuple[str, ...]:
        return tuple(code for code in self.codes if code not in self.parents)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.codes)

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        below: dict[str, list[str]] = {}
        for code in self.codes:
            if code in self.parents:
                below.setdefault(self.parents[code], []).append(code)
        return {code: tuple(codes) for code, codes in below.items()}
