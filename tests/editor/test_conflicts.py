"""Two editors at once: nothing is overwritten without being seen."""

from __future__ import annotations

import os
import random
import threading
from typing import Any

import pytest

from catalogue.db import Database
from catalogue.offers import drafts, editing
from catalogue.offers.editing import ConflictError, Part
from catalogue.offers.schema import load_offer
from catalogue.providers import queries as providers
from catalogue.security.actor import OPERATOR
from tests.editor.conftest import Office
from tests.editor.forms import Forms
from tests.factories import NOW, PROVIDER, minimal_offer, provider


def test_the_second_of_two_gets_both_texts_and_chooses(office: Office) -> None:
    offer = office.editor.begin("Anfang")
    path = f"/{offer}/edit/description"
    page = office.editor.get(path).text
    office.publisher.send(path, title__de="Von der Publizistin", leads_to="other-certificate", do="save")
    both = office.editor.post(
        path, Forms(page).data(title__de="Vom Redakteur", summary__de="Kurz.", do="save")
    )
    assert both.status_code == 409
    for text in ("Von der Publizistin", "Vom Redakteur", "publisher@a.example"):
        assert text in both.text
    assert office.editor.draft(offer).number == 2
    form = next(name for name in Forms(both.text).fields if name.endswith("/description"))
    unanswered = office.editor.post(path, Forms(both.text).data(form, do="save"))
    assert unanswered.status_code == 409
    assert "Please choose for each." in unanswered.text
    chosen = Forms(unanswered.text).data(form, **{"choose:title": "mine"}, do="save")
    assert office.editor.post(path, chosen).status_code == 303
    said = office.editor.said(offer)
    assert said["title"]["de"]["text"] == "Vom Redakteur"
    assert said["summary"]["de"]["text"] == "Kurz."
    assert said["leads_to"] == "other-certificate"  # what only the other one changed stays


def test_theirs_can_be_chosen_and_a_third_editor_is_seen_too(office: Office) -> None:
    offer = office.editor.begin("Anfang")
    path = f"/{offer}/edit/description"
    page = office.editor.get(path).text
    office.publisher.send(path, title__de="Zwei", do="save")
    both = office.editor.post(path, Forms(page).data(title__de="Drei", summary__de="S", do="save")).text
    form = next(name for name in Forms(both).fields if name.endswith("/description"))
    office.owner.send(path, title__de="Vier", do="save")
    again = office.editor.post(path, Forms(both).data(form, **{"choose:title": "mine"}, do="save"))
    assert again.status_code == 409
    assert "Vier" in again.text
    done = office.editor.post(path, Forms(again.text).data(form, **{"choose:title": "theirs"}, do="save"))
    assert done.status_code == 303
    assert office.editor.said(offer)["title"]["de"]["text"] == "Vier"
    assert office.editor.said(offer)["summary"]["de"]["text"] == "S"


def test_editors_of_different_pages_do_not_disturb_each_other(office: Office) -> None:
    offer = office.editor.begin()
    page = office.editor.get(f"/{offer}/edit/level").text
    office.publisher.send(f"/{offer}/edit/description", summary__de="Neu", do="save")
    done = office.editor.post(f"/{offer}/edit/level", Forms(page).data(level__eqf="5", do="save"))
    assert done.status_code == 303
    said = office.editor.said(offer)
    assert (said["summary"]["de"]["text"], said["level"]) == ("Neu", {"eqf": 5})


def race(database: Database, number: int, dice: random.Random) -> None:
    """Two editors save at once, from the same version; afterwards both texts are in the history or were refused."""
    provider(database)
    with database.read() as session:
        own = providers.by_slug(session, PROVIDER)
    assert own is not None
    with database.write() as session:
        offer = editing.create(session, OPERATOR, own, f"R-{number}", minimal_offer(), at=NOW).id
    keys = ("title", "summary")
    barrier, outcomes = threading.Barrier(2), {}

    def save(who: str, key: str) -> None:
        said = {key: {"de": f"{who}-{number}"}}
        said.setdefault("title", load_offer(minimal_offer())["title"])
        barrier.wait()
        try:
            with database.write() as session:
                part = Part(keys, said, 1, {})
                outcomes[who] = editing.save_part(session, OPERATOR, own, offer, part, at=NOW).version
        except ConflictError as error:
            outcomes[who] = error

    chosen: dict[str, str] = {who: dice.choice(keys) for who in ("eins", "zwei")}
    threads = [threading.Thread(target=save, args=pair) for pair in chosen.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        newest = drafts.find(session, own.id, offer)
    assert newest is not None
    same = chosen["eins"] == chosen["zwei"]
    refused = [who for who, outcome in outcomes.items() if isinstance(outcome, ConflictError)]
    assert len(refused) == (1 if same else 0), (number, chosen, outcomes)
    for who, key in chosen.items():
        kept: Any = newest.document.get(key, {}).get("de", {}).get("text")
        if who in refused:
            error: Any = outcomes[who]
            assert (error.mine[key]["de"]["text"], error.theirs[key]["de"]["text"]) == (
                f"{who}-{number}",
                kept,
            )
        else:
            assert kept == f"{who}-{number}"


def races(database: Database, count: int) -> None:
    seed = int(os.environ.get("PORTOLAN_TEST_SEED", random.SystemRandom().randrange(10**6)))
    print(f"{count} races with PORTOLAN_TEST_SEED={seed}")
    dice = random.Random(seed)
    for number in range(count):
        race(database, number, dice)


def test_fifty_races_of_two_editors_overwrite_nothing(database: Database) -> None:
    races(database, 50)


@pytest.mark.soak
def test_a_thousand_races_of_two_editors_overwrite_nothing(database: Database) -> None:
    races(database, 1000)
