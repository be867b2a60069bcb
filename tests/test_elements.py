"""Every element once: content, completeness and search document cover what an offer can say."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from marshmallow import fields

from catalogue.fields import (
    Amount,
    Code,
    Codes,
    Day,
    Duration,
    Email,
    Flag,
    Moment,
    MultilingualText,
    WebLink,
)
from catalogue.offers.content import OfferContent
from catalogue.offers.document import search_document
from catalogue.offers.elements import ELEMENTS
from catalogue.offers.facets import COUNTED, FACETS
from catalogue.offers.schema import OfferSchema, load_offer
from catalogue.vocabularies import vocabulary
from search.document import SearchDocument
from tests.factories import complete_offer, minimal_offer, provider_document, published_offer

# Part of an offer that no search looks at, and why. Whatever is not here must change the search document.
NOT_SEARCHED = {
    "an address to follow, not to search": {
        "assessment.criteria_url",
        "level.register_url",
        "quality_assurance.internal.url",
        "quality_assurance.external.url",
        "stackability.towards.url",
        "further_information.links.url",
        "recognition.url",
        "runs.application_url",
        "funding.registry_url",
        "links.homepage",
        "links.application",
        "links.contact.email",
        "links.contact.phone",
        "links.contact.url",
    },
    "a detail of another value that is searched; shown on the page": {
        "issuer.country",
        "issuer_places.town",
        "awarding_bodies.country",
        "awarding_bodies.status",
        "learning_outcomes.type",
        "workload.hours_kind",
        "workload.other_system.points",
        "level.nqf_level",
        "assessment.assessor",
        "quality_assurance.internal.scope",
        "quality_assurance.external.scope",
        "quality_assurance.external.basis",
        "quality_assurance.external.checked_on",
        "quality_assurance.external.valid_until",
        "stackability.towards.ects",
        "stackability.towards.stated_by",
        "stackability.towards.country",
        "stackability.towards.offer",
        "recognition.country",
        "recognition.ects",
        "recognition.date",
        "recognition.valid_until",
        "recognition.regulated_profession",
        "runs.reference",
        "runs.seats",
        "designed_with.kind",
        "funding.country",
        "funding.basis",
        "funding.valid_until",
        "runs.price.note",
        "price.note",
    },
    "a condition that is read as a whole, with the text beside it": {
        "entry_requirements.minimum_eqf",
        "entry_requirements.languages.language",
        "entry_requirements.languages.cefr",
        "entry_requirements.minimum_age",
        "entry_requirements.employment_status",
    },
    "an element that the issue asks no filter for": {
        "prior_learning",
        "assessment_languages",
        "setting",
        "duration",
        "credential.formats",
        "credential.validity",
        "availability.offered_from",
        "availability.offered_until",
        "availability.last_reviewed",
        "availability.next_review",
        "licence",
        "reuse_consent",
    },
    "an organisation of this catalogue, which is found by its own name": {
        "awarding_bodies.organisation",
        "recognition.organisation",
        "stackability.towards.organisation",
    },
}


def test_every_key_of_the_content_belongs_to_exactly_one_element() -> None:
    keys = Counter(key for element in ELEMENTS for key in element.keys)
    assert keys == Counter(field.name for field in dataclasses.fields(OfferContent))


def test_the_names_of_elements_are_unique() -> None:
    assert len({element.name for element in ELEMENTS}) == len(ELEMENTS)


def test_the_sixteen_elements_of_annex_i_are_there() -> None:
    """Seven that are mandatory for the offer (with title and issuer's place nine), optional ones, issued ones."""
    sources = Counter(element.source for element in ELEMENTS)
    assert sources["mandatory"] == 9
    assert sources["optional"] == 4
    assert sources["issued"] == 3


@pytest.mark.parametrize("element", [e for e in ELEMENTS if e.stated], ids=lambda element: element.name)
def test_an_element_is_stated_by_the_complete_offer_and_by_no_empty_one(element: Any) -> None:
    full = published_offer()
    assert element.stated(full.content, full.provider.content)
    bare = OfferContent("de", {})
    nobody = dataclasses.replace(
        full.provider.content, country="", quality_assurance=type(bare.quality_assurance)()
    )
    assert not element.stated(bare, nobody)


def leaves(
    schema: Any, document: dict[str, Any], path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Path and field of everything a document says."""
    for name, value in document.items():
        field = schema.fields[name]
        inner = field.inner if isinstance(field, fields.List) else field
        if not isinstance(inner, fields.Nested):
            yield (*path, name), field
        elif isinstance(value, list):
            for number, entry in enumerate(value):
                yield from leaves(inner.schema, entry, (*path, name, number))
        else:
            yield from leaves(inner.schema, value, (*path, name))


def another(field: Any, value: Any, path: str) -> Any:
    """Another possible value of a field."""
    if path in OTHERS:
        return OTHERS[path]
    for kinds, other in CHANGES:
        if isinstance(field, kinds):
            return other(field, value)
    choices = [choice for validator in field.validators for choice in getattr(validator, "choices", ())]
    return next((choice for choice in choices if choice != value), f"{value} anders")


def _next_day(value: str) -> str:
    """The same date or moment a day later."""
    day = dt.date.fromisoformat(value[:10]) + dt.timedelta(days=1)
    return day.isoformat() + value[10:]


# Where any other value will not do, because the codes are few or the parts belong together.
OTHERS: dict[str, Any] = {
    "default_language": "en",
    "learning_outcomes.skills": ["http://data.europa.eu/esco/skill/00000000-0000-0000-0000-000000000002"],
    "sectors.code": "Q",
    "sectors.revision": "2",
    "awarding_bodies.organisation": "akademie-anders",
    "recognition.organisation": "akademie-anders",
    "stackability.towards.organisation": "akademie-anders",
    "price.currency": "SEK",
    "runs.price.currency": "SEK",
}
# A price is free or has an amount: the flag cannot change alone.
FREE = ("price.free", "runs.price.free")


def _another_code(name: str, values: list[str]) -> str:
    return next(code for code in reversed(vocabulary(name).codes) if code not in values)


CHANGES: tuple[tuple[Any, Callable[[Any, Any], Any]], ...] = (
    (MultilingualText, lambda _, value: {**value, "de": {"text": "Ganz anders", "origin": "original"}}),
    (Codes, lambda field, value: [_another_code(field.inner.name_of_vocabulary, value)]),
    (Code, lambda field, value: _another_code(field.name_of_vocabulary, [value])),
    (Flag, lambda _, value: not value),
    (Amount, lambda _, value: value + 1),
    ((Day, Moment), lambda _, value: _next_day(value)),
    (Duration, lambda _field, _value: "P1Y"),
    (Email, lambda _, value: f"x{value}"),
    (WebLink, lambda _, value: f"{value}x"),
)


def _with(document: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    result = copy.deepcopy(document)
    here: Any = result
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return result


def _named(path: tuple[str | int, ...]) -> str:
    return ".".join(step for step in path if isinstance(step, str))


def _places() -> dict[str, list[tuple[tuple[str | int, ...], Any]]]:
    """Every name of the complete offer with all the places where it stands."""
    places: dict[str, list[tuple[tuple[str | int, ...], Any]]] = {}
    for path, field in leaves(OfferSchema(), complete_offer()):
        places.setdefault(_named(path), []).append((path, field))
    return places


PLACES = _places()
EXCEPTIONS = {name for names in NOT_SEARCHED.values() for name in names}


def _changed_at(name: str, path: tuple[str | int, ...], field: Any) -> dict[str, Any]:
    if name in FREE:
        return _with(complete_offer(), path[:-1], {"free": True})
    value: Any = complete_offer()
    for step in path:
        value = value[step]
    return _with(complete_offer(), path, another(field, value, name))


@pytest.mark.parametrize("name", PLACES)
def test_whatever_changes_in_an_offer_changes_its_search_document(name: str) -> None:
    before = search_document(published_offer())
    offers = [_changed_at(name, path, field) for path, field in PLACES[name]]
    assert all(load_offer(offer) != load_offer(complete_offer()) for offer in offers)
    searched = any(search_document(published_offer(offer)) != before for offer in offers)
    assert searched != (name in EXCEPTIONS)


def test_the_list_of_what_is_not_searched_names_nothing_that_does_not_exist() -> None:
    assert PLACES.keys() >= EXCEPTIONS


def test_the_price_of_the_offer_counts_where_the_run_has_none() -> None:
    run = search_document(
        published_offer(minimal_offer(price={"amount": 90, "currency": "EUR"}, runs=[{}]))
    ).runs[0]
    assert run.numbers == {"price": 90.0}
    assert run.values["free"] == ("no",)


def test_a_price_in_another_currency_is_neither_free_nor_a_number_of_euro() -> None:
    run = search_document(published_offer(minimal_offer(price={"amount": 900, "currency": "SEK"}))).runs[0]
    assert run.numbers == {}
    assert run.values["free"] == ("no",)


def test_every_facet_gets_its_values_from_the_complete_offer() -> None:
    document = search_document(published_offer(complete_offer(price={"amount": 1, "currency": "EUR"})))
    given = {*document.values, *document.numbers}
    given |= {name for run in document.runs for name in (*run.values, *run.numbers)}
    assert given == {facet.name for facet in FACETS} - {"open", "start"}


def test_every_code_given_to_a_facet_is_one_the_facet_knows() -> None:
    document = search_document(published_offer())
    for facet in FACETS:
        codes = [
            *document.values.get(facet.name, ()),
            *(c for run in document.runs for c in run.values.get(facet.name, ())),
        ]
        assert facet.known is None or all(map(facet.known, codes)), facet.name


def test_every_facet_but_skills_is_counted() -> None:
    assert set(COUNTED) == {facet.name for facet in FACETS} - {"skill"}


def test_an_offer_without_runs_has_one_row_that_says_what_the_offer_says() -> None:
    document = search_document(published_offer(minimal_offer(languages=["de"], schedule="own-pace")))
    assert len(document.runs) == 1
    assert document.runs[0].values == {"language": ("de",), "schedule": ("own-pace",)}


def test_what_a_run_leaves_open_holds_as_the_offer_says() -> None:
    offer = minimal_offer(
        languages=["de"],
        participation=["blended"],
        runs=[{"languages": ["en"]}, {"online": True}, {"town": "Kiel"}],
    )
    runs = search_document(published_offer(offer)).runs
    assert [run.values["language"] for run in runs] == [("en",), ("de",), ("de",)]
    assert [run.values["mode"] for run in runs] == [("blended",), ("online",), ("blended",)]


def test_subjects_and_regions_carry_what_lies_above_them() -> None:
    values = search_document(published_offer()).values
    assert values["isced"] == ("09", "091", "0913")
    assert values["region"] == ("AT1", "AT13")


def test_sectors_are_searched_in_today_s_revision() -> None:
    old = published_offer(
        minimal_offer(sectors=[{"code": "Q", "revision": "2"}, {"code": "J", "revision": "2"}])
    )
    assert search_document(old).values["sector"] == ("R", "J", "K")


def test_an_offer_by_course_and_by_validation_is_found_by_either() -> None:
    assert search_document(published_offer()).values["route"] == ("course", "validation")


def test_withdrawn_recognition_is_no_recognition() -> None:
    withdrawn = [{"name": "A", "purpose": "academic", "status": "withdrawn"}]
    assert (
        "recognised_for" not in search_document(published_offer(minimal_offer(recognition=withdrawn))).values
    )


def test_quality_assurance_is_that_of_the_offer_and_of_its_provider() -> None:
    values = search_document(published_offer(minimal_offer())).values
    assert values["quality"] == ("esg", "internal")


def test_an_offer_without_place_of_issue_is_where_its_provider_is() -> None:
    values = search_document(published_offer(minimal_offer())).values
    assert (values["country"], values["region"]) == (("DE",), ("DE6", "DE60"))


def test_the_names_of_the_provider_are_searched_with_the_offer() -> None:
    document: SearchDocument = search_document(published_offer(minimal_offer(), provider_document()))
    assert {"Hochschule Probe", "Sample University"} <= {entry.text for entry in document.texts}
