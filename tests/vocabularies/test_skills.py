"""The skills: all that the seed data uses, in all official EU languages, with ESCO's own labels unchanged."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from catalogue.vocabularies.skills import FILE, OFFICIAL, Skill, is_digital, is_green, skills

ROOT = Path(__file__).resolve().parents[2]
PROVIDERS = ROOT / "seed_data" / "providers"
SHARED = ROOT.parent / "shared" / "vocabularies"
EU_LANGUAGES = frozenset(
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()  # noqa: SIM905
)
LABELS = {"en": "skills_en-us.csv", "fr": "skills_fr.csv", "es": "skills_es.csv"}
SKILL = re.compile(r"http://data\.europa\.eu/esco/skill/[0-9a-f-]+")
SPACES = re.compile(r"\s{2,}|[\n\t]")

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="ESCO is not beside the checkout")


def column(path: Path, name: str) -> dict[str, str]:
    """A column of an ESCO file by concept URI."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["conceptUri"]: row[name] for row in csv.DictReader(file)}


def every_skill() -> list[Skill]:
    return list(skills().values())


def test_the_seed_data_uses_only_skills_of_the_file() -> None:
    files = sorted(PROVIDERS.glob("*.yaml"))
    assert files
    unknown = {
        file.name: missing
        for file in files
        if (missing := set(SKILL.findall(file.read_text(encoding="utf-8"))) - skills().keys())
    }
    assert unknown == {}


def test_every_skill_stands_once_and_in_the_order_of_english_labels() -> None:
    addresses = re.findall(r"^- uri: (\S+)$", FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(addresses) == len(set(addresses))
    assert addresses == list(skills())
    labels = [skill.labels["en"].casefold() for skill in every_skill()]
    assert labels == sorted(labels)


@pytest.mark.parametrize("skill", every_skill(), ids=lambda skill: skill.labels["en"])
def test_a_skill_has_a_label_in_every_eu_language(skill: Skill) -> None:
    assert skill.labels.keys() == EU_LANGUAGES
    assert skill.official == OFFICIAL
    for language, label in skill.labels.items():
        assert label
        assert label == label.strip()
        if language not in OFFICIAL:
            assert not SPACES.search(label)


@pytest.mark.parametrize("skill", every_skill(), ids=lambda skill: skill.labels["en"])
def test_alternatives_are_other_words_than_the_label(skill: Skill) -> None:
    assert skill.alternatives.keys() <= EU_LANGUAGES
    for language, alternatives in skill.alternatives.items():
        assert alternatives
        words = [text.casefold() for text in (skill.labels[language], *alternatives)]
        assert all(word and word == word.strip() for word in words)
        assert len(set(words)) == len(words)


@needs_shared
@pytest.mark.parametrize("language", OFFICIAL)
def test_official_labels_are_those_of_esco(language: str) -> None:
    official = column(SHARED / "esco-1.0" / LABELS[language], "preferredLabel")
    ours = {uri: skill.labels[language] for uri, skill in skills().items()}
    assert ours == {uri: official[uri] for uri in ours}


@needs_shared
def test_flags_are_the_collections_of_esco() -> None:
    folder = SHARED / "esco-1.1.1" / "en"
    green = column(folder / "greenSkillsCollection_en.csv", "conceptUri").keys()
    digital = column(folder / "digitalSkillsCollection_en.csv", "conceptUri").keys()
    assert {uri for uri in skills() if is_green(uri)} == skills().keys() & green
    assert {uri for uri in skills() if is_digital(uri)} == skills().keys() & digital
