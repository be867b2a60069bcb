"""README tells the truth: its tables and its map are those of the code. `test_shown.py` runs its commands."""

from __future__ import annotations

from catalogue.settings import ROOT, SETTINGS
from tests.docs.reading import blocks, document, section, table

README = document("README.md")


def test_every_task_of_the_readme_has_a_tested_command() -> None:
    tasks = (
        "Search through the API",
        "Import and publish offers",
        "Keep a copy",
        "Deploy",
        "Scale",
        "Back up and restore",
    )
    assert [task for task in tasks if not blocks(section(README, task), "tested")] == []


def test_the_table_of_settings_is_that_of_the_code() -> None:
    rows = table(section(README, "Settings"))
    stated = [(variable.strip("`"), meaning) for variable, _, meaning in rows]
    assert stated == [(setting.variable, setting.meaning) for setting in SETTINGS]


def test_the_defaults_of_settings_are_those_of_the_code() -> None:
    """A default that is made from other settings is said in words."""
    for (_, default, _), setting in zip(table(section(README, "Settings")), SETTINGS, strict=True):
        assert default == f"`{setting.default}`" if setting.default else default[:1].isalpha()


def test_the_map_names_what_there_is() -> None:
    lines = section(README, "Layout").split("```")[1].strip("\n").splitlines()
    folder, missing = "", []
    for line in lines:
        places = [
            word
            for word in line.split("  ")[0 if line[0] != " " else 1].split()
            if word[-1] == "/" or "." in word
        ]
        folder = places[0] if line[0] != " " else folder
        base = "" if line[0] != " " else folder
        missing += [place for place in places if not (ROOT / base / place).exists()]
    assert missing == []
    assert len(lines) == 21
