"""Offer -> search document: every element that can be searched or filtered, as codes, numbers and texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from catalogue.offers.content import ExternalQuality, InternalQuality, OfferContent, Price, Run, Sector, Text
from catalogue.offers.queries import PublishedOffer
from catalogue.offers.rules import completeness
from catalogue.providers.content import OrganisationContent
from catalogue.vocabularies import sectors_in_rev21, vocabulary
from catalogue.vocabularies.skills import is_digital, is_green
from search.document import Field, FieldText, RunDocument, SearchDocument

PRICE_CURRENCY = "EUR"


def search_document(offer: PublishedOffer) -> SearchDocument:
    """The document an engine gets for a published offer."""
    content, provider = offer.content, offer.provider.content
    return SearchDocument(
        id=offer.id,
        version=offer.index_version,
        default_language=content.default_language,
        published_at=offer.first_published_at,
        texts=tuple(_texts(content, provider)),
        values={name: codes for name, codes in _values(offer).items() if codes},
        numbers=_numbers(content),
        concepts=tuple(_concepts(content)),
        completeness=_completeness(content, provider),
        changed_at=offer.published_at,
        runs=tuple(_run(content, run) for run in content.runs) or (_run(content, Run()),),
    )


def _concepts(content: OfferContent) -> Iterator[str]:
    """What an offer is about, as the addresses that concepts have: a skill once per outcome that names it."""
    for outcome in content.learning_outcomes:
        yield from outcome.skills
    yield from (f"isced:{code}" for code in _with_ancestors("isced", content.subjects))
    yield from (f"nace:{code}" for code in _sectors(content.sectors))


def _completeness(content: OfferContent, provider: OrganisationContent) -> float:
    found = completeness(content, provider)
    return found.stated / found.applicable if found.applicable else 0.0


def _texts(content: OfferContent, provider: OrganisationContent) -> Iterator[FieldText]:
    yield from _field("title", content.title)
    for outcome in content.learning_outcomes:
        yield from _field("outcomes", outcome.text)
    for text in _body(content):
        yield from _field("body", text)
    names = {name.text for name in provider.names.values()} | {provider.legal_name}
    for name in sorted(names | _names(content)):
        yield FieldText("body", provider.default_language, name)


def _field(field: Field, text: Text) -> Iterator[FieldText]:
    for language, entry in text.items():
        yield FieldText(field, language, entry.text)


def _body(content: OfferContent) -> Iterator[Text]:
    """Every other text of the offer."""
    yield from (content.summary, content.description, content.feedback, content.further_information.text)
    yield from (
        content.assessment.criteria,
        content.assessment.grading_scheme,
        content.credential.authenticity,
    )
    yield from (content.entry_requirements.text, content.entry_requirements.licence)
    for target in content.stackability.towards if content.stackability else ():
        yield target.title
    for link in content.further_information.links:
        yield link.label
    for item in content.recognition:
        yield from (item.rule, item.text)
    for quality in content.quality_assurance.internal:
        yield quality.text


def _names(content: OfferContent) -> set[str]:
    """Names of other organisations, schemes and places: searched as they are written."""
    parties = [*content.awarding_bodies, *content.recognition, *([content.issuer] if content.issuer else [])]
    parties += content.stackability.towards if content.stackability else ()
    names = {party.name for party in parties} | {run.town for run in content.runs}
    names |= {participant.name for participant in content.designed_with}
    names |= {name for entry in content.funding for name in (entry.scheme, entry.decided_by)}
    names |= {
        name for entry in content.quality_assurance.external for name in (entry.instrument, entry.agency)
    }
    names |= {content.assessment.assessor_name, content.level.framework}
    names |= {content.workload.other_system.name} if content.workload.other_system else set()
    return {name for name in names if name}


def _values(offer: PublishedOffer) -> dict[str, tuple[str, ...]]:
    content, provider = offer.content, offer.provider.content
    entry = content.entry_requirements
    return {
        "leads_to": _code(content.leads_to),
        "eqf": _code(content.level.eqf),
        "eqf_basis": _code(content.level.basis),
        "cycle": _code(content.level.cycle),
        "isced": _with_ancestors("isced", content.subjects),
        "sector": _sectors(content.sectors),
        "country": _issuer_countries(content, provider),
        "region": _with_ancestors("nuts", _issuer_regions(content, provider)),
        "assessment": content.assessment.types,
        "supervision": _code(content.supervision),
        "quality": _quality(content, provider),
        "stackable": _code(content.stackability.kind if content.stackability else None),
        "recognised_for": _each(item.purpose for item in content.recognition if item.status != "withdrawn"),
        "route": ("course", "validation") if content.route == "both" else _code(content.route),
        "no_prior_qualification": _flag(entry.no_prior_qualification),
        "funding": _each(item.kind for item in content.funding),
        "target": content.target_groups,
        "access": content.access_needs,
        "provider": (offer.provider.slug,),
        "provider_kind": provider.kinds,
        "recognition_policy": ("yes",) if provider.recognition_policy else (),
        "green": _flag(True if any(map(is_green, content.skills)) else content.green),
        "digital": _flag(True if any(map(is_digital, content.skills)) else content.digital),
        "skill": content.skills,
    }


def _numbers(content: OfferContent) -> dict[str, float]:
    stated = {"ects": content.workload.ects, "hours": content.workload.hours}
    return {name: float(number) for name, number in stated.items() if number is not None}


def _run(content: OfferContent, run: Run) -> RunDocument:
    """A run; what it leaves open holds as the offer says."""
    price = run.price or content.price
    values = {
        "mode": run.participation or _run_mode(run) or content.participation,
        "schedule": _code(run.schedule or content.schedule),
        "language": run.languages or content.languages,
        "run_country": _code(run.country),
        "run_region": _with_ancestors("nuts", _code(run.region)),
        "free": _flag(_is_free(price)),
    }
    amount = _euro(price)
    return RunDocument(
        values={name: codes for name, codes in values.items() if codes},
        numbers={} if amount is None else {"price": float(amount)},
        start=run.start,
        end=run.end,
        opens=run.application_opens,
        closes=run.application_deadline,
        rolling=bool(run.rolling),
    )


def _run_mode(run: Run) -> tuple[str, ...]:
    return ("online",) if run.online and not (run.town or run.region) else ()


def _is_free(price: Price | None) -> bool | None:
    if price is None:
        return None
    return bool(price.free) or price.amount == 0


def _euro(price: Price | None) -> Decimal | None:
    """The price in euro; other currencies are not converted, so they never look cheaper or dearer than stated."""
    if price is None:
        return None
    if _is_free(price):
        return Decimal(0)
    return price.amount if price.currency == PRICE_CURRENCY else None


def _issuer_countries(content: OfferContent, provider: OrganisationContent) -> tuple[str, ...]:
    if content.issuer_places:
        return _each(place.country for place in content.issuer_places)
    if content.issuer and content.issuer.country:
        return (content.issuer.country,)
    return (provider.country,)


def _issuer_regions(content: OfferContent, provider: OrganisationContent) -> tuple[str, ...]:
    if content.issuer_places:
        return _each(place.region for place in content.issuer_places if place.region)
    return _code(provider.region)


def _sectors(sectors: tuple[Sector, ...]) -> tuple[str, ...]:
    return _each(code for sector in sectors for code in sectors_in_rev21(sector.code, sector.revision))


def _quality(content: OfferContent, provider: OrganisationContent) -> tuple[str, ...]:
    sides = (content.quality_assurance, provider.quality_assurance)
    internal: Iterable[InternalQuality] = (entry for side in sides for entry in side.internal)
    external: Iterable[ExternalQuality] = (entry for side in sides for entry in side.external)
    return _each([*(entry.framework for entry in external), *("internal" for _ in internal)])


def _with_ancestors(name: str, codes: Iterable[str]) -> tuple[str, ...]:
    return _each(above for code in codes for above in vocabulary(name).ancestors(code))


def _code(value: object) -> tuple[str, ...]:
    return () if value is None else (str(value),)


def _flag(value: bool | None) -> tuple[str, ...]:
    return () if value is None else ("yes" if value else "no",)


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
