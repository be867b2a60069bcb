"""What pages, print and API must say beside an offer: English messages, translated where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from catalogue.i18n import N_
from catalogue.offers.content import OfferContent
from catalogue.providers.content import OrganisationContent

NOTICES: Final[Mapping[str, str]] = {
    "elements": N_(
        "The use of the European standard elements to describe micro-credentials does not, in itself, imply "
        "official validation or recognition."
    ),
    "stacking": N_(
        "Decisions lie with the receiving organisation. Stacking does not create an automatic entitlement to a "
        "qualification or a degree."
    ),
    "recognition": N_(
        "Recognition is decided by the competent authority or the receiving organisation, which may decide case "
        "by case."
    ),
    "regulated": N_("For regulated professions this is without prejudice to Directive 2005/36/EC."),
    "quality": N_(
        "The provider has an external quality assurance result (register, date checked). This is not an "
        "assessment of this offer."
    ),
    "funding": N_("Personal eligibility is decided by the scheme."),
    "footer": N_(
        "Independent catalogue. A listing is not an endorsement by the European Union or any authority."
    ),
    "leads-to": N_("The provider has not declared that this offer leads to a micro-credential."),
    "other-certificate": N_(
        "The provider declares that this offer leads to another certificate, not to a micro-credential."
    ),
}


def applying(offer: OfferContent, provider: OrganisationContent) -> list[str]:
    """Names of the notices that stand beside an offer, in order."""
    sides = (offer.quality_assurance, provider.quality_assurance)
    conditions = {
        "elements": True,
        "leads-to": offer.leads_to is None,
        "other-certificate": offer.leads_to == "other-certificate",
        "stacking": offer.stackability is not None and offer.stackability.kind == "stackable",
        "recognition": bool(offer.recognition or provider.recognition_policy),
        "regulated": any(item.regulated_profession for item in offer.recognition),
        "quality": any(entry.scope == "provider" for side in sides for entry in side.external),
        "funding": bool(offer.funding),
    }
    return [name for name, holds in conditions.items() if holds]


def translated(gettext: Callable[[str], str]) -> dict[str, str]:
    return {name: gettext(message) for name, message in NOTICES.items()}
