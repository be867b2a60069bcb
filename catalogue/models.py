"""All tables, imported in one place so that migrations and tests see every one of them."""

from __future__ import annotations

from catalogue.audit.model import AuditEntry
from catalogue.changes.model import Change, Consumer
from catalogue.concepts.model import Concept, ConceptBroader, ConceptLabel, ConceptSource, OccupationSkill
from catalogue.db import Base
from catalogue.exchange.model import ColumnMapping
from catalogue.offers.model import Offer, OfferRelation, OfferVersion
from catalogue.providers.model import Organisation, OrganisationVersion

__all__ = [
    "AuditEntry",
    "Base",
    "Change",
    "ColumnMapping",
    "Concept",
    "ConceptBroader",
    "ConceptLabel",
    "ConceptSource",
    "Consumer",
    "OccupationSkill",
    "Offer",
    "OfferRelation",
    "OfferVersion",
    "Organisation",
    "OrganisationVersion",
]
