"""What an organisation says of itself: frozen types over the canonical document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from catalogue.offers.content import Contact, QualityAssurance, Text


@dataclass(frozen=True, slots=True)
class Identifier:
    """scheme: DEQAR, VAT, LEI, EUID, SCHAC, OrgReg or `national`."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class RecognitionPolicy:
    """How the organisation recognises micro-credentials of others (paragraph 12(g), principle 6)."""

    text: Text = field(default_factory=dict)
    url: str | None = None
    reviewed_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrganisationContent:
    """An organisation: provider, issuer, awarding body or receiver. Country ISO 3166-1, region NUTS."""

    slug: str
    legal_name: str
    default_language: str
    kinds: tuple[str, ...]
    country: str
    names: Text = field(default_factory=dict)
    description: Text = field(default_factory=dict)
    region: str | None = None
    town: str | None = None
    homepage: str | None = None
    contact: Contact | None = None
    identifiers: tuple[Identifier, ...] = ()
    quality_assurance: QualityAssurance = QualityAssurance()
    recognition_policy: RecognitionPolicy | None = None
    adheres_to_european_approach: bool | None = None
