"""All tables, imported in one place so that migrations and tests see every one of them."""

from __future__ import annotations

from catalogue.audit.model import AuditEntry, AuditHead
from catalogue.changes.model import Change, Consumer
from catalogue.concepts.model import Concept, ConceptBroader, ConceptLabel, ConceptSource, OccupationSkill
from catalogue.db import Base
from catalogue.exchange.model import ColumnMapping
from catalogue.offers.model import Offer, OfferRelation, OfferVersion
from catalogue.people.model import Invitation, MailedToken, Membership, Person, PersonSession, RecoveryCode
from catalogue.providers.model import Organisation, OrganisationVersion
from catalogue.security.model import Attempts

__all__ = [
    "Attempts",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Change",
    "ColumnMapping",
    "Concept",
    "ConceptBroader",
    "ConceptLabel",
    "ConceptSource",
    "Consumer",
    "Invitation",
    "MailedToken",
    "Membership",
    "OccupationSkill",
    "Offer",
    "OfferRelation",
    "OfferVersion",
    "Organisation",
    "OrganisationVersion",
    "Person",
    "PersonSession",
    "RecoveryCode",
]
