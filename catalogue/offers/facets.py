"""The declared facets: the filters of page, API and search document, in the order in which they are shown.

`vocabulary` names where the labels come from; `core` facets stand open on the page. Values are codes, never labels.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.i18n import N_
from catalogue.vocabularies import vocabulary
from search.facets import Bucket, Facet


@dataclass(frozen=True, slots=True)
class OfferFacet:
    """A search facet with what a page needs of it."""

    facet: Facet
    label: str
    vocabulary: str | None = None
    core: bool = False
    unit: str | None = None
    hint: str | None = None


def _terms(
    name: str,
    label: str,
    vocabulary_name: str | None = None,
    *,
    per_run: bool = False,
    hierarchical: bool = False,
    core: bool = False,
    default: tuple[str, ...] = (),
    hint: str | None = None,
) -> OfferFacet:
    known = vocabulary(vocabulary_name).known if vocabulary_name else None
    facet = Facet(name, "terms", per_run, hierarchical, default=default, known=known)
    return OfferFacet(facet, label, vocabulary_name, core, hint=hint)


def _range(
    name: str,
    label: str,
    bounds: tuple[float, ...],
    params: tuple[str | None, str | None],
    unit: str,
    *,
    per_run: bool = False,
) -> OfferFacet:
    edges = (*bounds, None)
    buckets = tuple(
        Bucket(_bucket_code(low, high), low, high) for low, high in zip(bounds, edges[1:], strict=True)
    )
    return OfferFacet(Facet(name, "range", per_run, buckets=buckets, range_params=params), label, unit=unit)


def _bucket_code(low: float, high: float | None) -> str:
    return f"{low:g}-{high:g}" if high is not None else f"{low:g}-"


OFFER_FACETS: tuple[OfferFacet, ...] = (
    _terms("eqf", N_("Level (EQF)"), "eqf", core=True),
    _terms("sector", N_("Sector"), "nace", core=True, hint="NACE"),
    _terms("isced", N_("Subject"), "isced", hierarchical=True, core=True, hint="ISCED-F"),
    _terms("mode", N_("Form of participation"), "participation", per_run=True, core=True),
    _terms("schedule", N_("Schedule"), "schedule", per_run=True, core=True),
    _terms("language", N_("Language of instruction"), "language", per_run=True, core=True),
    OfferFacet(Facet("open", "open", per_run=True), N_("Open for application"), "yes-no", core=True),
    _terms("free", N_("Free of charge"), "yes-no", per_run=True, core=True),
    _terms("no_prior_qualification", N_("No prior qualification needed"), "yes-no", core=True),
    OfferFacet(
        Facet("start", "month", per_run=True, range_params=("starts_from", "starts_to")),
        N_("Start date"),
        None,
    ),
    _range("ects", N_("Workload in ECTS"), (0, 2, 5, 10, 15, 30), ("ects_min", "ects_max"), "ECTS"),
    _range("hours", N_("Workload in hours"), (0, 25, 75, 150, 300), ("hours_min", "hours_max"), "h"),
    _range("price", N_("Price"), (0, 100, 300, 600, 1200), (None, "price_max"), "EUR", per_run=True),
    _terms("funding", N_("Funding scheme"), "funding"),
    _terms("country", N_("Country of the provider"), "country"),
    _terms("region", N_("Region of the provider"), "nuts", hierarchical=True, hint="NUTS"),
    _terms("run_country", N_("Country of the run"), "country", per_run=True),
    _terms("run_region", N_("Region of the run"), "nuts", per_run=True, hierarchical=True, hint="NUTS"),
    _terms("recognised_for", N_("Recognised for"), "recognition-purpose"),
    _terms("recognition_policy", N_("Provider with a recognition policy"), "yes-no"),
    _terms("stackable", N_("Stackability"), "stackability"),
    _terms("quality", N_("Quality assurance"), "qa-framework"),
    _terms("assessment", N_("Assessment"), "assessment"),
    _terms("supervision", N_("Supervision and identity check"), "supervision"),
    _terms("eqf_basis", N_("Basis of the level"), "eqf-basis"),
    _terms("cycle", N_("Cycle (QF-EHEA)"), "cycle"),
    _terms("route", N_("Route"), "route"),
    _terms("target", N_("Made for"), "target-group"),
    _terms("access", N_("Access needs met"), "access-need"),
    _terms("provider_kind", N_("Kind of provider"), "provider-kind"),
    _terms("provider", N_("Provider")),
    _terms("green", N_("Green skills"), "yes-no"),
    _terms("digital", N_("Digital skills"), "yes-no"),
    _terms("leads_to", N_("Leads to"), "leads-to", default=("micro-credential",)),
    _terms("skill", N_("Skill (ESCO)")),
)
FACETS: tuple[Facet, ...] = tuple(entry.facet for entry in OFFER_FACETS)
BY_NAME = {entry.facet.name: entry for entry in OFFER_FACETS}
# Counted for nobody's list: a skill is reached from an offer's outcomes, and there are thousands.
COUNTED = tuple(facet.name for facet in FACETS if facet.name != "skill")
