"""Documents and published offers for tests. Everything here is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import orjson

from catalogue.db import Database
from catalogue.offers import service
from catalogue.offers.queries import PublishedOffer, Stored
from catalogue.offers.schema import content_of, load_offer
from catalogue.providers import service as providers
from catalogue.providers.queries import Provider
from catalogue.providers.schema import load_organisation, organisation_of
from catalogue.security.actor import OPERATOR

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
SKILL = "http://data.europa.eu/esco/skill/00000000-0000-0000-0000-000000000001"
PROVIDER = "hochschule-probe"


def text(german: str, english: str) -> dict[str, Any]:
    """A text in its canonical form, German being the offer's own language."""
    return {
        "de": {"text": german, "origin": "original"},
        "en": {"text": english, "origin": "translated"},
    }


def provider_document(slug: str = PROVIDER, **changes: Any) -> dict[str, Any]:
    """An organisation that says everything an organisation can say."""
    return {
        "slug": slug,
        "legal_name": "Hochschule Probe",
        "default_language": "de",
        "names": text("Hochschule Probe", "Sample University"),
        "description": text("Eine erfundene Hochschule.", "An invented university."),
        "kinds": ["higher-education"],
        "country": "DE",
        "region": "DE60",
        "town": "Hamburg",
        "homepage": "https://probe.example/",
        "contact": {
            "email": "info@probe.example",
            "phone": "+49 40 000",
            "url": "https://probe.example/kontakt",
        },
        "identifiers": [{"scheme": "DEQAR", "value": "EXAMPLE-0001"}],
        "quality_assurance": _quality("Rückmeldungen der Teilnehmenden", "Feedback of learners"),
        "recognition_policy": {
            "text": text("Wir prüfen jeden Antrag.", "We look at every application."),
            "url": "https://probe.example/anerkennung",
            "reviewed_on": "2026-06-01",
        },
        "adheres_to_european_approach": True,
        **changes,
    }


def _quality(german: str, english: str) -> dict[str, Any]:
    return {
        "internal": [
            {"scope": "learner-feedback", "text": text(german, english), "url": "https://probe.example/qm"}
        ],
        "external": [
            {
                "framework": "esg",
                "scope": "provider",
                "basis": "register",
                "instrument": "Systemakkreditierung",
                "agency": "Erfundene Agentur",
                "checked_on": "2026-10-01",
                "valid_until": "2030-09-30",
                "url": "https://agentur.example/probe",
            }
        ],
    }


def complete_offer(**changes: Any) -> dict[str, Any]:
    """An offer, in canonical form, that states every element there is, down to the last key."""
    return {**_description(), **_formalities(), **_learning(), **_practicalities(), **changes}


def minimal_offer(**changes: Any) -> dict[str, Any]:
    """As little as the policy `minimal` lets through."""
    return {
        "default_language": "de",
        "title": {"de": {"text": "Imkern für Anfänger", "origin": "original"}},
        "description": {"de": {"text": "Ein Wochenende am Bienenstock.", "origin": "original"}},
        **changes,
    }


def _description() -> dict[str, Any]:
    return {
        "default_language": "de",
        "title": text("Wundversorgung in der Praxis", "Wound care in practice"),
        "leads_to": "micro-credential",
        "summary": text("Wunden einschätzen und versorgen.", "Assessing and dressing wounds."),
        "description": text("Vier Wochenenden im Übungsraum.", "Four weekends in the skills lab."),
        "learning_outcomes": [
            {
                "text": text("Chronische Wunden einstufen", "Grade chronic wounds"),
                "type": "skill",
                "skills": [SKILL],
            }
        ],
        "further_information": {
            "text": text("Kittel mitbringen.", "Bring a gown."),
            "links": [{"url": "https://probe.example/wunden/faq", "label": text("Fragen", "Questions")}],
        },
        "feedback": text("Wir besprechen jede Rückmeldung.", "We discuss every remark."),
    }


def _formalities() -> dict[str, Any]:
    return {
        "issuer": {"name": "Prüfungsamt Probe", "country": "AT"},
        "issuer_places": [{"country": "AT", "region": "AT13", "town": "Wien"}],
        "awarding_bodies": [
            {"name": "Pflegekammer Probe", "country": "DE", "status": "confirmed"},
            {"organisation": PROVIDER, "status": "confirmed"},
        ],
        "workload": {
            "ects": 3,
            "hours": 75,
            "hours_kind": "total",
            "other_system": {"name": "Fortbildungspunkte", "points": 20},
        },
        "level": {
            "eqf": 5,
            "basis": "nqf",
            "framework": "DQR",
            "nqf_level": "5",
            "register_url": "https://register.example/5",
            "cycle": "short",
        },
        "quality_assurance": _quality("Jährliche Durchsicht", "Yearly review"),
        "recognition": [
            {
                "name": "Klinikum Probe",
                "country": "DE",
                "purpose": "employment",
                "status": "stated",
                "rule": text("Paragraf 3 der Ordnung", "Section 3 of the order"),
                "text": text("Zählt als Fortbildung.", "Counts as training."),
                "ects": 2,
                "date": "2026-01-10",
                "valid_until": "2028-01-10",
                "url": "https://klinikum.example/a",
                "regulated_profession": True,
            },
            {"organisation": "akademie-muster", "purpose": "academic", "status": "claimed"},
        ],
        "stackability": {
            "kind": "stackable",
            "towards": [
                {
                    "offer": "akademie-muster/PF-100",
                    "title": text("Pflegeexpertin", "Expert nurse"),
                    "organisation": "akademie-muster",
                    "name": "Akademie Muster",
                    "country": "DE",
                    "url": "https://muster.example/pf",
                    "ects": 3,
                    "stated_by": "receiving-organisation",
                }
            ],
        },
        "licence": "CC-BY-4.0",
        "reuse_consent": True,
    }


