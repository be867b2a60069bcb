"""Every element of an offer, once.

An element has a name, the keys of the content that hold it, where the Recommendation asks for it, and how to tell
whether it is stated. Completeness, the page's list and the tests that prove coverage read this table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from catalogue.i18n import N_
from catalogue.offers.content import OfferContent
from catalogue.providers.content import OrganisationContent

Source = Literal["mandatory", "optional", "issued", "other"]


@dataclass(frozen=True, slots=True)
class Element:
    """source: `mandatory` or `optional` in Annex I; `issued`: Annex I asks for it on the issued credential;
    `other`: an element of this catalogue. keys: top-level keys of the content. stated: None when never asked.
    """

    name: str
    label: str
    source: Source
    keys: tuple[str, ...]
    stated: Callable[[OfferContent, OrganisationContent], bool] | None = None
    applies: Callable[[OfferContent], bool] = lambda _: True


def _level_applies(offer: OfferContent) -> bool:
    """Annex I asks for the level "if applicable": outside formal learning there often is none."""
    return offer.setting != "non-formal" or bool(offer.level.eqf or offer.level.cycle)


def _workload(offer: OfferContent, _: OrganisationContent) -> bool:
    workload = offer.workload
    return workload.ects is not None or workload.hours is not None or workload.other_system is not None


def _quality(offer: OfferContent, provider: OrganisationContent) -> bool:
    return any(q.internal or q.external for q in (offer.quality_assurance, provider.quality_assurance))


def _entry(offer: OfferContent, _: OrganisationContent) -> bool:
    return offer.entry_requirements != type(offer.entry_requirements)()


ELEMENTS: tuple[Element, ...] = (
    Element("learner", N_("Identification of the learner"), "issued", ()),
    Element(
        "title", N_("Title of the micro-credential"), "mandatory", ("title",), lambda o, _: bool(o.title)
    ),
    Element(
        "issuer-place",
        N_("Country or region of the issuer"),
        "mandatory",
        ("issuer", "issuer_places"),
        lambda o, p: bool(o.issuer_places or (o.issuer and o.issuer.country) or p.country),
    ),
    Element(
        "awarding-body",
        N_("Awarding body"),
        "mandatory",
        ("awarding_bodies",),
        lambda o, _: bool(o.awarding_bodies),
    ),
    Element("date-of-issuing", N_("Date of issuing"), "issued", ()),
    Element(
        "learning-outcomes",
        N_("Learning outcomes"),
        "mandatory",
        ("learning_outcomes",),
        lambda o, _: bool(o.learning_outcomes),
    ),
    Element("workload", N_("Notional workload"), "mandatory", ("workload",), _workload),
    Element(
        "level",
        N_("Level (and cycle) of the learning experience"),
        "mandatory",
        ("level",),
        lambda o, _: bool(o.level.eqf or o.level.cycle),
        _level_applies,
    ),
    Element(
        "assessment",
        N_("Type of assessment"),
        "mandatory",
        ("assessment",),
        lambda o, _: bool(o.assessment.types),
    ),
    Element(
        "participation",
        N_("Form of participation"),
        "mandatory",
        ("participation",),
        lambda o, _: bool(o.participation),
    ),
    Element(
        "quality-assurance", N_("Type of quality assurance"), "mandatory", ("quality_assurance",), _quality
    ),
    Element("entry-requirements", N_("Entry requirements"), "optional", ("entry_requirements",), _entry),
    Element(
        "supervision",
        N_("Supervision and identity verification"),
        "optional",
        ("supervision",),
        lambda o, _: o.supervision is not None,
    ),
    Element("grade", N_("Grade achieved"), "issued", ()),
    Element(
        "stackability",
        N_("Integration and stackability"),
        "optional",
        ("stackability",),
        lambda o, _: o.stackability is not None,
    ),
    Element(
        "further-information",
        N_("Further information"),
        "optional",
        ("further_information",),
        lambda o, _: bool(o.further_information.text or o.further_information.links),
    ),
    Element("leads-to", N_("What it leads to"), "other", ("leads_to",), lambda o, _: o.leads_to is not None),
    Element("summary", N_("Summary"), "other", ("summary",), lambda o, _: bool(o.summary)),
    Element("description", N_("Description"), "other", ("description",), lambda o, _: bool(o.description)),
    Element("recognition", N_("Recognition"), "other", ("recognition",), lambda o, _: bool(o.recognition)),
    Element("route", N_("Route"), "other", ("route", "prior_learning"), lambda o, _: o.route is not None),
    Element("subject", N_("Subject"), "other", ("subjects",), lambda o, _: bool(o.subjects)),
    Element("sector", N_("Sector"), "other", ("sectors",), lambda o, _: bool(o.sectors)),
    Element("target-groups", N_("Made for"), "other", ("target_groups",), lambda o, _: bool(o.target_groups)),
    Element(
        "access-needs", N_("Access needs met"), "other", ("access_needs",), lambda o, _: bool(o.access_needs)
    ),
    Element(
        "designed-with", N_("Designed with"), "other", ("designed_with",), lambda o, _: bool(o.designed_with)
    ),
    Element("green", N_("Green skills"), "other", ("green",), lambda o, _: o.green is not None),
    Element("digital", N_("Digital skills"), "other", ("digital",), lambda o, _: o.digital is not None),
    Element(
        "language",
        N_("Language"),
        "other",
        ("languages", "assessment_languages", "default_language"),
        lambda o, _: bool(o.languages),
    ),
    Element("setting", N_("Learning setting"), "other", ("setting",), lambda o, _: o.setting is not None),
    Element("schedule", N_("Schedule"), "other", ("schedule",), lambda o, _: o.schedule is not None),
    Element("duration", N_("Duration"), "other", ("duration",), lambda o, _: o.duration is not None),
    Element(
        "runs", N_("Runs"), "other", ("runs",), lambda o, _: bool(o.runs), lambda o: o.route != "validation"
    ),
    Element(
        "price",
        N_("Price"),
        "other",
        ("price",),
        lambda o, _: o.price is not None or any(run.price for run in o.runs),
    ),
    Element("funding", N_("Funding"), "other", ("funding",), lambda o, _: bool(o.funding)),
    Element(
        "credential",
        N_("Credential issued"),
        "other",
        ("credential",),
        lambda o, _: bool(o.credential.formats),
    ),
    Element(
        "availability",
        N_("Availability and review"),
        "other",
        ("availability",),
        lambda o, _: o.availability != type(o.availability)(),
    ),
    Element("feedback", N_("Use of feedback"), "other", ("feedback",), lambda o, _: bool(o.feedback)),
    Element("links", N_("Links and contact"), "other", ("links",), lambda o, _: o.links != type(o.links)()),
    Element(
        "licence",
        N_("Licence of the content"),
        "other",
        ("licence", "reuse_consent"),
        lambda o, _: o.licence is not None,
    ),
)
