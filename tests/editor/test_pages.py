"""The editor's pages: what is typed is saved, what cannot be is told where it stands, and nothing is lost."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from catalogue.offers.schema import OfferSchema
from catalogue.settings import ROOT
from catalogue.web.editor import layout
from catalogue.web.editor.faults import sentence
from tests.editor.conftest import Office
from tests.editor.forms import Forms
from tests.factories import complete_offer, minimal_offer


def test_every_element_has_its_place_on_one_page() -> None:
    keys = [key for page in layout.PAGES for key in page.keys]
    assert sorted(keys) == sorted(OfferSchema().fields)
    assert len(keys) == len(set(keys))


def test_an_offer_that_says_everything_comes_through_every_page_unchanged(office: Office) -> None:
    offer = office.editor.stored()
    before = office.editor.draft(offer)
    for page in layout.PAGES:
        done = office.editor.send(f"/{offer}/edit/{page.name}", do="save")
        assert done.status_code == 303, (page.name, re.findall(r'class="fault"[^>]*>([^<]*)', done.text))
        assert office.editor.draft(offer).number == before.number, page.name
    assert office.editor.draft(offer).checksum == before.checksum


def test_a_new_offer_begins_with_a_title_and_is_a_draft_of_its_author(office: Office) -> None:
    offer = office.editor.begin("Imkern für Anfänger")
    draft = office.editor.draft(offer)
    assert (draft.state, draft.reference, draft.author) == (
        "draft",
        "imkern-fur-anfanger",
        office.editor.person_id,
    )
    assert draft.document["awarding_bodies"] == [{"organisation": office.editor.slug, "status": "confirmed"}]
    page = office.viewer.get("").text
    assert "Imkern für Anfänger" in page
    assert "editor@a.example" in page


def test_what_is_typed_in_two_languages_is_saved_with_its_origin(office: Office) -> None:
    offer = office.editor.begin()
    shown = office.editor.send(f"/{offer}/edit/description", do="show:en")
    assert shown.status_code == 200
    assert office.editor.draft(offer).number == 1
    data = Forms(shown.text).data(
        title__en="Wound care",
        title__en__origin="machine",
        description__de="Vier Wochenenden.\r\n\r\nIm Übungsraum.",
        do="save",
    )
    done = office.editor.post(f"/{offer}/edit/description", data)
    assert done.status_code == 303, done.text
    said = office.editor.said(offer)
    assert said["title"]["en"] == {"text": "Wound care", "origin": "machine"}
    assert said["description"]["de"]["text"] == "Vier Wochenenden.\n\nIm Übungsraum."
    again = office.editor.browser.get(str(done.location)).text
    assert "Saved as a draft." in again
    assert "Wound care" in again


def test_a_language_that_is_hidden_keeps_its_text(office: Office) -> None:
    offer = office.editor.stored()
    page = office.editor.get(f"/{offer}/edit/description?show=fr").text
    assert 'id="title.en"' not in page
    done = office.editor.post(f"/{offer}/edit/description", Forms(page).data(title__de="Wunden", do="save"))
    assert done.status_code == 303
    assert office.editor.said(offer)["title"]["en"]["text"] == "Wound care in practice"


WRONG = {
    "level": {"level__eqf": "9", "workload__ects": "viel", "workload__hours": "0", "duration": "lang"},
    "runs": {
        "runs__1__start": "2027-13-01",
        "runs__1__end": "2026-01-01",
        "runs__1__application_url": "nowhere",
        "price__amount": "-3",
        "runs__1__application_deadline": "soon",
        "runs__1__region": "Atlantis",
    },
    "description": {"title__de": "<b>fett</b>", "summary__de": "x" * 2001},
    "links": {"links__homepage": "javascript:alert(1)", "links__contact__email": "me"},
    "recognition": {"recognition__1__name": "Klinik"},
}


@pytest.mark.parametrize("page", WRONG)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(office: Office, page: str) -> None:
    offer = office.editor.begin()
    refused = office.editor.send(f"/{offer}/edit/{page}", do="save", **WRONG[page])
    assert refused.status_code == 422
    assert refused.text.count("<title>Problem: ") == 1
    kept = Forms(refused.text).data()
    for name, typed in WRONG[page].items():
        field = name.replace("__", ".")
        assert kept[field][-1] == typed, field
    places = re.findall(r'<a href="#([^"]+)">[^<]+</a></li>', refused.text.partition("<form")[2])
    ids = set(re.findall(r' id="([^"]+)"', refused.text))
    assert set(places) >= {p for p in places if p in ids}
    faults = re.findall(r'id="([^"]+)-fault"', refused.text)
    assert faults
    assert set(faults) <= ids
    assert office.editor.draft(offer).number == 1


def test_items_are_added_moved_and_removed_without_storing_anything(office: Office) -> None:
    offer = office.editor.begin()
    path = f"/{offer}/edit/outcomes"
    page = office.editor.send(path, learning_outcomes__1__text__de="Erstes", do="add:learning_outcomes")
    data = Forms(page.text).data(learning_outcomes__2__text__de="Zweites", do="add:learning_outcomes")
    page = office.editor.post(path, data)
    data = Forms(page.text).data(learning_outcomes__3__text__de="Drittes", do="up:learning_outcomes.3")
    page = office.editor.post(path, data)
    page = office.editor.post(path, Forms(page.text).data(do="remove:learning_outcomes.1"))
    assert page.status_code == 200
    assert office.editor.draft(offer).number == 1
    office.editor.post(path, Forms(page.text).data(do="save"))
    texts = [outcome["text"]["de"]["text"] for outcome in office.editor.said(offer)["learning_outcomes"]]
    assert texts == ["Drittes", "Zweites"]


def test_subjects_and_skills_are_found_by_words_and_codes(office: Office) -> None:
    offer = office.editor.begin()
    path = f"/{offer}/edit/outcomes"
    page = office.editor.send(path, subjects__find="nursing", do="save")
    assert page.status_code == 200
    assert "0913" in Forms(page.text).options["subjects"]
    data = Forms(page.text).data(subjects=["0913"], sectors=["2.1:R"], do="save")
    assert office.editor.post(path, data).status_code == 303
    said = office.editor.said(offer)
    assert said["subjects"] == ["0913"]
    assert said["sectors"] == [{"code": "R", "revision": "2.1"}]
    nothing = office.editor.send(path, subjects__find="xyzzy", do="find:subjects")
    assert "Nothing else is called so." in nothing.text


def test_names_of_regions_and_organisations_become_codes(office: Office) -> None:
    offer = office.editor.begin()
    office.editor.send(f"/{offer}/edit/runs", runs__1__region="hamburg", runs__1__country="DE", do="save")
    assert office.editor.said(offer)["runs"][0]["region"] == "DE6"
    office.editor.send(f"/{offer}/edit/credential", issuer__organisation="hochschule a", do="save")
    assert office.editor.said(offer)["issuer"] == {"organisation": office.editor.slug}


def test_moments_and_durations_are_typed_as_people_say_them(office: Office) -> None:
    offer = office.editor.begin()
    typed = {"runs__1__application_deadline": "2027-06-30T18:00", "runs__1__application_opens": "2027-01-01"}
    office.editor.send(f"/{offer}/edit/runs", **typed, do="save")
    run = office.editor.said(offer)["runs"][0]
    assert run["application_deadline"] == "2027-06-30T18:00:00+02:00"
    assert run["application_opens"] == "2027-01-01T00:00:00+01:00"
    office.editor.send(f"/{offer}/edit/level", duration="8", duration__unit="W", do="save")
    assert office.editor.said(offer)["duration"] == "P8W"


def test_workload_that_does_not_fit_is_asked_about_and_saved_all_the_same(office: Office) -> None:
    offer = office.editor.begin()
    typed = {"workload__ects": "3,5", "workload__hours": "20", "workload__hours_kind": "total"}
    done = office.editor.send(f"/{offer}/edit/level", **typed, do="save")
    assert office.editor.said(offer)["workload"] == {"ects": 3.5, "hours": 20, "hours_kind": "total"}
    page = office.editor.browser.get(str(done.location)).text
    assert "3.5 ECTS usually stand for 87.5 to 105 hours" in page
    assert "20 hours are few for it." in page


def test_nobody_confirms_an_awarding_body_for_it(office: Office) -> None:
    offer = office.editor.begin()
    typed = {"awarding_bodies__2__name": "Kammer", "awarding_bodies__2__status": "confirmed"}
    office.editor.send(f"/{offer}/edit/credential", **typed, do="save")
    bodies = office.editor.said(offer)["awarding_bodies"]
    assert [body["status"] for body in bodies] == ["confirmed", "named"]


def test_a_page_that_is_sent_twice_is_one_version(office: Office) -> None:
    offer = office.editor.begin()
    data = Forms(office.editor.get(f"/{offer}/edit/description").text).data(title__de="Neu", do="save")
    assert [office.editor.post(f"/{offer}/edit/description", data).status_code for _ in range(2)] == [
        303,
        303,
    ]
    assert office.editor.draft(offer).number == 2


def test_a_session_that_has_ended_does_not_lose_what_was_typed(office: Office) -> None:
    offer = office.editor.begin()
    data = Forms(office.editor.get(f"/{offer}/edit/description").text).data(
        description__de="Lang.", do="save"
    )
    office.editor.browser.client.delete_cookie("__Host-portolan", domain="portolan.example")
    refused = office.editor.post(f"/{offer}/edit/description", data)
    assert refused.status_code == 403
    assert "Lang." in refused.text


SOURCES = ("catalogue/fields.py", "catalogue/offers/schema.py")


def messages(path: Path) -> list[str]:
    """The messages of the schema, with something in place of what they quote."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        given: ast.expr | None = None
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ValidationError" and node.args:
            given = node.args[0]
        if isinstance(node, ast.keyword) and node.arg == "error":
            given = node.value
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            found.append(given.value)
        elif isinstance(given, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "7" for p in given.values)
            found.append("".join(map(str, parts)))
        elif isinstance(given, ast.IfExp):
            found += [str(given.body.value), str(given.orelse.value)]  # type: ignore[attr-defined]
    return found


