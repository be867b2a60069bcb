"""The one rule source for what an offer may say: form, API, import and seed all load through it.

`load_offer` gives the canonical document (plain JSON values, keys that are not stated left out) or raises
InvalidContentError with located problems. `content_of` types a stored document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from catalogue.documents import InvalidContentError, Problem, located, typed
from catalogue.fields import (
    NAME_LENGTH,
    TITLE_LENGTH,
    Amount,
    Code,
    Codes,
    Day,
    Duration,
    Email,
    Flag,
    Moment,
    MultilingualText,
    PlainText,
    WebLink,
    default_language,
    many,
    one,
)
from catalogue.i18n import CONTENT_LANGUAGES
from catalogue.offers.content import OfferContent

SCHEMA_VERSION = 1
SLUG = validate.Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", error="Not a slug of a-z, 0-9 and hyphens.")
_SKILL = validate.Regexp(
    r"^http://data\.europa\.eu/esco/skill/[0-9a-f-]{36}\Z|^[SLT][0-9.]+\Z",
    error="Not the URI of an ESCO skill.",
)


class Strict(Schema):
    """Unknown keys are errors: a misspelt element must not vanish silently."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "Unknown key."}  # noqa: RUF012


class PlaceSchema(Strict):
    country = Code("country", required=True)
    region = Code("nuts")
    town = PlainText()


class PartySchema(Strict):
    """Either the slug of an organisation of this catalogue or the name of another."""

    organisation = fields.String(validate=SLUG)
    name = PlainText()
    country = Code("country")

    @validates_schema
    def _one_of(self, data: dict[str, Any], **_: Any) -> None:
        if ("organisation" in data) == ("name" in data):
            raise ValidationError("State either `organisation` (a slug of this catalogue) or `name`.")


class AwardingBodySchema(PartySchema):
    status = fields.String(validate=validate.OneOf(["confirmed", "named"]), load_default="named")


class OutcomeSchema(Strict):
    text = MultilingualText(limit=2000, required=True)
    type = Code("outcome-type")
    skills = fields.List(fields.String(validate=_SKILL), validate=validate.Length(1, 30))


class OtherCreditsSchema(Strict):
    name = PlainText(required=True)
    points = Amount(0, 10_000, required=True)


class WorkloadSchema(Strict):
    ects = Amount(0.01, 300)
    hours = Amount(0.25, 9000)
    hours_kind = fields.String(validate=validate.OneOf(["total", "contact"]))
    other_system = one(OtherCreditsSchema)


class LevelSchema(Strict):
    eqf = Amount(1, 8, whole=True)
    basis = Code("eqf-basis")
    framework = PlainText()
    nqf_level = PlainText(limit=40)
    register_url = WebLink()
    cycle = Code("cycle")

    @validates_schema
    def _basis(self, data: dict[str, Any], **_: Any) -> None:
        if "basis" in data and "eqf" not in data:
            raise ValidationError("A basis needs an EQF level.", "basis")


class AssessmentSchema(Strict):
    types = Codes("assessment")
    criteria = MultilingualText()
    criteria_url = WebLink()
    assessor = fields.String(validate=validate.OneOf(["provider", "other"]))
    assessor_name = PlainText()
    grading_scheme = MultilingualText()


class InternalQualitySchema(Strict):
    scope = Code("qa-internal-scope", required=True)
    text = MultilingualText()
    url = WebLink()


class ExternalQualitySchema(Strict):
    framework = Code("qa-framework", required=True)
    scope = Code("qa-scope", required=True)
    basis = fields.String(validate=validate.OneOf(["register", "stated"]), load_default="stated")
    instrument = PlainText()
    agency = PlainText()
    checked_on = Day()
    valid_until = Day()
    url = WebLink()


class QualityAssuranceSchema(Strict):
    internal = many(InternalQualitySchema)
    external = many(ExternalQualitySchema)


