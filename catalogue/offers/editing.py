"""Use cases of the editor: begin an offer, save a part of it without overwriting others, restore, copy, roll over.

A part is some top-level keys of the content. Whoever saves says from which version the part was taken. What others
have saved since stands beside it: keys that only one side changed are joined, keys that both changed are a conflict.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from catalogue.documents import InvalidContentError, Problem
from catalogue.offers import drafts, service
from catalogue.offers.schema import load_offer
from catalogue.offers.service import REFERENCE_LENGTH, Key, NotFoundError, slug_of
from catalogue.providers.queries import Provider
from catalogue.providers.service import Saved
from catalogue.security.actor import Actor

Document = Mapping[str, Any]
TAKEN: Final = "Another offer has this reference."


class ConflictError(Exception):
    """Somebody else changed the same since. Nothing was stored.

    base: the number of their version. keys: those in conflict. mine, theirs: what each says of the part.
    settled: for the other keys of the part, whether mine is what changed.
    """

    def __init__(
        self, base: int, keys: tuple[str, ...], mine: Document, theirs: Document, settled: Mapping[str, bool]
    ) -> None:
        super().__init__(f"Changed by others in version {base}: {', '.join(keys)}.")
        self.base, self.keys, self.mine, self.theirs, self.settled = base, keys, mine, theirs, settled


@dataclass(frozen=True, slots=True)
class Part:
    """What an editor sends. keys: top-level keys it is about; those absent from `said` are no longer stated.

    base: the version it was taken from. chosen: for keys in conflict, whether mine (True) or theirs (False) holds.
    """

    keys: tuple[str, ...]
    said: Document
    base: int
    chosen: Mapping[str, bool]


def create(
    session: Session, actor: Actor, provider: Provider, reference: str, said: Document, *, at: dt.datetime
) -> Saved:
    """A new offer; an empty reference becomes one made of the title. Raises InvalidContentError, NotAllowedError."""
    actor.require("offer:save", provider.id)
    content = _confirmed(load_offer(said), {}, provider.slug)
    given = reference.strip()
    taken = drafts.references(session, provider.id, given or slug_of(content))
    if given and given in taken:
        raise InvalidContentError((Problem("reference", TAKEN),))
    key = Key(provider.slug, given or _free(slug_of(content), taken))
    return service.save_draft(session, actor, key, content, at=at)


def _free(wanted: str, taken: Collection[str]) -> str:
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted[: REFERENCE_LENGTH - 8]}-{number}"
    return found


def save_part(
    session: Session, actor: Actor, provider: Provider, offer_id: str, part: Part, *, at: dt.datetime
) -> Saved:
    """Save some keys of an offer. Raises ConflictError, InvalidContentError, StateError, NotFoundError.

    The newest version is read under the lock of the offer, so that of many who save at once each sees the one before.
    """
    service.locked(session, actor, "offer:save", offer_id)
    newest = drafts.find(session, provider.id, offer_id)
    if newest is None:
        raise NotFoundError("No such offer.")
    base = drafts.document(session, offer_id, part.base) or {}
    whole = load_offer(_with(newest.document, part.keys, part.said))
    mine = _keys_of(_confirmed(whole, newest.document, provider.slug), part.keys)
    theirs = _keys_of(newest.document, part.keys)
    takes_mine = {key: part.chosen.get(key, mine.get(key) != base.get(key)) for key in part.keys}
    conflicts = tuple(
        key
        for key in part.keys
        if takes_mine[key] and mine.get(key) != theirs.get(key) and theirs.get(key) != base.get(key)
    )
    if conflicts:
        settled = {key: takes for key, takes in takes_mine.items() if key not in conflicts}
        raise ConflictError(newest.number, conflicts, mine, theirs, settled)
    sides = [(key, mine if takes_mine[key] else theirs) for key in part.keys]
    said = _with(newest.document, part.keys, {key: side[key] for key, side in sides if key in side})
    return service.save_next(session, actor, offer_id, newest.number, said, at=at)


def _confirmed(said: dict[str, Any], before: Document, own: str) -> dict[str, Any]:
    """Awarding bodies are confirmed by themselves only: the provider here, others where they were already."""
    if "awarding_bodies" not in said:
        return said
    known = [body for body in before.get("awarding_bodies", ()) if body["status"] == "confirmed"]

    def status(body: dict[str, Any]) -> str:
        is_own = body.get("organisation") == own
        return "confirmed" if is_own or {**body, "status": "confirmed"} in known else "named"

    bodies = [{**body, "status": status(body)} for body in said["awarding_bodies"]]
    return {**said, "awarding_bodies": bodies}


def restore(
    session: Session,
    actor: Actor,
    organisation_id: str,
    offer_id: str,
    number: int,
    base: int,
    *,
    at: dt.datetime,
) -> Saved:
    """Make what an earlier version says the newest draft. base: the newest version that whoever restores has seen.

    Raises NotFoundError (none, or redacted), StaleError, StateError.
    """
    actor.require("offer:save", organisation_id)
    said = drafts.document(session, offer_id, number)
    if drafts.find(session, organisation_id, offer_id) is None or said is None:
        raise NotFoundError("No such version.")
    return service.save_next(session, actor, offer_id, base, said, at=at)


def _with(document: Document, keys: Collection[str], said: Document) -> dict[str, Any]:
    """The document with these keys as they are said now; keys that are not said leave it."""
    rest = {key: value for key, value in document.items() if key not in keys}
    return {**rest, **{key: said[key] for key in keys if key in said}}


def _keys_of(document: Document, keys: Collection[str]) -> dict[str, Any]:
    return {key: document[key] for key in keys if key in document}


# copies and years


def copied(document: Document, title: str) -> dict[str, Any]:
    """What a copy says: the same, under another title in its own language, without runs and without confirmations."""
    language = document["default_language"]
    said = {key: value for key, value in document.items() if key not in {"runs", "title", "availability"}}
    said["title"] = {language: {"text": title, "origin": "original"}}
    if bodies := document.get("awarding_bodies"):
        said["awarding_bodies"] = [{**body, "status": "named"} for body in bodies]
    return said


def rolled_over(document: Document, which: Collection[int]) -> dict[str, Any]:
    """The document with some of its runs (by position) once more, a year later.

    Dates keep their day of the week: a year is 364 days. Address of application and reference are of one run only.
    """
    runs = list(document.get("runs", ()))
    added = [later for place, later in enumerate(next_year(document)) if place in which]
    return {**document, "runs": [*runs, *added]}


def next_year(document: Document) -> list[dict[str, Any]]:
    """Every run as it would be a year later, in their order."""
    return [_next_year(run) for run in document.get("runs", ())]


def _next_year(run: Document) -> dict[str, Any]:
    later = dt.timedelta(days=364)
    moved = {key: value for key, value in run.items() if key not in {"reference", "application_url"}}
    for key in ("start", "end"):
        if key in moved:
            moved[key] = (dt.date.fromisoformat(moved[key]) + later).isoformat()
    for key in ("application_opens", "application_deadline"):
        if key in moved:
            moved[key] = (dt.datetime.fromisoformat(moved[key]) + later).isoformat(timespec="seconds")
    return moved
