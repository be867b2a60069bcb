"""The controlled lists an offer is described with: codes, their order and hierarchy, labels, official URIs.

Codes are what is stored, exchanged and put in addresses; labels are for people, in the language asked for or,
failing that, in English. `vocabulary(name)` is the way in; `data/SOURCES.md` says where the lists come from.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Final

from catalogue.i18n import gettext_for, is_translated
from catalogue.vocabularies import files, uris
from catalogue.vocabularies.messages import MESSAGES
from catalogue.vocabularies.model import Label, Vocabulary

__all__ = [
    "NAMES",
    "NOT_STATED",
    "Label",
    "Vocabulary",
    "country_of_nuts",
    "not_stated",
    "sectors_in_rev21",
    "uri",
    "vocabulary",
]

NOT_STATED: Final = "not-stated"

_FILES: Final = {
    "country": files.country,
    "isced": files.isced,
    "language": files.language,
    "nace": files.nace,
    "nace-rev2": files.nace_rev2,
    "nuts": files.nuts,
}

NAMES: Final[tuple[str, ...]] = tuple(sorted([*MESSAGES, *_FILES]))


@cache
def _build(name: str) -> Vocabulary:
    if name in _FILES:
        return _FILES[name]()
    return Vocabulary(name, tuple(MESSAGES[name]), partial(_message_label, name))


def _message_label(name: str, code: str, language: str) -> Label:
    message = MESSAGES[name][code]
    if not is_translated(message, language):
        return Label(message, "en")
    return Label(gettext_for(language)(message), language)


def vocabulary(name: str) -> Vocabulary:
    """The list of that name, loaded once; KeyError for a name not in NAMES."""
    if name not in NAMES:
        raise KeyError(name)
    return _build(name)


def not_stated(language: str) -> Label:
    """How every list says that nothing is stated."""
    return _message_label(NOT_STATED, NOT_STATED, language)


def uri(name: str, code: str) -> str | None:
    """The official URI of a code; None where there is none or the code is unknown."""
    return uris.official(name, code) if vocabulary(name).known(code) else None


# Rev. 2.1 splits information and communication (J) in two and moves every section after it by one letter.
_REV2_SPLIT: Final = {"J": ("J", "K")}
_LAST_UNMOVED: Final = "I"


def sectors_in_rev21(code: str, revision: str) -> tuple[str, ...]:
    """NACE sections of Rev. 2.1 that a section covers; empty for an unknown section or revision."""
    if revision == "2.1":
        return (code,) if vocabulary("nace").known(code) else ()
    if revision != "2" or not vocabulary("nace-rev2").known(code):
        return ()
    moved = code if code <= _LAST_UNMOVED else chr(ord(code) + 1)
    return _REV2_SPLIT.get(code, (moved,))


# NUTS follows the EU's own habit for two countries; everything else here speaks ISO 3166-1.
_NUTS_COUNTRIES: Final = {"EL": "GR", "UK": "GB"}


def country_of_nuts(code: str) -> str:
    """The ISO 3166-1 alpha-2 country a NUTS code lies in."""
    return _NUTS_COUNTRIES.get(code[:2], code[:2])