class LanguageRequirementSchema(Strict):
    language = Code("language", required=True)
    cefr = fields.String(required=True, validate=validate.OneOf(["A1", "A2", "B1", "B2", "C1", "C2"]))


class EntryRequirementsSchema(Strict):
    text = MultilingualText()
    no_prior_qualification = Flag()
    minimum_eqf = Amount(1, 8, whole=True)
    languages = many(LanguageRequirementSchema)
    minimum_age = Amount(1, 99, whole=True)
    employment_status = Code("employment-status")
    licence = MultilingualText()


class StackingTargetSchema(Strict):
    offer = fields.String(
        validate=validate.Regexp(r"^[a-z0-9-]+/\S.{0,199}\Z", error="Not `provider/reference`.")
    )
    title = MultilingualText(limit=TITLE_LENGTH)
    organisation = fields.String(validate=SLUG)
    name = PlainText()
    country = Code("country")
    url = WebLink()
    ects = Amount(0.01, 300)
    stated_by = fields.String(
        validate=validate.OneOf(["provider", "receiving-organisation"]), load_default="provider"
    )

    @validates_schema
    def _named(self, data: dict[str, Any], **_: Any) -> None:
        if "offer" not in data and "title" not in data:
            raise ValidationError("State the `offer` or the `title` of what it stacks towards.")


class StackabilitySchema(Strict):
    kind = Code("stackability", required=True)
    towards = many(StackingTargetSchema)


class LinkSchema(Strict):
    url = WebLink(required=True)
    label = MultilingualText(limit=NAME_LENGTH)


class FurtherInformationSchema(Strict):
    text = MultilingualText()
    links = many(LinkSchema)


class RecognitionSchema(PartySchema):
    purpose = Code("recognition-purpose", required=True)
    status = Code("recognition-status", required=True)
    rule = MultilingualText()
    text = MultilingualText()
    ects = Amount(0.01, 300)
    date = Day()
    valid_until = Day()
    url = WebLink()
    regulated_profession = Flag()


class SectorSchema(Strict):
    code = fields.String(required=True)
    revision = fields.String(required=True, validate=validate.OneOf(["2", "2.1"]))

    @validates_schema
    def _section(self, data: dict[str, Any], **_: Any) -> None:
        last = "U" if data["revision"] == "2" else "V"
        if len(data["code"]) != 1 or not "A" <= data["code"] <= last:
            raise ValidationError(f"Not a section A to {last} of NACE Rev. {data['revision']}.", "code")


class ParticipantSchema(Strict):
    kind = Code("designed-with", required=True)
    name = PlainText()


class PriceSchema(Strict):
    free = Flag()
    amount = Amount(0, 1_000_000)
    currency = fields.String(
        validate=validate.Regexp(r"^[A-Z]{3}\Z", error="Not a currency code (ISO 4217).")
    )
    note = MultilingualText(limit=2000)

    @validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("free") and data.get("amount"):
            raise ValidationError("Either free or an amount.")
        if not data.get("free") and ("amount" not in data or "currency" not in data):
            raise ValidationError("A price has `amount` and `currency`, or `free: true`.")


class RunSchema(Strict):
    reference = PlainText(limit=200)
    start = Day()
    end = Day()
    application_opens = Moment(end_of_day=False)
    application_deadline = Moment(end_of_day=True)
    rolling = Flag()
    online = Flag()
    country = Code("country")
    region = Code("nuts")
    town = PlainText()
    participation = Codes("participation")
    schedule = Code("schedule")
    languages = Codes("language")
    seats = Amount(1, 1_000_000, whole=True)
    price = one(PriceSchema)
    application_url = WebLink()

    @validates_schema
    def _order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("end", "9999") < data.get("start", "0000"):
            raise ValidationError("Ends before it starts.", "end")
        opens, closes = data.get("application_opens"), data.get("application_deadline")
        if opens and closes and dt.datetime.fromisoformat(closes) < dt.datetime.fromisoformat(opens):
            raise ValidationError(
                "The deadline lies before the opening of applications.", "application_deadline"
            )


