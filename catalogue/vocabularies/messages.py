"""The short lists: codes in the order they are shown, with English messages for gettext to translate.

Labels are whole phrases that stand alone, so that no list borrows a word another one means differently.
Where a list is also one of the European Learning Model (`uris.py`), our label may be plainer than its.
"""

from __future__ import annotations

from typing import Final

from catalogue.i18n import N_

Messages = dict[str, str]

_LEVELS: Final = {
    "eqf": {
        "1": N_("EQF level 1"),
        "2": N_("EQF level 2"),
        "3": N_("EQF level 3"),
        "4": N_("EQF level 4"),
        "5": N_("EQF level 5"),
        "6": N_("EQF level 6"),
        "7": N_("EQF level 7"),
        "8": N_("EQF level 8"),
    },
    "eqf-basis": {
        "nqf": N_("Included in a national qualifications framework"),
        "stated": N_("Stated by the provider, not in a national framework"),
    },
    "cycle": {
        "short": N_("Short cycle"),
        "first": N_("First cycle (bachelor)"),
        "second": N_("Second cycle (master)"),
        "third": N_("Third cycle (doctorate)"),
    },
    "setting": {
        "formal": N_("Formal learning"),
        "non-formal": N_("Non-formal learning"),
    },
    "outcome-type": {
        "knowledge": N_("Knowledge"),
        "skill": N_("Skill"),
        "responsibility-autonomy": N_("Responsibility and autonomy"),
    },
}

_LEARNING: Final = {
    "participation": {
        "online": N_("Online"),
        "blended": N_("Blended"),
        "presential": N_("On site"),
        "work-based": N_("Work-based"),
        "project-based": N_("Project-based"),
        "research-lab": N_("In a research lab"),
    },
    "schedule": {
        "full-time": N_("Full time"),
        "part-time": N_("Part time"),
        "own-pace": N_("At your own pace"),
    },
    "route": {
        "course": N_("By taking a course"),
        "validation": N_("By assessment of what you have already learnt"),
        "both": N_("By a course or by assessment of what you have already learnt"),
    },
    "prior-learning": {
        "access": N_("Prior learning counts for access"),
        "exemption": N_("Prior learning counts for exemptions"),
    },
    "stackability": {
        "stand-alone": N_("Stand-alone"),
        "stackable": N_("Stackable towards another credential"),
    },
    "employment-status": {
        "employed": N_("For employed persons"),
        "self-employed": N_("For self-employed persons"),
        "unemployed": N_("For unemployed persons"),
    },
}

_ASSESSMENT: Final = {
    "assessment": {
        "written-examination": N_("Written examination"),
        "oral-examination": N_("Oral examination"),
        "practical-assessment": N_("Practical assessment"),
        "project-work": N_("Project work"),
        "portfolio": N_("Portfolio"),
        "marked-assignment": N_("Marked assignment"),
        "continuous-evaluation": N_("Continuous evaluation"),
        "quiz": N_("Quiz"),
        "problem-based-learning": N_("Problem-based learning"),
        "artefact-assessment": N_("Assessment of something you made"),
        "group-performance": N_("Group performance"),
        "peer-assessment": N_("Peer assessment"),
        "peer-review": N_("Peer review"),
        "attendance": N_("Level of attendance"),
    },
    # In the words of Annex I of the Recommendation.
    "supervision": {
        "unsupervised": N_("Unsupervised with no identity verification"),
        "supervised": N_("Supervised with no identity verification"),
        "supervised-online-verified": N_("Supervised online, with identity verification"),
        "onsite-verified": N_("Onsite, with identity verification"),
    },
    "credential-format": {
        "edc": N_("European Digital Credential"),
        "open-badges-3": N_("Open Badge 3.0"),
        "signed-pdf": N_("Signed PDF"),
        "paper": N_("Paper certificate"),
    },
}

_QUALITY: Final = {
    "qa-framework": {
        "esg": N_("Standards and guidelines for higher education (ESG)"),
        "eqavet": N_("Quality assurance of vocational education and training (EQAVET)"),
        "eqf-annex-iv": N_("Quality assurance principles of the EQF (Annex IV)"),
        "national": N_("National quality assurance framework"),
        "sector": N_("Quality assurance framework of a sector"),
        "internal": N_("Internal quality assurance"),
    },
    "qa-internal-scope": {
        "credential": N_("The micro-credential itself"),
        "course": N_("The course"),
        "learner-feedback": N_("Feedback from learners"),
        "peer-feedback": N_("Feedback from peers"),
    },
    "qa-scope": {
        "provider": N_("The provider as a whole"),
        "programme": N_("The programme"),
        "offer": N_("This offer"),
    },
}

_RECOGNITION: Final = {
    "recognition-purpose": {
        "academic": N_("For academic purposes"),
        "training": N_("For training purposes"),
        "employment": N_("For employment purposes"),
        "mandatory-training": N_("As mandatory training for a job"),
    },
    "recognition-status": {
        "stated": N_("Stated by the receiving organisation"),
        "claimed": N_("Claimed by the provider, not confirmed"),
        "withdrawn": N_("Withdrawn or expired"),
    },
    "leads-to": {
        "micro-credential": N_("Micro-credential"),
        "other-certificate": N_("Another certificate"),
    },
}

