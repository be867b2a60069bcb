"""What the editor's pages are: which elements stand on which, and what each field is called.

The fields themselves come from the schema; a label is looked up by the whole path, then by the last step of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from catalogue.i18n import N_
from catalogue.offers.elements import ELEMENTS


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the editor. keys: top-level keys of the content in the order of the page."""

    name: str
    title: str
    lede: str
    keys: tuple[str, ...]


PAGES: Final = (
    Page(
        "description",
        N_("Title and description"),
        N_("What somebody reads first. Write for those who know nothing of it yet."),
        ("default_language", "title", "leads_to", "summary", "description"),
    ),
    Page(
        "outcomes",
        N_("Outcomes and subjects"),
        N_("What learners can do afterwards. Outcomes and skills are what the search finds first."),
        ("learning_outcomes", "subjects", "sectors", "green", "digital"),
    ),
    Page(
        "level",
        N_("Level and workload"),
        N_("How demanding it is, how much work it takes, and in which form it is taught."),
        (
            *("level", "workload", "setting", "participation", "schedule", "duration"),
            *("languages", "assessment_languages"),
        ),
    ),
    Page(
        "assessment",
        N_("Assessment and quality"),
        N_("How learning is proved, and how you make sure that this can be relied on."),
        ("assessment", "supervision", "quality_assurance", "feedback"),
    ),
    Page(
        "credential",
        N_("Credential and who stands behind it"),
        N_("Who awards and issues what learners take away."),
        ("awarding_bodies", "issuer", "issuer_places", "credential", "designed_with"),
    ),
    Page(
        "recognition",
        N_("Recognition and stacking"),
        N_("Where the credential counts, and what it can become a part of."),
        ("recognition", "stackability"),
    ),
    Page(
        "access",
        N_("Who can take part"),
        N_("What is required, what counts, and whom it was made for."),
        ("route", "entry_requirements", "prior_learning", "target_groups", "access_needs"),
    ),
    Page(
        "runs",
        N_("Runs and price"),
        N_("When and where it takes place, and what it costs."),
        ("runs", "price", "funding"),
    ),
    Page(
        "links",
        N_("Links and upkeep"),
        N_("Where to apply and to ask, and how the entry is kept up to date."),
        ("links", "further_information", "availability", "licence", "reuse_consent"),
    ),
)
BY_NAME: Final = {page.name: page for page in PAGES}
PAGE_OF: Final = {key: page for page in PAGES for key in page.keys}

# Top-level keys that share an element with another, or are called otherwise here.
_SECTIONS: Final = {
    "title": N_("Title"),
    "default_language": N_("Language of the original"),
    "issuer": N_("Issuer, if it is not you"),
    "issuer_places": N_("Country or region of the issuer"),
    "awarding_bodies": N_("Awarding body"),
    "languages": N_("Language of instruction"),
    "assessment_languages": N_("Language of assessment"),
    "prior_learning": N_("Prior learning"),
    "reuse_consent": N_("Consent to reuse"),
}
SECTIONS: Final[Mapping[str, str]] = {
    key: _SECTIONS.get(key, element.label) for element in ELEMENTS for key in element.keys
}