def _learning() -> dict[str, Any]:
    return {
        "assessment": {
            "types": ["practical-assessment"],
            "criteria": text("Sicheres Arbeiten", "Working safely"),
            "criteria_url": "https://probe.example/kriterien",
            "assessor": "other",
            "assessor_name": "Prüfstelle Nord",
            "grading_scheme": text("Bestanden oder nicht", "Pass or fail"),
        },
        "participation": ["blended"],
        "entry_requirements": {
            "text": text("Erfahrung in der Pflege", "Experience in nursing"),
            "no_prior_qualification": False,
            "minimum_eqf": 4,
            "languages": [{"language": "de", "cefr": "B2"}],
            "minimum_age": 18,
            "employment_status": "employed",
            "licence": text("Berufserlaubnis", "Licence to practise"),
        },
        "supervision": "onsite-verified",
        "route": "both",
        "prior_learning": ["access"],
        "subjects": ["0913"],
        "sectors": [{"code": "R", "revision": "2.1"}],
        "target_groups": ["experience-3-10"],
        "access_needs": ["step-free"],
        "designed_with": [{"kind": "employers", "name": "Klinikverbund Probe"}],
        "green": False,
        "digital": False,
        "languages": ["de"],
        "assessment_languages": ["de"],
        "setting": "formal",
        "schedule": "part-time",
        "duration": "P8W",
    }


def _practicalities() -> dict[str, Any]:
    return {
        "runs": [
            {
                "reference": "W-1",
                "start": "2027-02-01",
                "end": "2027-03-28",
                "application_opens": "2026-11-01T00:00:00+00:00",
                "application_deadline": "2027-01-15T23:59:00+00:00",
                "rolling": False,
                "online": False,
                "country": "DE",
                "region": "DE60",
                "town": "Hamburg",
                "participation": ["blended"],
                "schedule": "part-time",
                "languages": ["de"],
                "seats": 16,
                "price": {
                    "free": False,
                    "amount": 240,
                    "currency": "EUR",
                    "note": text("Mit Material", "With materials"),
                },
                "application_url": "https://probe.example/anmeldung/1",
            },
            {"reference": "W-2", "rolling": True, "online": False},
        ],
        "price": {
            "free": False,
            "amount": 260,
            "currency": "EUR",
            "note": text("Ohne Fahrt", "Travel not included"),
        },
        "funding": [
            {
                "kind": "voucher",
                "scheme": "Weiterbildungsscheck",
                "country": "DE",
                "decided_by": "Land Probe",
                "basis": "registry",
                "valid_until": "2027-12-31",
                "registry_url": "https://land.example/scheck",
            }
        ],
        "credential": {
            "formats": ["edc"],
            "validity": "P3Y",
            "authenticity": text("Elektronisches Siegel", "Electronic seal"),
        },
        "availability": {
            "offered_from": "2026-01-01",
            "offered_until": "2028-12-31",
            "last_reviewed": "2026-09-01",
            "next_review": "2027-09-01",
        },
        "links": {
            "homepage": "https://probe.example/wunden",
            "application": "https://probe.example/anmeldung",
            "contact": {
                "email": "wunden@probe.example",
                "phone": "+49 40 001",
                "url": "https://probe.example/team",
            },
        },
    }


def published_offer(
    document: Mapping[str, Any] | None = None, provider: Mapping[str, Any] | None = None
) -> PublishedOffer:
    """A published offer that was never in a database."""
    said = load_offer(document or complete_offer())
    organisation = load_organisation(provider or provider_document())
    return PublishedOffer(
        id="019a0000-0000-7000-8000-000000000001",
        reference="W-1",
        slug="wundversorgung-in-der-praxis",
        version=1,
        state="published",
        first_published_at=NOW,
        published_at=NOW,
        checksum="0" * 64,
        stored=Stored(orjson.dumps(said).decode(), content_of(said)),
        provider=Provider(
            "019a0000-0000-7000-8000-000000000002",
            organisation["slug"],
            1,
            True,
            NOW,
            organisation,
            organisation_of(organisation),
        ),
    )


def provider(database: Database, slug: str = PROVIDER, *, at: dt.datetime = NOW, **changes: Any) -> str:
    """Store an organisation; returns its slug."""
    with database.write() as session:
        providers.save(session, OPERATOR, provider_document(slug, **changes), at=at)
    return slug


def published(
    database: Database,
    reference: str = "W-1",
    document: Mapping[str, Any] | None = None,
    *,
    slug: str = PROVIDER,
    policy: str = "minimal",
    at: dt.datetime = NOW,
) -> str:
    """Publish an offer, with its provider where there is none yet; returns its id."""
    with database.write() as session:
        key = service.Key(slug, reference)
        try:
            saved = service.save_draft(session, OPERATOR, key, document or complete_offer(), at=at)
        except service.NotFoundError:
            providers.save(session, OPERATOR, provider_document(slug), at=at)
            saved = service.save_draft(session, OPERATOR, key, document or complete_offer(), at=at)
        service.publish(session, OPERATOR, saved.id, policy, at=at)
    return saved.id


def titled(german: str, **changes: Any) -> dict[str, Any]:
    """A small German offer that leads to a micro-credential, under a title of its own."""
    title = {"de": {"text": german, "origin": "original"}}
    return minimal_offer(title=title, leads_to="micro-credential", **changes)
