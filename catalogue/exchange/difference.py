"""What a row would change, element by element, as people see it in the columns of the flat form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalogue.exchange.flat import flatten
from catalogue.offers.elements import ELEMENTS

_ELEMENT_OF: Final = {key: element.name for element in ELEMENTS for key in element.keys}
STATE: Final = "state"


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of the flat form before and after; None where it says nothing. element: see elements.py."""

    element: str
    column: str
    before: str | None
    after: str | None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """The columns that differ between two canonical documents, in the order of the new one."""
    old, new = flatten(before), flatten(after)
    for column in dict.fromkeys([*new, *old]):
        if old.get(column) != new.get(column):
            yield Difference(_element(column), column, old.get(column), new.get(column))


def _element(column: str) -> str:
    return _ELEMENT_OF.get(column.partition(".")[0], "")
