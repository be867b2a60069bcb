"""Rules of offers: completeness against Annex I, and whether a content may be published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from catalogue.documents import Problem
from catalogue.offers.content import OfferContent
from catalogue.offers.elements import ELEMENTS, Element
from catalogue.providers.content import OrganisationContent

Standing = Literal["stated", "missing", "not-applicable"]


@dataclass(frozen=True, slots=True)
class Completeness:
    """Annex I elements and their standing. Elements of the issued credential are not applicable to an offer."""

    elements: tuple[tuple[Element, Standing], ...]

    @property
    def stated(self) -> int:
        return sum(standing == "stated" for _, standing in self.elements)

    @property
    def applicable(self) -> int:
        return sum(standing != "not-applicable" for _, standing in self.elements)


def standing(element: Element, offer: OfferContent, provider: OrganisationContent) -> Standing:
    if element.stated is None or not element.applies(offer):
        return "not-applicable"
    return "stated" if element.stated(offer, provider) else "missing"


def completeness(offer: OfferContent, provider: OrganisationContent) -> Completeness:
    """The European standard elements (Annex I), each stated, missing or not applicable."""
    annex = (element for element in ELEMENTS if element.source != "other")
    return Completeness(tuple((element, standing(element, offer, provider)) for element in annex))


def obstacles(offer: OfferContent, provider: OrganisationContent, policy: str) -> tuple[Problem, ...]:
    """What stands against publishing under a policy (`annex-i` or `minimal`); empty when nothing does."""
    problems = []
    if not offer.description and not offer.learning_outcomes:
        problems.append(Problem("description", "State a description or learning outcomes."))
    if policy == "annex-i":
        problems += [
            Problem(element.keys[0], f"Mandatory in Annex I and not stated: {element.label}.")
            for element, how in completeness(offer, provider).elements
            if element.source == "mandatory" and how == "missing"
        ]
    return tuple(problems)