def test_every_message_of_the_schema_has_a_sentence_for_people() -> None:
    found = [message for source in SOURCES for message in messages(ROOT / source)]
    assert len(found) > 30
    for message in (
        *found,
        "Missing data for required field.",
        "Must be one of: a, b.",
        "Not a valid string.",
    ):
        assert sentence(message, "en")


@pytest.mark.parametrize("language", ["de", "el"])
def test_pages_are_sound_in_other_languages(office: Office, language: str) -> None:
    from tests.web.test_pages import Checker

    offer = office.editor.stored(complete_offer())
    for page in layout.PAGES:
        address = f"{office.editor.place.replace('/en/', f'/{language}/')}/{offer}/edit/{page.name}"
        text = office.editor.browser.get(address).text
        checker = Checker(text)
        ids = checker.values("id")
        assert len(checker.all("h1")) == 1
        assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]
        assert not checker.values("style")
        assert not [name for name in checker.values("for") if name not in ids], page.name


def test_an_offer_of_another_organisation_is_not_there(office: Office) -> None:
    offer = office.editor.stored(minimal_offer())
    for path in ("", "/edit/description", "/preview", "/history", "/history/1", "/publish", "/copy"):
        assert office.stranger.get(f"/{offer}{path}").status_code == 404, path
        assert office.editor.get(f"/{offer}{path}").status_code in {200, 403}, path
