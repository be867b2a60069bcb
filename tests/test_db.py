"""Questions past the ORM answer as it would, on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Select, bindparam, column, literal, select, table, union_all
from sqlalchemy.exc import DBAPIError

from catalogue.db import Database, ask, moment
from catalogue.offers import queries
from catalogue.offers.model import Offer
from catalogue.providers.model import Organisation
from tests.factories import published, titled

_SOME = (
    select(Offer.id, Offer.slug, literal(7).label("seven"))
    .where(Offer.id.in_(bindparam("ids", expanding=True)), Offer.state.in_(["published", "draft"]))
    .where(Offer.state != bindparam("state"))
    .order_by(Offer.id)
)


@pytest.fixture
def every(database: Database) -> list[str]:
    return sorted(published(database, f"C-{n}", titled(f"Kurs {n}")) for n in range(5))


def test_lists_of_any_length(database: Database, every: list[str]) -> None:
    with database.read() as session:
        for some in (every, every[:1], [], every[1:3], every[2:4]):
            found = ask(session, _SOME, {"ids": some, "state": "draft"})
            assert [row.id for row in found] == some
            assert {row.seven for row in found} <= {7}
            assert [row.slug for row in found] == list(
                session.scalars(select(Offer.slug).where(Offer.id.in_(some)).order_by(Offer.id))
            )


def test_of_two_columns_with_one_name_the_first_keeps_it(database: Database, every: list[str]) -> None:
    both = select(Offer.id, Organisation.id, Offer.slug).join(
        Organisation, Organisation.id == Offer.provider_id
    )
    with database.read() as session:
        assert sorted(row.id for row in ask(session, both)) == every
        assert sorted(queries.published(session, every)) == every


def test_several_questions_joined(database: Database) -> None:
    both = union_all(select(literal(1).label("n")), select(literal(2).label("n")))
    with database.read() as session:
        assert sorted(row.n for row in ask(session, both)) == [1, 2]


def test_an_error_of_the_driver_is_one_of_the_library(database: Database) -> None:
    nothing: Select[Any] = select(column("gone")).select_from(table("no_such_table"))
    with database.read() as session, pytest.raises(DBAPIError):
        ask(session, nothing)


def test_a_question_within_a_unit_of_work_sees_it(database: Database, every: list[str]) -> None:
    with database.write() as session:
        session.get_one(Offer, every[0]).slug = "renamed"
        session.flush()
        assert ask(session, _SOME, {"ids": every[:1], "state": "draft"})[0].slug == "renamed"


@pytest.mark.parametrize(
    "given",
    ["2026-11-29 10:00:00.000000", dt.datetime.fromisoformat("2026-11-29T12:00:00+02:00")],
)
def test_moments_are_in_utc(given: str | dt.datetime) -> None:
    assert moment(given) == dt.datetime(2026, 11, 29, 10, tzinfo=dt.UTC)
    assert moment(given).tzinfo is dt.UTC
