"""Official URIs of codes, where there is one that means the same.

Source: the concept schemes of the European Learning Model 3.1 (github.com/european-commission-empl/
European-Learning-Model, xsd/loq/cv, commit 9d7c5d22) and the EU authority tables; NACE from the
data.europa.eu/ux2 classifications. Codes of ours without an exact match have none: `part-time` is neither
"part time light" nor "part time intensive".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalogue.vocabularies.files import read

if TYPE_CHECKING:
    from collections.abc import Callable

_SNB: Final = "http://data.europa.eu/snb/"
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"

# The path `learning-assessment` of the modes is the official one, odd as it looks.
_PATHS: Final = {
    "assessment": "assessment/",
    "participation": "learning-assessment/",
    "schedule": "learning-schedule/",
    "setting": "learning-setting/",
    "target-group": "target-group/",
    "outcome-type": "skill-type/",
}

_CONCEPTS: Final[dict[str, dict[str, str]]] = {
    "assessment": {
        "peer-assessment": "19a2e5e671",
        "marked-assignment": "2939dae15f",
        "continuous-evaluation": "3484bd7e51",
        "portfolio": "4f03b91c0e",
        "group-performance": "56539a6507",
        "practical-assessment": "6a4db9f11d",
        "written-examination": "6e6cb2cc78",
        "attendance": "7331eb4762",
        "project-work": "795dac4096",
        "peer-review": "812e3b0ae1",
        "quiz": "b1b68f6735",
        "problem-based-learning": "c4256a2726",
        "oral-examination": "d30284d7df",
        "artefact-assessment": "de4d165a6c",
    },
    "participation": {
        "work-based": "729f3bed4b",
        "project-based": "7813801c77",
        "presential": "9191af2ed9",
        "online": "920fbb3cbe",
        "blended": "e92d221e4d",
        "research-lab": "ed4c557045",
    },
    "schedule": {"full-time": "72a0ab92fa"},
    "setting": {"formal": "6fd4685715", "non-formal": "e207a81fc7"},
    "outcome-type": {"knowledge": "knowledge", "skill": "skill"},
    "target-group": {
        "high-achievers": "022beab85a",
        "non-native-speakers": "0247b300b0",
        "employment-retraining": "05f11c859b",
        "in-tertiary-eqf6": "1599531db0",
        "completed-primary": "1cfca7f767",
        "in-secondary": "46806e0244",
        "completed-tertiary-eqf7": "527a6f97eb",
        "in-primary": "5b1417fd15",
        "experience-0-3": "5e56931138",
        "completed-tertiary-eqf8": "808b99d38f",
        "completed-secondary": "919082b88b",
        "in-tertiary-eqf7": "acb7f20f25",
        "in-tertiary-eqf8": "b0bf4f9fe9",
        "migrants": "c900d8ecb1",
        "experience-3-10": "cbedf28444",
        "experience-10-plus": "d45b47b458",
        "learning-disability": "de9cd193ce",
        "native-speakers": "e3782a33ab",
        "completed-tertiary-eqf6": "e7627913ad",
        "low-achievers": "fd1279fd9f",
    },
}

_PATTERNS: Final[dict[str, Callable[[str], str]]] = {
    "eqf": lambda code: f"{_SNB}eqf/{code}",
    "isced": lambda code: f"{_SNB}isced-f/{code}",
    "nace": lambda code: f"http://data.europa.eu/ux2/nace2.1/{code}",
    "nace-rev2": lambda code: f"http://data.europa.eu/ux2/nace2/{code}",
    "nuts": lambda code: f"http://data.europa.eu/nuts/code/{code}",
    "country": lambda code: f"{_AUTHORITY}country/{read('country.tsv')[code]['eu']}",
    "language": lambda code: f"{_AUTHORITY}language/{read('language.tsv')[code]['eu']}",
}


def official(name: str, code: str) -> str | None:
    """The URI of a known code of a known vocabulary."""
    if name in _PATTERNS:
        return _PATTERNS[name](code)
    concept = _CONCEPTS.get(name, {}).get(code)
    return f"{_SNB}{_PATHS[name]}{concept}" if concept else None
