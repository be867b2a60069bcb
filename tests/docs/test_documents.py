"""The other documents: links lead somewhere, samples are valid, the glossary is whole."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from catalogue.api.openapi import OPERATIONS
from catalogue.api.routes import CHANGES_LIMIT
from catalogue.offers.elements import ELEMENTS
from catalogue.offers.facets import OFFER_FACETS
from catalogue.settings import ROOT, Settings
from search.query import DEFAULT_PAGE_SIZE, MAX_DEPTH, MAX_PAGE_SIZE, MAX_TEXT
from search.text.parsing import MAX_WORDS
from tests.docs.reading import anchors, blocks, document, links, section, table

DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for path in (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs" / "decisions").glob("*.md"),
    )
)
API, DEPLOY, GLOSSARY = (document(f"docs/{name}.md") for name in ("api", "deploy", "glossary"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_a_file_and_a_heading(name: str) -> None:
    lost = []
    for file, anchor in links(document(name)):
        target = (ROOT / name).parent / file if file else ROOT / name
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            lost.append(f"{file}#{anchor}")
    assert lost == []


# glossary


def test_the_glossary_has_every_element() -> None:
    wanted = [
        [
            f"`{element.name}`",
            element.label,
            element.source,
            ", ".join(f"`{k}`" for k in element.keys) or "none",
        ]
        for element in ELEMENTS
    ]
    assert table(section(GLOSSARY, "Elements")) == wanted


def test_the_glossary_has_every_facet() -> None:
    rows = table(section(GLOSSARY, "Facets"))
    assert [row[:2] for row in rows] == [[f"`{entry.facet.name}`", entry.label] for entry in OFFER_FACETS]
    assert [row[0] for row in rows if row[2].endswith("; per run")] == [
        f"`{entry.facet.name}`" for entry in OFFER_FACETS if entry.facet.per_run
    ]


def test_the_glossary_names_the_vocabulary_of_a_facet() -> None:
    values = {row[0].strip("`"): row[2] for row in table(section(GLOSSARY, "Facets"))}
    named = {name: code[1] for name, text in values.items() if (code := re.match("`(.+?)`", text))}
    known = {entry.facet.name: entry.vocabulary for entry in OFFER_FACETS}
    assert named == {name: known[name] for name in named}


def test_the_glossary_says_each_word_once_and_where_it_comes_from() -> None:
    rows = table(section(GLOSSARY, "Words"))
    words = [word for word, _, _ in rows]
    assert len(words) == len(set(words))
    assert all(meaning.endswith(".") and source for _, meaning, source in rows)


# API


def test_the_api_page_names_every_address() -> None:
    stated = [row[0].strip("`") for row in table(API.partition("\n## ")[0])]
    assert sorted(stated) == sorted(path for path, *_ in OPERATIONS)


def test_the_api_page_names_the_parameters_of_ranges_and_runs() -> None:
    ranges = {name for entry in OFFER_FACETS for name in entry.facet.range_params if name}
    per_run = {entry.facet.name for entry in OFFER_FACETS if entry.facet.per_run}
    assert {name for name in ranges | per_run if f"`{name}`" not in API} == set()


def test_the_api_page_knows_the_limits() -> None:
    for sentence in (
        f"At most {MAX_TEXT} characters, of which the first {MAX_WORDS} words",
        f"`page_size` is {DEFAULT_PAGE_SIZE} unless stated and at most {MAX_PAGE_SIZE}",
        f"most {MAX_DEPTH:,}",
        f"up to {CHANGES_LIMIT} changes",
    ):
        assert sentence in " ".join(API.split()), sentence


# deployment


def test_the_settings_of_the_samples_are_settings() -> None:
    env = dict(line.split("=", 1) for block in blocks(DEPLOY, "settings") for line in block.split())
    settings = Settings.from_env(env)
    assert settings.base_url.startswith("https://")
    assert settings.database_url.startswith("postgresql")
    assert not settings.seed


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_sample_unit(tmp_path: Path) -> None:
    (unit,) = blocks(DEPLOY, "unit")
    file = tmp_path / "portolan.service"
    # What the unit names need not exist here; whether it is well formed is the question.
    file.write_text(unit.replace("/opt/portolan/app/.venv/bin/portolan serve", sys.executable), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if file.name in line] == []


# decisions


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    for number, path in enumerate(DECISIONS, start=1):
        assert path.read_text("utf-8").startswith(f"# {number}. ")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_context_choice_and_consequences_in_a_page(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Choice", "Consequences"]
    assert len(text.splitlines()) <= 25
    assert re.search(r"^\w+ \d{4}\. (In force|Replaced by .+)\.$", text, re.MULTILINE)


def test_every_library_has_its_reason() -> None:
    """Those that need none are named there too."""
    reasons = document("docs/decisions/0007-libraries.md").lower() + document(
        DECISIONS[0].relative_to(ROOT).as_posix()
    )
    listed = re.search(r"^dependencies = \[(.*?)^\]", document("pyproject.toml"), re.MULTILINE | re.DOTALL)
    assert listed
    names = re.findall(r'"([a-z0-9-]+)', listed[1])
    assert [name for name in names if name not in reasons and name != "setuptools"] == []