class FundingSchema(Strict):
    kind = Code("funding", required=True)
    scheme = PlainText(required=True)
    country = Code("country")
    decided_by = PlainText()
    basis = fields.String(validate=validate.OneOf(["registry", "stated"]), load_default="stated")
    valid_until = Day()
    registry_url = WebLink()


class CredentialSchema(Strict):
    formats = Codes("credential-format")
    validity = Duration()
    authenticity = MultilingualText()


class AvailabilitySchema(Strict):
    offered_from = Day()
    offered_until = Day()
    last_reviewed = Day()
    next_review = Day()

    @validates_schema
    def _order(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("offered_until", "9999") < data.get("offered_from", "0000"):
            raise ValidationError("Offered until a day before it is offered from.", "offered_until")


class ContactSchema(Strict):
    email = Email()
    phone = PlainText(limit=60)
    url = WebLink()


class LinksSchema(Strict):
    homepage = WebLink()
    application = WebLink()
    contact = one(ContactSchema)


class DocumentSchema(Strict):
    """A document with a language of its own, in which short texts are originals."""

    default_language: Any = fields.String(required=True, validate=validate.OneOf(CONTENT_LANGUAGES))


class OfferSchema(DocumentSchema):
    title = MultilingualText(limit=TITLE_LENGTH, required=True)
    leads_to = Code("leads-to")
    summary = MultilingualText(limit=2000)
    description = MultilingualText()
    issuer = one(PartySchema)
    issuer_places = many(PlaceSchema)
    awarding_bodies = many(AwardingBodySchema)
    learning_outcomes = many(OutcomeSchema)
    workload = one(WorkloadSchema)
    level = one(LevelSchema)
    assessment = one(AssessmentSchema)
    participation = Codes("participation")
    quality_assurance = one(QualityAssuranceSchema)
    entry_requirements = one(EntryRequirementsSchema)
    supervision = Code("supervision")
    stackability = one(StackabilitySchema)
    further_information = one(FurtherInformationSchema)
    recognition = many(RecognitionSchema)
    route = Code("route")
    prior_learning = Codes("prior-learning")
    subjects = Codes("isced", most=10)
    sectors = many(SectorSchema, most=10)
    target_groups = Codes("target-group")
    access_needs = Codes("access-need")
    designed_with = many(ParticipantSchema)
    green = Flag()
    digital = Flag()
    languages = Codes("language")
    assessment_languages = Codes("language")
    setting = Code("setting")
    schedule = Code("schedule")
    duration = Duration()
    runs = many(RunSchema, most=200)
    price = one(PriceSchema)
    funding = many(FundingSchema)
    credential = one(CredentialSchema)
    availability = one(AvailabilitySchema)
    feedback = MultilingualText()
    links = one(LinksSchema)
    licence = PlainText(limit=60)
    reuse_consent = Flag()

    @validates_schema
    def _original(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("default_language") not in data.get("title", {data.get("default_language"): None}):
            raise ValidationError("Lacks the title in the default language.", "title")


# Making a schema copies hundreds of fields; loading through one keeps no state in it.
_OFFER: Final = OfferSchema()


def load_offer(document: object) -> dict[str, Any]:
    """The canonical document of an offer. Raises InvalidContentError."""
    return load(_OFFER, document)


def load(schema: Schema, document: object) -> dict[str, Any]:
    """Load one document through a schema; problems become located, in document order."""
    if not isinstance(document, Mapping):
        raise InvalidContentError((Problem("", "Not a document (an object with keys)."),))
    language = document.get("default_language")
    token = default_language.set(language if isinstance(language, str) else None)
    try:
        return dict(schema.load(document))
    except ValidationError as error:
        raise InvalidContentError(tuple(located(error.messages))) from error
    finally:
        default_language.reset(token)


def content_of(document: Mapping[str, Any]) -> OfferContent:
    """The typed content of a stored (canonical) document."""
    return typed(document, OfferContent)
