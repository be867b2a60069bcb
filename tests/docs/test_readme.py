"""README tells the truth: its commands run, its tables and its map are those of the code."""

from __future__ import annotations

import doctest

from catalogue.settings import ROOT, SETTINGS
from tests.docs.conftest import Served
from tests.docs.reading import blocks, document, section, steps, table

README = document("README.md")


def as_promised(promised: str, said: str) -> bool:
    """Whether an output is the promised one; none is promised where none is shown."""
    return not promised.strip() or doctest.OutputChecker().check_output(
        promised, said.rstrip("\n") + "\n", doctest.ELLIPSIS
    )


def run_all(served: Served, text: str) -> int:
    """Run every tested command of a document in its order. Returns how many there were."""
    shown = [step for block in blocks(text, "tested") for step in steps(block)]
    for step in shown:
        done = served.run(step.command)
        assert done.returncode == 0, f"$ {step.command}\n{done.stdout}{done.stderr}"
        assert as_promised(step.output, done.stdout), f"$ {step.command}\n{done.stdout[:2000]}"
    return len(shown)


def test_every_command_does_what_the_readme_shows(served: Served) -> None:
    assert run_all(served, README) > 10
    assert len((served.directory / "weserbogen.jsonl").read_text("utf-8").splitlines()) > 2
    assert (served.directory / "offers.jsonl").stat().st_size > 1000


def test_an_output_that_differs_is_noticed() -> None:
    assert as_promised("2 rows: ... wrong.\n", "2 rows: 2 new, 0 wrong.\n")
    assert not as_promised("2 rows: 2 new.\n", "2 rows: 1 new.\n")


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


def test_the_search_that_the_readme_links_to_finds_an_offer(served: Served) -> None:
    shown = next(
        line
        for line in section(README, "Find an offer").splitlines()
        if line.startswith("<http://127.0.0.1:8000/en/")
    )
    query = shown.partition("?")[2].partition(">")[0]
    assert served.get(f"/api/v1/offers?{query}")["total"] > 0


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