LABELS: Final[Mapping[str, str]] = {
    "text": N_("Text"),
    "type": N_("Type"),
    "skills": N_("Skills (ESCO)"),
    "ects": N_("ECTS credits"),
    "hours": N_("Hours"),
    "hours_kind": N_("What the hours count"),
    "other_system": N_("Another credit system"),
    "other_system.name": N_("Name of the system"),
    "points": N_("Points"),
    "eqf": N_("EQF level"),
    "basis": N_("Basis"),
    "level.basis": N_("Basis of the level"),
    "level.framework": N_("National framework"),
    "nqf_level": N_("Level in the national framework"),
    "register_url": N_("Entry in the register"),
    "cycle": N_("Cycle (QF-EHEA)"),
    "types": N_("Type of assessment"),
    "criteria": N_("Criteria"),
    "criteria_url": N_("Web page with the criteria"),
    "assessor": N_("Assessed by"),
    "assessor_name": N_("Name of the assessor"),
    "grading_scheme": N_("Grading scheme"),
    "internal": N_("Internal quality assurance"),
    "external": N_("External quality assurance"),
    "scope": N_("What it is about"),
    "framework": N_("Framework"),
    "instrument": N_("Instrument, such as a register or a label"),
    "agency": N_("Agency"),
    "checked_on": N_("Register checked on"),
    "valid_until": N_("Valid until"),
    "url": N_("Web page"),
    "organisation": N_("Organisation of this catalogue"),
    "name": N_("Name"),
    "recognition.name": N_("Or the name of another organisation"),
    "awarding_bodies.name": N_("Or the name of another organisation"),
    "issuer.name": N_("Or the name of another organisation"),
    "country": N_("Country"),
    "region": N_("Region"),
    "town": N_("Town"),
    "status": N_("Status"),
    "formats": N_("Format"),
    "validity": N_("How long it is valid"),
    "authenticity": N_("How to check that it is genuine"),
    "kind": N_("Kind"),
    "purpose": N_("Recognised for"),
    "rule": N_("Rule that it follows"),
    "date": N_("Date"),
    "regulated_profession": N_("Concerns a regulated profession"),
    "towards": N_("Stacks towards"),
    "offer": N_("Offer of this catalogue, as provider/reference"),
    "towards.title": N_("Title"),
    "towards.organisation": N_("Organisation of this catalogue that decides"),
    "towards.name": N_("Or the name of another organisation"),
    "stated_by": N_("Stated by"),
    "no_prior_qualification": N_("No prior qualification needed"),
    "minimum_eqf": N_("Least EQF level"),
    "entry_requirements.languages": N_("Languages required"),
    "language": N_("Language"),
    "cefr": N_("Level of the language (CEFR)"),
    "minimum_age": N_("Least age"),
    "employment_status": N_("Employment"),
    "entry_requirements.licence": N_("Licence to practise that is required"),
    "reference": N_("Your reference for the run"),
    "start": N_("Begins on"),
    "end": N_("Ends on"),
    "application_opens": N_("Applications open"),
    "application_deadline": N_("Apply by"),
    "rolling": N_("Start at any time"),
    "online": N_("Online"),
    "runs.participation": N_("Form of participation, if it differs"),
    "runs.schedule": N_("Schedule, if it differs"),
    "runs.languages": N_("Language of instruction, if it differs"),
    "seats": N_("Seats"),
    "runs.price": N_("Price of this run, if it differs"),
    "application_url": N_("Web page to apply for this run"),
    "free": N_("Free of charge"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "note": N_("Note on the price"),
    "scheme": N_("Name of the scheme"),
    "decided_by": N_("Who decides"),
    "registry_url": N_("Entry in the register of the scheme"),
    "code": N_("Code"),
    "revision": N_("Edition of NACE"),
    "homepage": N_("Page of the offer"),
    "application": N_("Page to apply"),
    "contact": N_("Contact"),
    "email": N_("E-mail address"),
    "phone": N_("Telephone"),
    "links": N_("Links"),
    "label": N_("Text of the link"),
    "offered_from": N_("Offered from"),
    "offered_until": N_("Offered until"),
    "last_reviewed": N_("Last reviewed"),
    "next_review": N_("Next review"),
    "licence": N_("Licence of the content"),
}

HINTS: Final[Mapping[str, str]] = {
    "title": N_("Say what is learnt, not the name of the department."),
    "default_language": N_("The language in which you write; other languages stand beside it."),
    "summary": N_("Two sentences, shown in lists."),
    "learning_outcomes.text": N_("Begin with a verb: what somebody can do afterwards."),
    "learning_outcomes.skills": N_("Skills let people in every language find the offer."),
    "workload.ects": N_("As you award them. They are never calculated from hours."),
    "workload.hours": N_("All the work of a typical learner, or contact hours only: say which below."),
    "nqf_level": N_("If the credential is included in a national qualifications framework."),
    "duration": N_("From the first to the last day."),
    "validity": N_("Leave it empty if it does not expire."),
    "awarding_bodies": N_(
        "Who awards the credential, mostly you. Others are shown as named until they confirm it."
    ),
    "organisation": N_("Begin to type the name, and choose."),
    "region": N_("Name or NUTS code of the region, such as DE60."),
    "recognition": N_("Only state what the receiving organisation would say too."),
    "recognition.status": N_("What the receiving organisation has stated itself counts most."),
    "stackability.kind": N_("Stacking gives no entitlement; say who decides."),
    "target_groups": N_("Made for them; never a condition of access."),
    "runs": N_("What a run leaves open holds as the offer says."),
    "currency": N_("Three letters, such as EUR."),
    "licence": N_("Others may reuse the text under it, such as CC-BY-4.0."),
    "reuse_consent": N_("Whether other portals may take over the entry under this licence."),
    "sectors": N_("Where people work who need this."),
    "subjects": N_("Field of study. The narrower, the better it is found."),
    "green": N_("Leave it open if you are not sure: it can be derived from ESCO skills."),
    "digital": N_("Leave it open if you are not sure: it can be derived from ESCO skills."),
    "languages": N_("Languages in which it is taught."),
}

# Values of fields that have no vocabulary.
OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "hours_kind": {"total": N_("All the work, in total"), "contact": N_("Contact hours only")},
    "assessor": {"provider": N_("You"), "other": N_("Another recognised assessment provider")},
    "external.basis": {
        "register": N_("Register checked on a date"),
        "stated": N_("Stated by the provider"),
    },
    "funding.basis": {
        "registry": N_("In the register of the scheme"),
        "stated": N_("Stated by the provider"),
    },
    "stated_by": {
        "provider": N_("You"),
        "receiving-organisation": N_("The organisation that receives it"),
    },
    "cefr": {level: level for level in ("A1", "A2", "B1", "B2", "C1", "C2")},
}

