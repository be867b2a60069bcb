"""What an offer says: frozen types over the canonical document that `schema.py` validates.

Every attribute is a key of that document; what is not stated is absent there and None or empty here. Codes are
those of `catalogue.vocabularies`; dates are ISO 8601; numbers of ECTS points and money are decimals.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

ORIGINS = ("original", "translated", "machine")


@dataclass(frozen=True, slots=True)
class TextIn:
    """A text in one language; origin: written by the provider, translated by the provider, or by machine."""

    text: str
    origin: str


Text = Mapping[str, TextIn]


@dataclass(frozen=True, slots=True)
class Place:
    """Country (ISO 3166-1 alpha-2), region (NUTS code), town."""

    country: str
    region: str | None = None
    town: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation named in an offer: one of this catalogue by its slug, or another one by its name."""

    organisation: str | None = None
    name: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class AwardingBody(Party):
    """status: `confirmed` by that body, or `named` by the provider, not confirmed."""

    status: str = "named"


@dataclass(frozen=True, slots=True)
class LearningOutcome:
    text: Text
    type: str | None = None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherCredits:
    """A credit system other than ECTS, by its name."""

    name: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Workload:
    """Notional workload as the provider stated it; ECTS is never derived from hours."""

    ects: Decimal | None = None
    hours: Decimal | None = None
    hours_kind: str | None = None
    other_system: OtherCredits | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """EQF level 1-8 with its basis (`nqf`: included in a national framework; `stated` by the provider)."""

    eqf: int | None = None
    basis: str | None = None
    framework: str | None = None
    nqf_level: str | None = None
    register_url: str | None = None
    cycle: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    types: tuple[str, ...] = ()
    criteria: Text = field(default_factory=dict)
    criteria_url: str | None = None
    assessor: str | None = None
    assessor_name: str | None = None
    grading_scheme: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InternalQuality:
    scope: str
    text: Text = field(default_factory=dict)
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ExternalQuality:
    """basis: `register` (checked on a date) or `stated`; scope: provider, programme or this offer."""

    framework: str
    scope: str
    basis: str
    instrument: str | None = None
    agency: str | None = None
    checked_on: dt.date | None = None
    valid_until: dt.date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class QualityAssurance:
    internal: tuple[InternalQuality, ...] = ()
    external: tuple[ExternalQuality, ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageRequirement:
    language: str
    cefr: str


@dataclass(frozen=True, slots=True)
class EntryRequirements:
    text: Text = field(default_factory=dict)
    no_prior_qualification: bool | None = None
    minimum_eqf: int | None = None
    languages: tuple[LanguageRequirement, ...] = ()
    minimum_age: int | None = None
    employment_status: str | None = None
    licence: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StackingTarget(Party):
    """What an offer stacks towards; `offer` names one of this catalogue as `provider-slug/reference`."""

    offer: str | None = None
    title: Text = field(default_factory=dict)
    url: str | None = None
    ects: Decimal | None = None
    stated_by: str = "provider"


@dataclass(frozen=True, slots=True)
class Stackability:
    kind: str
    towards: tuple[StackingTarget, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FurtherInformation:
    text: Text = field(default_factory=dict)
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition(Party):
    """By whom, for what, how firmly: `stated` by the receiver, `claimed` by the provider, `withdrawn`."""

    purpose: str
    status: str
    rule: Text = field(default_factory=dict)
    text: Text = field(default_factory=dict)
    ects: Decimal | None = None
    date: dt.date | None = None
    valid_until: dt.date | None = None
    url: str | None = None
    regulated_profession: bool | None = None


@dataclass(frozen=True, slots=True)
class Sector:
    """NACE section with the revision (`2` or `2.1`) it was stated in."""

    code: str
    revision: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Who took part in the design."""

    kind: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """`free`, or an amount in a currency (ISO 4217)."""

    free: bool | None = None
    amount: Decimal | None = None
    currency: str | None = None
    note: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """One sitting. What it leaves open holds as the offer says."""

    reference: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    application_opens: dt.datetime | None = None
    application_deadline: dt.datetime | None = None
    rolling: bool | None = None
    online: bool | None = None
    country: str | None = None
    region: str | None = None
    town: str | None = None
    participation: tuple[str, ...] = ()
    schedule: str | None = None
    languages: tuple[str, ...] = ()
    seats: int | None = None
    price: Price | None = None
    application_url: str | None = None


@dataclass(frozen=True, slots=True)
class Funding:
    kind: str
    scheme: str
    country: str | None = None
    decided_by: str | None = None
    basis: str | None = None
    valid_until: dt.date | None = None
    registry_url: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    formats: tuple[str, ...] = ()
    validity: str | None = None
    authenticity: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Availability:
    offered_from: dt.date | None = None
    offered_until: dt.date | None = None
    last_reviewed: dt.date | None = None
    next_review: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    email: str | None = None
    phone: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Links:
    homepage: str | None = None
    application: str | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class OfferContent:
    """An offer, whole: the elements of Annex I of the Recommendation and those around them."""

    default_language: str
    title: Text
    leads_to: str | None = None
    summary: Text = field(default_factory=dict)
    description: Text = field(default_factory=dict)
    issuer: Party | None = None
    issuer_places: tuple[Place, ...] = ()
    awarding_bodies: tuple[AwardingBody, ...] = ()
    learning_outcomes: tuple[LearningOutcome, ...] = ()
    workload: Workload = Workload()
    level: Level = Level()
    assessment: Assessment = Assessment()
    participation: tuple[str, ...] = ()
    quality_assurance: QualityAssurance = QualityAssurance()
    entry_requirements: EntryRequirements = EntryRequirements()
    supervision: str | None = None
    stackability: Stackability | None = None
    further_information: FurtherInformation = FurtherInformation()
    recognition: tuple[Recognition, ...] = ()
    route: str | None = None
    prior_learning: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    sectors: tuple[Sector, ...] = ()
    target_groups: tuple[str, ...] = ()
    access_needs: tuple[str, ...] = ()
    designed_with: tuple[Participant, ...] = ()
    green: bool | None = None
    digital: bool | None = None
    languages: tuple[str, ...] = ()
    assessment_languages: tuple[str, ...] = ()
    setting: str | None = None
    schedule: str | None = None
    duration: str | None = None
    runs: tuple[Run, ...] = ()
    price: Price | None = None
    funding: tuple[Funding, ...] = ()
    credential: Credential = Credential()
    availability: Availability = Availability()
    feedback: Text = field(default_factory=dict)
    links: Links = Links()
    licence: str | None = None
    reuse_consent: bool | None = None

    @property
    def skills(self) -> tuple[str, ...]:
        """ESCO URIs over all outcomes, each once, in order."""
        return tuple(dict.fromkeys(uri for outcome in self.learning_outcomes for uri in outcome.skills))