_PARTIES: Final = {
    "provider-kind": {
        "higher-education": N_("Higher education institution"),
        "vocational": N_("Vocational education and training provider"),
        "adult-education": N_("Adult education provider"),
        "other-education": N_("Other education or training provider"),
        "employer": N_("Employer or industry"),
        "employers-organisation": N_("Employers’ organisation"),
        "workers-organisation": N_("Workers’ organisation"),
        "professional-association": N_("Professional association"),
        "civil-society": N_("Civil society organisation"),
        "community-centre": N_("Community centre"),
        "public-employment-service": N_("Public employment service"),
        "authority": N_("Local, regional or national authority"),
        "research": N_("Research and innovation organisation"),
        "alliance": N_("Alliance of institutions"),
        "other": N_("Other organisation"),
    },
    "designed-with": {
        "employers": N_("Employers"),
        "employers-organisation": N_("Employers’ organisations"),
        "workers-organisation": N_("Workers’ organisations"),
        "professional-association": N_("Professional associations"),
        "learners": N_("Learners"),
        "public-authority": N_("Public authorities"),
        "research": N_("Research organisations"),
        "other": N_("Other participants"),
    },
    "funding": {
        "individual-learning-account": N_("Individual learning account"),
        "voucher": N_("Training voucher"),
        "public-employment-service": N_("Paid by the public employment service"),
        "grant": N_("Grant"),
        "tax-relief": N_("Tax relief"),
        "employer": N_("Paid by the employer"),
        "paid-training-leave": N_("Paid training leave"),
        "other": N_("Other funding"),
    },
}

_PEOPLE: Final = {
    "target-group": {
        "young-people": N_("Young people"),
        "older-people": N_("Older people"),
        "persons-with-disabilities": N_("Persons with disabilities"),
        "learning-disability": N_("Persons with a learning disability"),
        "minorities": N_("Persons belonging to minorities"),
        "migrants": N_("Migrants"),
        "refugees-and-migrants": N_("Refugees and migrants"),
        "low-qualified": N_("Persons with few or no qualifications"),
        "long-term-unemployed": N_("Long-term unemployed persons"),
        "minimum-income-recipients": N_("Recipients of minimum income"),
        "employment-retraining": N_("Persons who need retraining for a job"),
        "self-employed-platform-workers": N_("Self-employed and platform workers"),
        "smes": N_("Small and medium-sized enterprises"),
        "teachers-trainers": N_("Teachers and trainers"),
        "guidance-counsellors": N_("Guidance counsellors"),
        "experience-0-3": N_("Persons with up to 3 years of work experience"),
        "experience-3-10": N_("Persons with 3 to 10 years of work experience"),
        "experience-10-plus": N_("Persons with more than 10 years of work experience"),
        "in-primary": N_("Persons in primary education"),
        "completed-primary": N_("Persons who have completed primary education"),
        "in-secondary": N_("Persons in secondary or compulsory education"),
        "completed-secondary": N_("Persons who have completed secondary or compulsory education"),
        "in-tertiary-eqf6": N_("Persons in tertiary education (EQF 6)"),
        "completed-tertiary-eqf6": N_("Persons who have completed tertiary education (EQF 6)"),
        "in-tertiary-eqf7": N_("Persons in tertiary education (EQF 7)"),
        "completed-tertiary-eqf7": N_("Persons who have completed tertiary education (EQF 7)"),
        "in-tertiary-eqf8": N_("Persons in tertiary education (EQF 8)"),
        "completed-tertiary-eqf8": N_("Persons who have completed tertiary education (EQF 8)"),
        "high-achievers": N_("High achievers"),
        "low-achievers": N_("Low achievers"),
        "native-speakers": N_("Native speakers"),
        "non-native-speakers": N_("Non-native speakers"),
    },
    "access-need": {
        "step-free": N_("Step-free access"),
        "sign-language": N_("Sign language"),
        "captions": N_("Captions"),
        "screen-reader": N_("Works with screen readers"),
        "easy-language": N_("Easy-to-read language"),
        "hearing-loop": N_("Hearing loop"),
        "individual-support": N_("Individual support"),
        "childcare": N_("Childcare"),
        "device-loan": N_("Loan of devices"),
    },
}

_COMMON: Final = {
    # Who wrote a text.
    "origin": {
        "original": N_("Written by the provider"),
        "translated": N_("Translated by the provider"),
        "machine": N_("Machine translation"),
    },
    "yes-no": {"yes": N_("Yes"), "no": N_("No")},
    "not-stated": {"not-stated": N_("Not stated")},
}

MESSAGES: Final[dict[str, Messages]] = {
    **_LEVELS,
    **_LEARNING,
    **_ASSESSMENT,
    **_QUALITY,
    **_RECOGNITION,
    **_PARTIES,
    **_PEOPLE,
    **_COMMON,
}
