"""From draft to public and back: who may, what is missing, what everybody sees; history; copies; next year's runs."""

from __future__ import annotations

import pytest

from catalogue.changes import indexer
from catalogue.offers.editing import rolled_over
from tests.editor.conftest import Office
from tests.editor.forms import Forms
from tests.factories import complete_offer, minimal_offer


def publish(office: Office, offer: str) -> None:
    done = office.publisher.send(f"/{offer}/publish", form="form")
    assert done.status_code == 303, done.text
    portal = office.owner.portal
    indexer.catch_up(portal.database, portal.engine)


def test_what_is_missing_is_listed_and_stands_against_publishing(office: Office) -> None:
    office.verify()
    offer = office.editor.begin()
    page = office.publisher.get(f"/{offer}/publish").text
    for missing in ("Learning outcomes", "Notional workload", "Type of assessment"):
        assert missing in page
    assert ">Publish</button>" not in page
    refused = office.publisher.send(f"/{offer}/publish", form="form")
    assert refused.status_code == 422
    assert office.editor.draft(offer).state == "draft"


def test_nothing_is_published_before_the_organisation_is_verified(office: Office) -> None:
    offer = office.editor.stored()
    refused = office.publisher.send(f"/{offer}/publish", form="form")
    assert refused.status_code == 422
    assert "waits for verification" in refused.text
    assert office.editor.draft(offer).state == "draft"


def test_roles_see_and_do_what_they_may(office: Office) -> None:
    office.verify()
    offer = office.editor.stored()
    for path, allowed in (("", "evpo"), ("/edit/level", "epo"), ("/publish", "po"), ("/archive", "po")):
        for letter, desk in zip(
            "evpo", (office.editor, office.viewer, office.publisher, office.owner), strict=True
        ):
            expected = 200 if letter in allowed else 403
            assert desk.get(f"/{offer}{path}").status_code == expected, (path, letter)
    page = office.viewer.get(f"/{offer}").text
    assert ">Edit<" not in page
    assert ">Publish<" not in page
    assert ">Publish<" not in office.editor.get(f"/{offer}").text


def test_what_is_not_published_reaches_nobody_outside(office: Office) -> None:
    office.verify()
    offer = office.editor.stored(complete_offer(title={"de": "Öffentlich"}))
    publish(office, offer)
    office.editor.send(
        f"/{offer}/edit/description", title__de="Geheimnis", summary__de="Geheimnis", do="save"
    )
    secret = office.editor.begin("Geheimnis zwei")
    portal = office.owner.portal
    indexer.catch_up(portal.database, portal.engine)
    addresses = [
        f"/en/offers/{offer}/offentlich",
        f"/offers/{offer}",
        f"/en/offers/{offer}/versions/2",
        f"/en/offers/{secret}",
        f"/en/offers/{secret}/versions/1",
        "/en/search?q=Geheimnis",
        "/api/v1/offers?q=Geheimnis",
        "/api/v1/suggest?q=Geheimn",
        f"/api/v1/offers/{offer}",
        f"/api/v1/offers/{secret}",
        "/api/v1/offers.jsonl",
        "/api/v1/changes",
        f"/en/providers/{office.editor.slug}",
        "/en/",
    ]
    for address in addresses:
        answer = office.anonymous.get(address)
        seen = answer.text.replace("q=Geheimn", "").replace('value="Geheimnis"', "")
        leak = [
            line for line in seen.splitlines() if "geheimnis zwei" in line.lower() or "geheimnis-zwei" in line
        ]
        assert not leak, address
        assert "geheimnis" not in str(answer.location or ""), address
        assert "geheimnis" not in answer.request.path.lower() or "q=" in address
    assert "Geheimnis" not in office.anonymous.get(f"/en/offers/{offer}/offentlich").text
    assert "Öffentlich" in office.anonymous.get(f"/en/offers/{offer}/offentlich").text


def test_the_preview_is_the_page_that_publishing_shows(office: Office) -> None:
    office.verify()
    offer = office.editor.stored(complete_offer(title={"de": "Gleich", "en": "Same"}))
    preview = office.editor.get(f"/{offer}/preview").text
    publish(office, offer)
    public = office.anonymous.get(f"/en/offers/{offer}/gleich").text

    def article(page: str) -> str:
        return page.partition('<div class="offer-body">')[2].partition('id="record"')[0]

    assert len(article(public)) > 2000
    assert article(preview) == article(public)


def test_an_offer_is_withdrawn_with_a_reason_published_again_and_archived(office: Office) -> None:
    office.verify()
    offer = office.editor.stored()
    publish(office, offer)
    refused = office.publisher.send(f"/{offer}/withdraw", form="form")
    assert refused.status_code == 422
    assert 'id="reason-fault"' in refused.text
    done = office.publisher.send(f"/{offer}/withdraw", form="form", reason="Wird überarbeitet")
    assert done.status_code == 303
    gone = office.anonymous.get(f"/en/offers/{offer}")
    assert gone.status_code == 410
    assert "Wird überarbeitet" in gone.text
    publish(office, offer)
    assert office.editor.draft(offer).state == "published"
    assert office.publisher.send(f"/{offer}/archive", form="form").status_code == 303
    assert office.editor.draft(offer).state == "archived"
    assert office.editor.get(f"/{offer}/edit/level").status_code == 404
    assert office.publisher.send(f"/{offer}/archive", form="form").status_code == 422


