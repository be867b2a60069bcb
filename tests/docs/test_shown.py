"""What the documents show is run as it stands there: the commands of README and of the API page, and its program."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from catalogue.db import utc_now
from catalogue.offers import service
from catalogue.security.actor import OPERATOR
from tests.docs.conftest import PROVIDERS, Served
from tests.docs.reading import blocks, document, section, steps

API, README = document("docs/api.md"), document("README.md")


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


def test_an_output_that_differs_is_noticed() -> None:
    assert as_promised("2 rows: ... wrong.\n", "2 rows: 2 new, 0 wrong.\n")
    assert not as_promised("2 rows: 2 new.\n", "2 rows: 1 new.\n")


def test_the_commands_of_the_api_page_do_what_it_shows(served: Served) -> None:
    assert run_all(served, API) == 2


Offers = dict[str, dict[str, Any]]


def keep(served: Served, file: Path) -> Offers:
    """Run the program of the API page as it stands there; the offers of the copy it keeps."""
    (program,) = blocks(API, "tested: keep_a_copy.py")
    served.wait_for_worker()
    subprocess.run([sys.executable, "-c", program, served.url, str(file)], check=True, timeout=120)
    offers: Offers = json.loads(file.read_text("utf-8"))["offers"]
    return offers


def everything(served: Served) -> Offers:
    with urllib.request.urlopen(f"{served.url}/api/v1/offers.jsonl", timeout=60) as answer:
        return {offer["id"]: offer for offer in map(json.loads, answer)}


def test_the_program_of_the_api_page_keeps_an_exact_copy(served: Served, tmp_path: Path) -> None:
    copy = tmp_path / "copy.json"
    before = keep(served, copy)
    assert before == everything(served)
    # Not the provider whose offers README looks for.
    withdrawn, changed, *_ = (
        key for key, offer in before.items() if offer["provider"]["slug"] == PROVIDERS[1]
    )
    withdraw_and_change(served, withdrawn, before[changed])
    after = keep(served, copy)
    assert after == everything(served)
    assert withdrawn not in after
    assert after[changed]["content"]["duration"] == "P77W"


def withdraw_and_change(served: Served, withdrawn: str, changed: dict[str, Any]) -> None:
    now, key = utc_now(), service.Key(changed["provider"]["slug"], changed["reference"])
    with served.database.write() as session:
        service.withdraw(session, OPERATOR, withdrawn, "No longer offered.", at=now)
        saved = service.save_draft(session, OPERATOR, key, {**changed["content"], "duration": "P77W"}, at=now)
        service.publish(session, OPERATOR, saved.id, "minimal", at=now)


def test_every_command_does_what_the_readme_shows(served: Served) -> None:
    assert run_all(served, README) > 10
    assert len((served.directory / "weserbogen.jsonl").read_text("utf-8").splitlines()) > 2
    assert (served.directory / "offers.jsonl").stat().st_size > 1000


def test_the_search_that_the_readme_links_to_finds_an_offer(served: Served) -> None:
    shown = next(
        line
        for line in section(README, "Find an offer").splitlines()
        if line.startswith("<http://127.0.0.1:8000/en/")
    )
    query = shown.partition("?")[2].partition(">")[0]
    assert served.get(f"/api/v1/offers?{query}")["total"] > 0
