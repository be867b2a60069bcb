"""Schema, types and documents agree with each other, key by key."""

from __future__ import annotations

import dataclasses
from typing import Any

from marshmallow import Schema, fields

from catalogue.fields import MultilingualText
from catalogue.offers.content import OfferContent
from catalogue.offers.schema import OfferSchema, content_of, load_offer
from catalogue.providers.content import OrganisationContent
from catalogue.providers.schema import OrganisationSchema, load_organisation, organisation_of
from tests.factories import complete_offer, provider_document


def leaves_of_schema(schema: Schema, path: str = "") -> set[str]:
    """Paths of everything a schema lets a document say; a text counts as one."""
    found: set[str] = set()
    for name, field in schema.fields.items():
        here = f"{path}.{name}" if path else name
        inner = field.inner if isinstance(field, fields.List) else field
        found |= leaves_of_schema(inner.schema, here) if isinstance(inner, fields.Nested) else {here}
    return found


def leaves_of_document(schema: Schema, document: dict[str, Any], path: str = "") -> set[str]:
    """Paths of what a document says."""
    found: set[str] = set()
    for name, value in document.items():
        here = f"{path}.{name}" if path else name
        field: Any = schema.fields[name]
        inner = field.inner if isinstance(field, fields.List) else field
        if not isinstance(inner, fields.Nested):
            found.add(here)
            continue
        for entry in value if isinstance(value, list) else [value]:
            found |= leaves_of_document(inner.schema, entry, here)
    return found


def unstructured(value: Any) -> Any:
    """A typed content as plain values again, without what is not stated."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = (
            (field.name, unstructured(getattr(value, field.name))) for field in dataclasses.fields(value)
        )
        return {name: plain for name, plain in pairs if plain not in (None, {}, [])}
    if isinstance(value, dict):
        return {key: unstructured(entry) for key, entry in value.items()}
    if isinstance(value, tuple):
        return [unstructured(entry) for entry in value]
    return value


def test_the_complete_offer_of_the_tests_says_everything_the_schema_knows() -> None:
    # A party has a slug or a name; the issuer of the sample, the only one without brothers, has a name.
    everything = leaves_of_schema(OfferSchema()) - {"issuer.organisation"}
    assert leaves_of_document(OfferSchema(), complete_offer()) == everything


def test_the_complete_organisation_says_everything_the_schema_knows() -> None:
    assert leaves_of_document(OrganisationSchema(), provider_document()) == leaves_of_schema(
        OrganisationSchema()
    )


def test_schema_and_types_have_the_same_keys() -> None:
    assert set(OfferSchema().fields) == {field.name for field in dataclasses.fields(OfferContent)}
    assert set(OrganisationSchema().fields) == {
        field.name for field in dataclasses.fields(OrganisationContent)
    }


def test_nothing_an_offer_says_is_lost_on_the_way_into_types_and_back() -> None:
    said = load_offer(complete_offer())
    plain = unstructured(content_of(said))
    assert load_offer(_as_json(plain)) == said


def test_nothing_an_organisation_says_is_lost_on_the_way_into_types_and_back() -> None:
    said = load_organisation(provider_document())
    assert load_organisation(_as_json(unstructured(organisation_of(said)))) == said


def test_typed_content_cannot_be_changed() -> None:
    content = content_of(load_offer(complete_offer()))
    assert content.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_multilingual_texts_are_known_as_such_by_the_schema() -> None:
    texts = {name for name, field in OfferSchema().fields.items() if isinstance(field, MultilingualText)}
    assert texts == {"title", "summary", "description", "feedback"}


def _as_json(value: Any) -> Any:
    """Dates and decimals as JSON would carry them."""
    if isinstance(value, dict):
        return {key: _as_json(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_as_json(entry) for entry in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if type(value).__name__ == "Decimal":
        return int(value) if value == int(value) else float(value)
    return value
