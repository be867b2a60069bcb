"""Plain values for the API: how an offer, a provider and a page of results look in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.i18n import gettext_for
from catalogue.offers import notices
from catalogue.offers.facets import BY_NAME
from catalogue.offers.labels import Providers, ordered
from catalogue.offers.queries import PublishedOffer, Tombstone
from catalogue.offers.rules import completeness
from catalogue.providers.queries import Provider
from catalogue.suggestions import Group, Suggestion
from catalogue.vocabularies.skills import skills
from search.facets import NOT_STATED
from search.understanding import Understanding


def offer_json(offer: PublishedOffer, base_url: str, language: str) -> dict[str, Any]:
    """A public version of an offer: identity, provider, content, completeness and notices."""
    return {
        "id": offer.id,
        "reference": offer.reference,
        "version": offer.version,
        "state": offer.state,
        "first_published_at": offer.first_published_at.isoformat(),
        "published_at": offer.published_at.isoformat(),
        "checksum": offer.checksum,
        "links": {
            "self": f"{base_url}/api/v1/offers/{offer.id}",
            "version": f"{base_url}/api/v1/offers/{offer.id}/versions/{offer.version}",
            "page": f"{base_url}/offers/{offer.id}",
        },
        "provider": {
            "slug": offer.provider.slug,
            "legal_name": offer.provider.content.legal_name,
            "country": offer.provider.content.country,
            "verified": offer.provider.verified,
            "links": {"self": f"{base_url}/api/v1/providers/{offer.provider.slug}"},
        },
        "content": offer.document,
        "skills": [_skill(uri, language) for uri in offer.content.skills],
        "completeness": _completeness(offer),
        "notices": _notices(offer, language),
    }


def _skill(uri: str, language: str) -> dict[str, Any]:
    skill = skills().get(uri)
    if skill is None:
        return {"uri": uri}
    label = skill.label(language)
    return {
        "uri": uri,
        "label": label.text,
        "language": label.language,
        "label_source": "ESCO 1.0" if label.language in skill.official else "Portolan",
    }


def _completeness(offer: PublishedOffer) -> dict[str, Any]:
    result = completeness(offer.content, offer.provider.content)
    return {
        "stated": result.stated,
        "applicable": result.applicable,
        "elements": [
            {"name": element.name, "source": element.source, "standing": how}
            for element, how in result.elements
        ],
    }


def _notices(offer: PublishedOffer, language: str) -> list[str]:
    gettext = gettext_for(language)
    names = notices.applying(offer.content, offer.provider.content)
    return [gettext(notices.NOTICES[name]) for name in names]


def tombstone_json(tombstone: Tombstone) -> dict[str, Any]:
    """What remains of an offer that is no longer public."""
    return {
        "id": tombstone.id,
        "deleted": True,
        "state": tombstone.state,
        "version": tombstone.version,
        "checksum": tombstone.checksum,
        "published_at": tombstone.published_at.isoformat(),
        "withdrawn_at": tombstone.withdrawn_at.isoformat(),
        "reason": tombstone.reason,
    }


def provider_json(provider: Provider, offers: int, base_url: str) -> dict[str, Any]:
    """An organisation: identity, content, and how many offers it has published."""
    return {
        "id": provider.id,
        "slug": provider.slug,
        "version": provider.version,
        "verified": provider.verified,
        "changed_at": provider.changed_at.isoformat(),
        "offers": offers,
        "links": {
            "self": f"{base_url}/api/v1/providers/{provider.slug}",
            "offers": f"{base_url}/api/v1/offers?provider={provider.slug}",
            "page": f"{base_url}/en/providers/{provider.slug}",
        },
        "content": provider.document,
    }


def facets_json(
    facets: Mapping[str, Mapping[str, int]], language: str, providers: Providers
) -> dict[str, list[dict[str, Any]]]:
    """For every facet its values with label and count, in the order of the page."""
    return {
        name: [
            {"value": code, "label": label.text, "count": count}
            for code, label, count in ordered(BY_NAME[name], {NOT_STATED: 0, **counts}, language, providers)
        ]
        for name, counts in facets.items()
    }


def understood_json(understanding: Understanding) -> dict[str, Any]:
    """How the words of a search were read: concepts, words nobody uses, and what was taken for them."""
    text = understanding.text
    return {
        "concepts": [
            {
                "uri": meaning.uri,
                "kind": meaning.kind,
                "label": meaning.label,
                "language": meaning.language,
            }
            for meaning in understanding.meanings
        ],
        "similar": [
            {"word": text[entry.word.start : entry.word.end], "forms": list(entry.forms)}
            for entry in understanding.corrected
        ],
        "unknown": [text[word.start : word.end] for word in understanding.unknown],
        "did_you_mean": understanding.did_you_mean,
    }


def suggestions_json(groups: Iterable[Group], base_url: str) -> list[dict[str, Any]]:
    """Groups of suggestions; a label and a detail each say what language they are in."""
    return [
        {
            "kind": group.kind,
            "label": group.label,
            "items": [_suggestion(item, base_url) for item in group.items],
        }
        for group in groups
    ]


def _suggestion(item: Suggestion, base_url: str) -> dict[str, Any]:
    detail = item.detail
    return {
        "id": item.id,
        "label": item.label.text,
        "language": item.label.language,
        "detail": detail.text if detail else None,
        "detail_language": detail.language if detail else None,
        "url": f"{base_url}{item.path}",
    } | ({"kind": item.kind} if item.kind else {})
