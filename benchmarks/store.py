"""Write a corpus into the real tables: canonical documents in bulk, without the use cases' queries for each."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

import orjson
from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.corpus import Corpus, Made
from benchmarks.offer import Lengths
from benchmarks.shape import Document, slug_of
from benchmarks.words import all_words
from benchmarks.workers import in_order
from catalogue.changes.model import Change
from catalogue.db import Base, Database
from catalogue.documents import checksum
from catalogue.migrate import upgrade
from catalogue.offers.model import Offer, OfferRelation, OfferVersion
from catalogue.offers.schema import SCHEMA_VERSION, content_of, load_offer
from catalogue.offers.service import relations_of
from catalogue.offers.service import slug_of as readable
from catalogue.providers.model import Organisation, OrganisationVersion
from catalogue.providers.schema import load_organisation

Row = dict[str, Any]
Rows = dict[type[Base], list[Row]]
AUTHOR: Final = "benchmark"
BATCH: Final = 1_000
SAMPLE: Final = 200


class CorpusError(Exception):
    """A made-up document is not what the schema calls canonical."""


def check(corpus: Corpus, sample: int = SAMPLE) -> int:
    """Validate a sample through the schema and compare what was written quickly with what the services write.

    Returns how many documents were checked. Raises CorpusError, InvalidContentError.
    """
    numbers = random.Random(corpus.seed).sample(range(corpus.size), min(sample, corpus.size))
    for number in numbers:
        document = corpus.offer(number).document
        if load_offer(document) != document:
            raise CorpusError(f"Offer {number} is not canonical.")
        if digest(document) != checksum(document):
            raise CorpusError(f"Offer {number} has another checksum.")
        _check_relations(document)
    for document in islice(corpus.provider_documents(), sample):
        if load_organisation(document) != document:
            raise CorpusError(f"Provider {document['slug']} is not canonical.")
    return len(numbers)


def _check_relations(document: Document) -> None:
    wanted = relations_of("id", content_of(document))
    columns = OfferRelation.__table__.columns.keys()
    if [{name: getattr(row, name) for name in columns} for row in wanted] != _relations("id", document):
        raise CorpusError(f"Other relations than the service's: {document['title']}")


def digest(document: Mapping[str, Any]) -> str:
    """The checksum, from sorted JSON: the same as RFC 8785 for these documents, and many times faster."""
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()


def write(corpus: Corpus, database: Database, first: int = 0, last: int | None = None) -> None:
    """Fill an empty database, or go on with one that has the offers before `first`; up to `last`, not included."""
    ids = provider_ids(corpus)
    if first == 0:
        upgrade(database)
        with database.write() as session:
            _write_providers(session, corpus, ids)
    last = corpus.size if last is None else last
    numbers = [range(start, min(start + BATCH, last)) for start in range(first, last, BATCH)]
    given = (corpus.size, corpus.as_of, corpus.seed, corpus.lengths, ids)
    for rows in in_order(numbers, _rows_of, _begin, given):
        with database.write() as session:
            _insert(session, rows)
    # With its last connection SQLite brings the log into the database.
    database.close()


_here: dict[str, Any] = {}


def _begin(offers: int, as_of: dt.date, seed: int, lengths: Lengths, ids: list[str]) -> None:
    """What a process needs that makes rows."""
    _here["corpus"], _here["ids"] = Corpus(all_words(), offers, as_of, seed, lengths), ids


def _rows_of(numbers: range) -> Rows:
    corpus, ids = _here["corpus"], _here["ids"]
    return _offer_rows([corpus.offer(number) for number in numbers], ids, len(ids) + numbers.start)


def provider_ids(corpus: Corpus) -> list[str]:
    """In the order of numbers."""
    return [uuid7(_founded(corpus), f"{corpus.seed} provider {number}") for number in range(corpus.providers)]


def _founded(corpus: Corpus) -> dt.datetime:
    return dt.datetime.combine(corpus.as_of, dt.time(), dt.UTC) - dt.timedelta(days=1000)


def _insert(session: Session, rows: Rows) -> None:
    for model, entries in rows.items():
        if entries:
            session.execute(insert(model), entries)


def _write_providers(session: Session, corpus: Corpus, ids: list[str]) -> None:
    at = _founded(corpus)
    rows: Rows = {Organisation: [], OrganisationVersion: [], Change: []}
    for number, document in enumerate(corpus.provider_documents()):
        identity = ids[number]
        rows[Organisation].append(
            {"id": identity, "slug": slug_of(number), "version": 1, "verified": True, "changed_at": at}
        )
        version = _version_row(document, at) | {"organisation_id": identity}
        rows[OrganisationVersion].append(version)
        rows[Change].append(_change("organisation", identity, number + 1, at))
    _insert(session, rows)


def _offer_rows(batch: list[Made], providers: list[str], position: int) -> Rows:
    rows: Rows = {Offer: [], OfferVersion: [], OfferRelation: [], Change: []}
    for place, made in enumerate(batch, start=position + 1):
        identity = uuid7(made.published_at, made.reference)
        rows[Offer].append(_offer_row(identity, providers[made.provider], made))
        version = _version_row(made.document, made.published_at)
        rows[OfferVersion].append(
            version | {"offer_id": identity, "published_at": made.published_at, "redaction_reason": None}
        )
        rows[OfferRelation] += _relations(identity, made.document)
        rows[Change].append(_change("offer", identity, place, made.published_at))
    return rows


def _offer_row(identity: str, provider: str, made: Made) -> Row:
    return {
        "id": identity,
        "provider_id": provider,
        "reference": made.reference,
        "slug": readable(made.document),
        "state": "published",
        "draft_version": 1,
        "published_version": 1,
        "first_published_at": made.published_at,
        "changed_at": made.published_at,
        "withdrawal_reason": None,
    }


def _version_row(document: Document, at: dt.datetime) -> Row:
    return {
        "number": 1,
        "schema_version": SCHEMA_VERSION,
        "content": document,
        "checksum": digest(document),
        "author": AUTHOR,
        "created_at": at,
    }


def _change(kind: str, subject: str, position: int, at: dt.datetime) -> Row:
    return {
        "position": position,
        "kind": kind,
        "subject_id": subject,
        "version": 1,
        "action": "published",
        "at": at,
    }


def _relations(identity: str, document: Document) -> list[Row]:
    """What `relations_of` says, without typing the whole content first."""
    groups = (
        ("awarding-body", document.get("awarding_bodies", ()), "status"),
        ("stacks-towards", document.get("stackability", {}).get("towards", ()), "stated_by"),
        ("recognised-by", document.get("recognition", ()), "status"),
    )
    return [
        {
            "offer_id": identity,
            "role": role,
            "position": position,
            "organisation_slug": party.get("organisation"),
            "target_offer": None,
            "status": party[status],
        }
        for role, parties, status in groups
        for position, party in enumerate(parties)
    ]


def uuid7(at: dt.datetime, seed: str) -> str:
    """A UUIDv7 that is the same on every run."""
    bits = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=10).digest(), "big")
    number = (
        int(at.timestamp() * 1000) << 80 | 0x7 << 76 | (bits >> 68) << 64 | 0x2 << 62 | bits & (1 << 62) - 1
    )
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
