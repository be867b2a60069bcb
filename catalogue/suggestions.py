"""What somebody may mean who is still typing: offers, providers and concepts.

Offers and concepts are found by the index and by the vocabularies; names of providers are kept in the process, as
they are few and change rarely.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from heapq import nsmallest
from typing import Any, Final
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.orm import Session

from catalogue.changes.model import Change
from catalogue.concepts import suggesting
from catalogue.concepts.kept import STAMP, Stamp
from catalogue.db import ask
from catalogue.i18n import N_, country_name, gettext_for
from catalogue.offers import queries
from catalogue.offers.labels import pick, provider_label
from catalogue.offers.model import Offer
from catalogue.providers import queries as providers
from catalogue.providers.model import Organisation
from catalogue.providers.queries import Provider
from catalogue.vocabularies import Label
from search.engine import Engine
from search.query import SearchQuery
from search.results import Titled
from search.text import collation_key, fold

SHORTEST: Final = 2
LONGEST: Final = 100
LOOKED_AT: Final = 10  # offers
# At most so many of each kind, in this order.
MOST: Final[Mapping[str, int]] = {"offers": 5, "providers": 3, "concepts": 5}
LABELS: Final[Mapping[str, str]] = {
    "offers": N_("Offers"),
    "providers": N_("Providers"),
    "concepts": N_("Topics"),
}
KINDS: Final[Mapping[str, str]] = {
    "skill": N_("Skill (ESCO)"),
    "occupation": N_("Occupation"),
    "isced": N_("Subject"),
    "nace": N_("Sector"),
}
_WORD: Final = re.compile(r"\w+")
_LAST: Final = "\U0010ffff"  # sorts behind every letter


@dataclass(frozen=True, slots=True)
class Suggestion:
    """id: an offer's id, a provider's slug, a concept's URI. path: of its page. kind: of a concept."""

    id: str
    label: Label
    path: str
    detail: Label | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Suggestions of one kind (`offers`, `providers`, `concepts`), the likeliest first."""

    kind: str
    label: str
    items: tuple[Suggestion, ...]


def suggest(
    session: Session, engine: Engine, query: SearchQuery, language: str, *, as_of: dt.datetime, limit: int
) -> list[Group]:
    """Groups that have something to suggest, each of at most `limit`. Raises IndexUnavailableError."""
    titled = engine.suggest(replace(query, page_size=LOOKED_AT), as_of=as_of, enough=MOST["offers"])
    state = _state(session, [document.id for document in titled])
    names, most = (
        _all_names(session, state.change),
        {kind: min(number, limit) for kind, number in MOST.items()},
    )
    found = {
        "offers": _offers(session, titled, state.offers, query.text, language, names)[: most["offers"]],
        "providers": _providers(names, query.text, language, most["providers"]),
        "concepts": _concepts(session, engine, query.text, language, most["concepts"], state.concepts),
    }
    gettext = gettext_for(language)
    return [Group(kind, gettext(LABELS[kind]), tuple(items)) for kind, items in found.items() if items]


# What the database knows ---------------------------------------------------------------------------------------

_ONE: Final = select(literal(1)).subquery()
# Everything in one question: to ask costs more than to answer. A row for each offer, or one without an offer.
# Of changes both: on PostgreSQL a lower id may be committed after a higher one, but it then gets a position.
# The state of offers is asked for, not for a state: see `queries.published`.
_STATE: Final = select(
    select(func.max(Change.id)).scalar_subquery(),
    select(func.max(Change.position)).scalar_subquery(),
    *STAMP,
    Offer.id,
    Offer.slug,
    Offer.published_version,
    Offer.provider_id,
    Offer.state,
).select_from(_ONE.outerjoin(Offer, Offer.id.in_(bindparam("ids", expanding=True))))
_CHANGE: Final = slice(0, 2)
_CONCEPTS: Final = slice(2, 2 + len(STAMP))


@dataclass(frozen=True, slots=True)
class _State:
    """The last change, what the vocabularies are, and the rows of some offers by id, whatever their state."""

    change: tuple[int | None, int | None]
    concepts: Stamp
    offers: Mapping[str, Any]


def _state(session: Session, ids: Sequence[str]) -> _State:
    rows = ask(session, _STATE, {"ids": ids})
    return _State(
        tuple(rows[0][_CHANGE]),
        Stamp(*rows[0][_CONCEPTS]),
        {row.id: row for row in rows if row.id is not None},
    )


# Offers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Title:
    """The title of a version by language."""

    texts: Mapping[str, str]
    default_language: str

    def label(self, language: str) -> Label:
        shown = pick(self.texts, language, self.default_language)
        if shown is None:
            raise AssertionError("A published offer without a title.")
        return Label(self.texts[shown], shown)


def _offers(
    session: Session,
    titled: Sequence[Titled],
    rows: Mapping[str, Any],
    text: str,
    language: str,
    names: _Names,
) -> list[Suggestion]:
    """Offers with a title that shows what is typed.

    What is hidden from the engine drops out here, as the database knows the state of the few offers that are looked
    at, and what the words stand for is suggested by itself.
    """
    public = [
        document for document in titled if document.id in rows and rows[document.id].state == "published"
    ]
    titles = _titles(session, [(rows[found.id].published_version, found) for found in public], text)
    return [
        _offer(rows[found.id], titles[found.id], names.known, language)
        for found in public
        if found.id in titles
    ]


def _titles(session: Session, found: Sequence[tuple[int, Titled]], text: str) -> dict[str, _Title]:
    """The titles by id, with the version that is public of each. Where the index knows another one, the title of
    today is read, which must be the same or show what is typed.
    """
    titles = {titled.id: _Title(titled.titles, titled.default_language) for _, titled in found}
    newer = [titled.id for version, titled in found if titled.version // queries.VERSION_FACTOR != version]
    if not newer:
        return titles
    words = _words(text)
    for (offer_id, _), read in queries.titles(session, newer).items():
        title = _Title(
            {language: entry.text for language, entry in read.title.items()}, read.default_language
        )
        if title.texts == titles[offer_id].texts or any(map(partial(_begin, words), title.texts.values())):
            titles[offer_id] = title
        else:
            del titles[offer_id]
    return titles


def _offer(row: Any, title: _Title, names: Mapping[str, _Named], language: str) -> Suggestion:
    provider = names[row.provider_id]
    return Suggestion(
        row.id, title.label(language), f"/{language}/offers/{row.id}/{row.slug}", provider.label(language)
    )


# Concepts ------------------------------------------------------------------------------------------------------


def _concepts(
    session: Session, engine: Engine, text: str, language: str, limit: int, stamp: Stamp
) -> list[Suggestion]:
    carried = partial(engine.lexicon().knows, "concept")
    found = suggesting.suggest(session, text, language, limit, carried, stamp)
    return [_concept(concept, language) for concept in found]


def _concept(concept: suggesting.Suggestion, language: str) -> Suggestion:
    """A concept leads to the search for its name."""
    gettext = gettext_for(language)
    kind = gettext(KINDS[concept.kind])
    if concept.matched:
        kind = gettext(N_("%(kind)s, also “%(name)s”")) % {"kind": kind, "name": concept.matched}
    return Suggestion(
        concept.uri,
        Label(concept.label, concept.language),
        f"/{language}/search?{urlencode({'q': concept.label})}",
        Label(kind, language),
        concept.kind,
    )


# Providers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Named:
    """A provider as far as suggestions need it. names: in all languages, the one for everybody else first."""

    slug: str
    version: int
    names: tuple[Label, ...]
    town: str | None
    country: str

    def label(self, language: str) -> Label:
        return next((name for name in self.names if name.language == language), self.names[0])

    def detail(self, language: str, words: list[str]) -> Label:
        """The name that was typed, where it is not the one that is shown; else where the provider is."""
        shown = self.label(language)
        if not _begin(words, shown.text):
            typed = next((name for name in self.names if _begin(words, name.text)), None)
            if typed is not None:
                return typed
        country = country_name(self.country, language)
        return Label(f"{self.town}, {country}" if self.town else country, language)


def _named(provider: Provider) -> _Named:
    content = provider.content
    names = [Label(text.text, language) for language, text in content.names.items()]
    # No language has the code "": this is the name for those whose language has none.
    everybody = provider_label(provider, "")
    legal = Label(content.legal_name, content.default_language)
    return _Named(
        provider.slug,
        provider.version,
        tuple(dict.fromkeys([everybody, *names, legal])),
        content.town,
        content.country,
    )


class _Names:
    """The words of all names in the order of letters, for looking up how they begin."""

    def __init__(self, stamp: Any, known: Mapping[str, _Named]) -> None:
        self.stamp, self.known = stamp, known
        self._places: dict[str, list[int]] = {}

    @cached_property
    def _providers(self) -> list[_Named]:
        return list(self.known.values())

    @cached_property
    def _words(self) -> list[tuple[str, int, bool]]:
        """Word, number of the provider, whether the word does not begin a name: such ones come later."""
        words = {
            (word, number, place > 0)
            for number, provider in enumerate(self._providers)
            for name in provider.names
            for place, word in enumerate(_words(name.text))
        }
        return sorted(words)

    def _place(self, language: str) -> list[int]:
        """The place of each provider in the alphabet of a language."""
        if language not in self._places:
            ranked = sorted(
                range(len(self._providers)),
                key=lambda number: collation_key(self._providers[number].label(language).text, language),
            )
            places = [0] * len(ranked)
            for place, number in enumerate(ranked):
                places[number] = place
            self._places[language] = places
        return self._places[language]

    def beginning(self, words: list[str], language: str, limit: int) -> list[_Named]:
        """Providers of which each word begins a word of a name; first those whose name begins with the first."""
        found = [self._having(word) for word in words]
        if max(map(len, words), default=0) < SHORTEST:
            return []
        first, place = found[0], self._place(language)
        numbers = first.keys() & set[int].intersection(*(set(others) for others in found))
        ranked = nsmallest(limit, numbers, key=lambda number: (first[number], place[number]))
        return [self._providers[number] for number in ranked]

    def _having(self, prefix: str) -> dict[int, bool]:
        """Providers by number, and whether no name of theirs begins so."""
        start, end = (bisect_left(self._words, (edge,)) for edge in (prefix, prefix + _LAST))
        later: dict[int, bool] = {}
        for _, number, is_later in self._words[start:end]:
            later[number] = later.get(number, True) and is_later
        return later


_names: WeakKeyDictionary[Any, _Names] = WeakKeyDictionary()


def _all_names(session: Session, stamp: tuple[int | None, int | None]) -> _Names:
    """The names of all providers, as the session sees them: read again when the change log has moved."""
    before = _names.get(session.connection().engine)
    if before is not None and before.stamp == stamp:
        return before
    known = _reread(session, before.known if before else {})
    if before is not None and known == before.known:
        before.stamp = stamp
        return before
    _names[session.connection().engine] = read = _Names(stamp, known)
    return read


def _reread(session: Session, known: Mapping[str, _Named]) -> dict[str, _Named]:
    """All providers by id; those that are known in their version in force are not read again."""
    versions = {row[0]: row[1] for row in session.execute(select(Organisation.id, Organisation.version))}
    kept = {
        key: known[key] for key, version in versions.items() if key in known and known[key].version == version
    }
    missing = providers.by_ids(session, versions.keys() - kept.keys())
    return kept | {key: _named(provider) for key, provider in missing.items()}


def _providers(names: _Names, text: str, language: str, limit: int) -> list[Suggestion]:
    words = _words(text)
    return [
        Suggestion(
            provider.slug,
            provider.label(language),
            f"/{language}/providers/{provider.slug}",
            provider.detail(language, words),
        )
        for provider in names.beginning(words, language, limit)
    ]


def _words(text: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(text)]


def _begin(words: list[str], name: str) -> bool:
    """Whether each of the words begins a word of the name."""
    return all(any(other.startswith(word) for other in _words(name)) for word in words)
