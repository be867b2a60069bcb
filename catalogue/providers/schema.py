"""The rule source for what an organisation says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, validate

from catalogue.documents import typed
from catalogue.fields import (
    NAME_LENGTH,
    Code,
    Codes,
    Day,
    Flag,
    MultilingualText,
    PlainText,
    WebLink,
    many,
    one,
)
from catalogue.offers.schema import (
    SLUG,
    ContactSchema,
    DocumentSchema,
    QualityAssuranceSchema,
    Strict,
    load,
)
from catalogue.providers.content import OrganisationContent

IDENTIFIER_SCHEMES = ("DEQAR", "VAT", "LEI", "EUID", "SCHAC", "OrgReg", "national")


class IdentifierSchema(Strict):
    scheme = fields.String(required=True, validate=validate.OneOf(IDENTIFIER_SCHEMES))
    value = PlainText(limit=80, required=True)


class RecognitionPolicySchema(Strict):
    text = MultilingualText()
    url = WebLink()
    reviewed_on = Day()


class OrganisationSchema(DocumentSchema):
    slug = fields.String(required=True, validate=SLUG)
    legal_name = PlainText(required=True)
    names = MultilingualText(limit=NAME_LENGTH)
    description = MultilingualText()
    kinds = Codes("provider-kind", required=True)
    country = Code("country", required=True)
    region = Code("nuts")
    town = PlainText()
    homepage = WebLink()
    contact = one(ContactSchema)
    identifiers = many(IdentifierSchema)
    quality_assurance = one(QualityAssuranceSchema)
    recognition_policy = one(RecognitionPolicySchema)
    adheres_to_european_approach = Flag()


# Making a schema copies hundreds of fields; loading through one keeps no state in it.
_ORGANISATION: Final = OrganisationSchema()


def load_organisation(document: object) -> dict[str, Any]:
    """The canonical document of an organisation. Raises InvalidContentError."""
    return load(_ORGANISATION, document)


def organisation_of(document: Mapping[str, Any]) -> OrganisationContent:
    return typed(document, OrganisationContent)