def test_who_publishes_has_seen_what_is_published(office: Office) -> None:
    office.verify()
    offer = office.editor.stored()
    page = office.publisher.get(f"/{offer}/publish").text
    office.editor.send(f"/{offer}/edit/description", summary__de="Anders", do="save")
    refused = office.publisher.post(f"/{offer}/publish", Forms(page).data("form"))
    assert refused.status_code == 422
    assert "was changed after you opened this page" in refused.text
    assert office.editor.draft(offer).state == "draft"


def test_history_names_authors_shows_differences_and_leads_back(office: Office) -> None:
    offer = office.editor.begin("Erste Fassung")
    office.publisher.send(f"/{offer}/edit/description", title__de="Zweite Fassung", do="save")
    page = office.viewer.get(f"/{offer}/history").text
    for text in ("editor@a.example", "publisher@a.example", "Version 2"):
        assert text in page
    difference = office.viewer.get(f"/{offer}/history/2").text
    assert "Title, Deutsch" in difference
    assert '<span class="was">Erste Fassung</span>' in difference
    assert '<span class="now">Zweite Fassung</span>' in difference
    assert "Restore this version" not in office.viewer.get(f"/{offer}/history/1").text
    page = office.editor.get(f"/{offer}/history/1").text
    form = next(name for name in Forms(page).fields if name.endswith("/restore"))
    stale = {**Forms(page).data(form), "base": ["1"]}
    assert office.editor.post(f"/{offer}/history/1/restore", stale).status_code == 409
    assert office.editor.post(f"/{offer}/history/1/restore", Forms(page).data(form)).status_code == 303
    draft = office.editor.draft(offer)
    assert (draft.number, draft.content.title["de"].text) == (3, "Erste Fassung")
    assert office.viewer.get(f"/{offer}/history/9").status_code == 404


def test_differences_of_everything_can_be_read(office: Office) -> None:
    offer = office.editor.stored()
    page = office.editor.get(f"/{offer}/history/1")
    assert page.status_code == 200
    assert "Written examination" not in page.text
    assert "Practical assessment" in page.text


def test_a_copy_states_the_same_without_runs_and_confirmations(office: Office) -> None:
    offer = office.editor.stored()
    done = office.editor.send(f"/{offer}/copy", form="form", title="Abschrift", reference="A-2")
    assert done.status_code == 303, done.text
    copy = str(done.location).split("/offers/")[1].partition("/")[0]
    said, before = office.editor.said(copy), office.editor.said(offer)
    assert said["title"] == {"de": {"text": "Abschrift", "origin": "original"}}
    assert "runs" not in said
    assert {body["status"] for body in said["awarding_bodies"]} == {"named"}
    assert said["learning_outcomes"] == before["learning_outcomes"]
    again = office.editor.send(f"/{offer}/copy", form="form", title="Noch eine", reference="A-2")
    assert again.status_code == 422
    assert 'id="reference-fault"' in again.text


def test_runs_of_next_year_are_added_and_keep_their_days(office: Office) -> None:
    offer = office.editor.stored()
    page = office.editor.get(f"/{offer}/roll-over").text
    assert office.editor.post(f"/{offer}/roll-over", Forms(page).data("form", run=[])).status_code == 422
    done = office.editor.post(f"/{offer}/roll-over", Forms(page).data("form", run=["0"]))
    assert done.status_code == 303
    runs = office.editor.said(offer)["runs"]
    assert len(runs) == 3
    assert (runs[2]["start"], runs[2]["end"]) == ("2028-01-31", "2028-03-26")
    assert runs[2]["application_deadline"] == "2028-01-14T23:59:00+00:00"
    assert not {"reference", "application_url"} & set(runs[2])
    stale = office.editor.post(f"/{offer}/roll-over", Forms(page).data("form", run=["0"]))
    assert stale.status_code == 422


def test_rolling_over_nothing_changes_nothing() -> None:
    assert rolled_over(complete_offer(), set()) == complete_offer()


@pytest.mark.parametrize(
    "query", ["?state=draft", "?state=nonsense", "?q=imkern", "?page=2", "?page=0", "?page=x"]
)
def test_the_list_is_filtered_and_paged(office: Office, query: str) -> None:
    office.editor.stored(minimal_offer(), "I-1")
    answer = office.viewer.get(query)
    assert answer.status_code == 200
    assert ("Imkern für Anfänger" in answer.text) == (query != "?page=2")


def test_the_list_finds_nothing_where_nothing_is(office: Office) -> None:
    assert "Nothing here yet" in office.viewer.get("").text
    office.editor.stored(minimal_offer(), "I-1")
    assert "No offer matches." in office.viewer.get("?q=wunden").text
    assert "No offer matches." in office.viewer.get("?state=published").text