# Why an element of Annex I matters, to those who are asked to state it.
WHY: Final[Mapping[str, str]] = {
    "title": N_("It is what people read first, in the list and on the credential."),
    "issuer-place": N_("Whoever recognises the credential needs to know which system it comes from."),
    "awarding-body": N_("A credential is worth what the body is worth that answers for it."),
    "learning-outcomes": N_("Employers and universities compare outcomes, not titles of courses."),
    "workload": N_("It tells learners whether it fits their life, and others how much it may count."),
    "level": N_("It says how demanding the learning is, in all countries alike."),
    "assessment": N_("Without assessment there is no proof that anything was learnt."),
    "participation": N_("Whether somebody can come at all often depends on it."),
    "quality-assurance": N_("Trust begins here: who looks whether it is as good as you say?"),
    "entry-requirements": N_(
        "Nobody should find out only after applying. That nothing is required is a fact too."
    ),
    "supervision": N_("It tells others how sure they can be who was assessed."),
    "stackability": N_("Learners want to know whether it leads further."),
    "further-information": N_("Room for what fits nowhere else."),
}

EQF_MEANINGS: Final = (
    N_("Basic general knowledge; simple tasks under direct supervision."),
    N_("Basic factual knowledge; routine problems with simple rules, under supervision with some autonomy."),
    N_("Facts, principles and general concepts; choosing basic methods, taking responsibility for tasks."),
    N_("Broad factual and theoretical knowledge; specific problems, supervising the routine work of others."),
    N_("Comprehensive, specialised knowledge; creative solutions, managing where change is unpredictable."),
    N_("Advanced knowledge and critical understanding; complex problems, managing projects. As a bachelor."),
    N_("Highly specialised knowledge, partly at the forefront; new knowledge and strategies. As a master."),
    N_("Knowledge at the most advanced frontier; original research and authority. As a doctorate."),
)


def label_of(path: str) -> str:
    """The label of a field by its path without positions (`runs.price.amount`): that of its longest end."""
    steps = path.split(".")
    for start in range(len(steps)):
        found = LABELS.get(".".join(steps[start:]))
        if found and not (start == len(steps) - 1 and len(steps) == 1):
            return found
    return SECTIONS[steps[0]] if len(steps) == 1 else LABELS[steps[-1]]


def hint_of(path: str) -> str | None:
    steps = path.split(".")
    if len(steps) == 1:
        return HINTS.get(path)
    ends = (".".join(steps[start:]) for start in range(len(steps) - 1))
    last = (
        HINTS.get(steps[-1])
        if steps[-1] in {"organisation", "region", "nqf_level", "currency", "validity"}
        else None
    )
    return next((HINTS[end] for end in ends if end in HINTS), last)
