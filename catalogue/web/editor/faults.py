"""What is wrong with a field, in words for those who typed it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from catalogue.documents import Problem
from catalogue.i18n import N_, gettext_for

# The schema speaks to programs, in English; here is what it means for people.
_SENTENCES: Final[tuple[tuple[str, str], ...]] = (
    (r"Missing data for required field\.", N_("Fill in this field, or empty all fields of this item.")),
    (r"Empty text.*", N_("Fill in this field.")),
    (r"Longer than (?P<most>\d+) characters\.", N_("Use at most %(most)s characters.")),
    (r"Longer than maximum length (?P<most>\d+)\.", N_("Choose at most %(most)s.")),
    (r"Length must be between 1 and (?P<most>\d+)\.", N_("Choose at most %(most)s.")),
    (r"Holds markup; texts are plain text\.", N_("Write plain text, without HTML.")),
    (
        r"Holds control or unreadable characters\.",
        N_("There are characters that cannot be shown; type it anew."),
    ),
    (r"Not a web address.*", N_("Enter a whole address, such as https://www.example.org/.")),
    (r"Not an e-mail address\.", N_("Enter an e-mail address, such as name@example.org.")),
    (r"Not a number\.", N_("Enter a number, such as 2.5.")),
    (r"Not a whole number\.", N_("Enter a whole number.")),
    (r"More than two decimals\.", N_("Use at most two decimals.")),
    (r"Not between (?P<low>\S+) and (?P<high>\S+)\.", N_("Enter a number from %(low)s to %(high)s.")),
    (r"Not a date such as 2027-03-01\.", N_("Enter a date, such as 2027-03-01.")),
    (r"Not a date, nor a moment .*", N_("Enter a date, with or without a time, such as 2027-03-01T18:00.")),
    (
        r"The moment lacks its offset .*",
        N_("Enter a date, with or without a time, such as 2027-03-01T18:00."),
    ),
    (r"Not a plausible year\.", N_("This year cannot be right.")),
    (r"Not a duration .*", N_("Enter a number, and choose weeks, days, months or hours.")),
    (r"Ends before it starts\.", N_("It ends before it begins.")),
    (r"The deadline lies before the opening .*", N_("The deadline lies before applications open.")),
    (r"Offered until a day before .*", N_("It ends before it begins.")),
    (r"Unknown code .* of nuts\.", N_("No region, or more than one, is called so; enter its NUTS code.")),
    (r"Not a currency code .*", N_("Enter three letters, such as EUR.")),
    (r"A price has .*", N_("Enter amount and currency, or say that it is free.")),
    (r"Either free or an amount\.", N_("It is either free, or it costs something.")),
    (r"A basis needs an EQF level\.", N_("Choose an EQF level first.")),
    (
        r"State either `organisation`.*",
        N_("Either choose an organisation of this catalogue, or name another one."),
    ),
    (r"State the `offer` or the `title`.*", N_("Enter the offer or the title of what it stacks towards.")),
    (r"Lacks the title in the default language\.", N_("Enter the title in the language of the original.")),
    (r"Not a slug .*", N_("No organisation of this catalogue is called so.")),
    (r"Not `provider/reference`\.", N_("Enter provider and reference, such as university-x/NUR-1.")),
    (r"Another offer has this reference\.", N_("Another offer of yours has this reference.")),
    (r"1 to (?P<most>\d+) printable characters\.", N_("Use at most %(most)s characters.")),
    (
        r"Exactly this content had to be removed \((?P<reason>.*)\)\.",
        N_("Exactly this text had to be removed: %(reason)s"),
    ),
    (
        (
            r"Unknown code .*|Must be one of.*|Neither true nor false\.|Unknown origin.*|Unknown language.*"
            r"|Not the URI of an ESCO skill\.|Not a section .*|A value stands twice\."
        ),
        N_("Choose one of the values offered."),
    ),
    (
        r"Not a valid (string|list|mapping type)\.|Not a text.*|Invalid .*|Unknown key.*",
        N_("This cannot be read; type it anew."),
    ),
)
_KNOWN: Final = tuple((re.compile(pattern, re.DOTALL), message) for pattern, message in _SENTENCES)


class UnspokenError(LookupError):
    """A message of the schema has no sentence for people."""


def sentence(message: str, language: str) -> str:
    """Raises UnspokenError, so that no message stays English unnoticed."""
    for pattern, said in _KNOWN:
        if found := pattern.fullmatch(message):
            return (
                gettext_for(language)(said) % found.groupdict()
                if "%(" in said
                else gettext_for(language)(said)
            )
    raise UnspokenError(message)


def by_field(problems: Iterable[Problem], fields_of: Mapping[str, str], language: str) -> dict[str, str]:
    """Sentences by the field that each problem is about, in the order of the form."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(field_at(problem.place, fields_of), sentence(problem.message, language))
    order = {name: number for number, name in enumerate(fields_of.values())}
    return dict(sorted(found.items(), key=lambda entry: _rank(entry[0], order)))


def _rank(name: str, order: Mapping[str, int]) -> int:
    while name not in order and "." in name:
        name = name.rpartition(".")[0]
    return order.get(name, len(order))


def field_at(place: str, fields_of: Mapping[str, str]) -> str:
    """The field of a place: its own, or that of the nearest thing around it, with the language of a text."""
    around, rest = place, ""
    while around not in fields_of and around:
        cut = max(around.rfind("."), around.rfind("["))
        around, rest = (around[:cut], around[cut:] + rest) if cut > 0 else ("", around + rest)
    if not around:
        return place
    name = fields_of[around]
    return name + rest if rest.startswith(".") and len(rest) == 3 else name  # noqa: PLR2004 (.de)
