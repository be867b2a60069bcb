"""schema.org data of an offer page: a Course with its instances and the credential it leads to."""

from __future__ import annotations

from typing import Any

from catalogue.offers.content import OfferContent, Run
from catalogue.offers.labels import pick
from catalogue.offers.queries import PublishedOffer

MODES = {"online": "online", "blended": "blended", "presential": "onsite", "work-based": "onsite"}


def course(offer: PublishedOffer, base_url: str, language: str) -> dict[str, Any]:
    """A schema.org Course; what the offer does not state is left out."""
    content, provider = offer.content, offer.provider.content
    shown = pick(content.title, language, content.default_language) or content.default_language
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": f"{base_url}/offers/{offer.id}",
        "url": f"{base_url}/{language}/offers/{offer.id}/{offer.slug}",
        "name": content.title[shown].text,
        "inLanguage": list(content.languages),
        "courseCode": offer.reference,
        "description": _description(content, language),
        "teaches": [_in(outcome.text, content, language) for outcome in content.learning_outcomes],
        "provider": {
            "@type": "Organization",
            "name": provider.legal_name,
            "url": provider.homepage,
            "address": {"@type": "PostalAddress", "addressCountry": provider.country},
        },
        "educationalCredentialAwarded": _credential(content),
        "numberOfCredits": _credits(content),
        "educationalLevel": f"EQF {content.level.eqf}" if content.level.eqf else None,
        "hasCourseInstance": [_instance(run, content) for run in content.runs],
        "offers": _price(content),
        "dateModified": offer.published_at.date().isoformat(),
    }
    stated: dict[str, Any] = _stated(data)
    return stated


def _stated(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stated(entry) for key, entry in value.items() if entry not in (None, [], {})}
    return [_stated(entry) for entry in value] if isinstance(value, list) else value


def _in(text: Any, content: OfferContent, language: str) -> str | None:
    shown = pick(text, language, content.default_language)
    return text[shown].text if shown else None


def _description(content: OfferContent, language: str) -> str | None:
    return _in(content.summary, content, language) or _in(content.description, content, language)


def _credential(content: OfferContent) -> Any:
    if content.leads_to != "micro-credential":
        return None
    return {"@type": "EducationalOccupationalCredential", "credentialCategory": "micro-credential"}


def _credits(content: OfferContent) -> Any:
    if content.workload.ects is None:
        return None
    return {"@type": "StructuredValue", "value": float(content.workload.ects), "unitText": "ECTS"}


def _instance(run: Run, content: OfferContent) -> dict[str, Any]:
    modes = run.participation or content.participation
    return {
        "@type": "CourseInstance",
        "courseMode": sorted({MODES[mode] for mode in modes if mode in MODES})
        or (["online"] if run.online else []),
        "startDate": run.start.isoformat() if run.start else None,
        "endDate": run.end.isoformat() if run.end else None,
        "inLanguage": list(run.languages or content.languages),
        "location": {"@type": "Place", "name": run.town, "address": run.country} if run.town else None,
        "courseWorkload": f"PT{int(content.workload.hours)}H" if content.workload.hours else None,
    }


def _price(content: OfferContent) -> Any:
    if content.price is None:
        return None
    free = content.price.free or not content.price.amount
    return {
        "@type": "Offer",
        "category": "Free" if free else "Paid",
        "price": str(content.price.amount or 0),
        "priceCurrency": content.price.currency or "EUR",
    }
