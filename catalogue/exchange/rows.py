"""A row of a file, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from catalogue.documents import Problem
from catalogue.i18n import N_

NO_REFERENCE: Final = N_("The provider's own reference is missing.")


@dataclass(slots=True)
class Row:
    """Its number among the rows, the line it starts on, what it says or what is wrong; the sheet it stands on."""

    number: int
    line: int
    reference: str = ""
    document: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    position: int = 0
    sheet: str = ""
