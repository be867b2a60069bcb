"""Load the invented seed data: one readable file per provider, with dates relative to the day of seeding."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue import plain_yaml
from catalogue.concepts.packaged import ensure_packaged
from catalogue.db import Database
from catalogue.documents import InvalidContentError, Problem
from catalogue.offers import service
from catalogue.offers.model import Offer
from catalogue.providers import service as providers
from catalogue.providers.model import Organisation
from catalogue.security.actor import Actor
from catalogue.settings import ROOT

DIRECTORY: Final = ROOT / "seed_data" / "providers"
_RELATIVE: Final = re.compile(r"[+-]\d{1,5}d")


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many offers were published new, published again, or left as they were."""

    new: int
    renewed: int
    unchanged: int


def files(directory: Path = DIRECTORY) -> list[Path]:
    return sorted(directory.glob("*.yaml"))


def read(path: Path, as_of: dt.date) -> dict[str, Any]:
    """One seed file with its dates made absolute."""
    data: dict[str, Any] = absolute(plain_yaml.read(path.read_text("utf-8")), as_of)
    return data


def absolute(value: Any, as_of: dt.date) -> Any:
    """The same data with every `"+45d"` replaced by a date."""
    if isinstance(value, Mapping):
        return {key: absolute(entry, as_of) for key, entry in value.items()}
    if isinstance(value, list):
        return [absolute(entry, as_of) for entry in value]
    if isinstance(value, str) and _RELATIVE.fullmatch(value):
        return (as_of + dt.timedelta(days=int(value[:-1]))).isoformat()
    return value


def is_empty(session: Session) -> bool:
    return not session.scalar(select(func.count()).select_from(Organisation))


def seed(
    database: Database,
    actor: Actor,
    *,
    as_of: dt.date,
    at: dt.datetime,
    refresh: bool = False,
    directory: Path = DIRECTORY,
    report: Callable[[int, int], None] = lambda _done, _all: None,
) -> Seeded:
    """Publish the seed offers. Offers that exist already stay as they are unless `refresh` asks for new dates;
    what an operator has withdrawn stays withdrawn. The concepts the offers carry get their labels. Raises
    InvalidContentError naming the file.
    """
    ensure_packaged(database)
    counts = {"new": 0, "renewed": 0, "unchanged": 0}
    paths = files(directory)
    for done, path in enumerate(paths, start=1):
        data = read(path, as_of)
        with database.write() as session:
            for outcome in _provider(session, actor, path, data, at, refresh=refresh):
                counts[outcome] += 1
        report(done, len(paths))
    return Seeded(**counts)


def _provider(
    session: Session, actor: Actor, path: Path, data: dict[str, Any], at: dt.datetime, *, refresh: bool
) -> Iterator[str]:
    slug = data["provider"]["slug"]
    try:
        if refresh or _is_new(session, slug):
            providers.save(session, actor, data["provider"], at=at, verified=True)
        known = _known(session, slug)
        for number, entry in enumerate(data["offers"]):
            offer = dict(entry)
            reference = offer.pop("reference")
            place = f"{path.name} offers[{number}] {reference}"
            yield _offer(
                session, actor, service.Key(slug, reference), offer, at, known.get(reference), refresh=refresh
            )
    except InvalidContentError as error:
        place = locals().get("place", f"{path.name} provider")
        raise InvalidContentError(
            tuple(Problem(f"{place}: {p.place}", p.message) for p in error.problems)
        ) from error


def _is_new(session: Session, slug: str) -> bool:
    return session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is None


def _known(session: Session, slug: str) -> dict[str, str]:
    """States of the provider's offers by reference."""
    query = select(Offer.reference, Offer.state).join(Organisation, Organisation.id == Offer.provider_id)
    return {row[0]: row[1] for row in session.execute(query.where(Organisation.slug == slug))}


def _offer(
    session: Session,
    actor: Actor,
    key: service.Key,
    document: dict[str, Any],
    at: dt.datetime,
    state: str | None,
    *,
    refresh: bool,
) -> str:
    if state is not None and (not refresh or state != "published"):
        return "unchanged"
    saved = service.save_draft(session, actor, key, document, at=at)
    # The seed shows thin offers on purpose, so it is published under the lenient policy.
    published = service.publish(session, actor, saved.id, "minimal", at=at)
    if state is None:
        return "new"
    return "renewed" if published.changed else "unchanged"
