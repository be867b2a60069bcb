"""The one rule source: what it refuses and where, and the canonical form it gives."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.documents import InvalidContentError, Problem, canonical_bytes
from catalogue.offers.schema import content_of, load_offer
from catalogue.providers.schema import load_organisation, organisation_of
from tests.factories import SKILL, complete_offer, minimal_offer, provider_document

PATH_STEP = str | int


def changed(document: dict[str, Any], path: tuple[PATH_STEP, ...], value: Any) -> dict[str, Any]:
    """A copy with another value at a path."""
    result = copy.deepcopy(document)
    here: Any = result
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return result


def problems_of(document: object) -> dict[str, str]:
    """Messages by place."""
    with pytest.raises(InvalidContentError) as caught:
        load_offer(document)
    return {problem.place: problem.message for problem in caught.value.problems}


REFUSED: list[tuple[tuple[PATH_STEP, ...], Any, str]] = [
    # unknown codes
    (("leads_to",), "degree", "leads_to"),
    (("participation",), ["online", "telepathy"], "participation[1]"),
    (("participation",), [], "participation"),
    (("participation",), ["online", "online"], "participation"),
    (("participation",), [["online"]], "participation[0]"),
    (("participation",), "online", "participation"),
    (("subjects",), ["1999"], "subjects[0]"),
    (("subjects",), [913], "subjects[0]"),
    (("sectors", 0, "code"), "V2", "sectors[0].code"),
    (("sectors", 0), {"code": "V", "revision": "2"}, "sectors[0].code"),
    (("sectors", 0, "revision"), "3", "sectors[0].revision"),
    (("sectors", 0, "revision"), 2.1, "sectors[0].revision"),
    (("runs", 0, "region"), "XX99", "runs[0].region"),
    (("runs", 0, "country"), "EL", "runs[0].country"),
    (("languages",), ["xx"], "languages[0]"),
    (("assessment", "types"), ["exam"], "assessment.types[0]"),
    (("recognition", 0, "status"), "maybe", "recognition[0].status"),
    (("learning_outcomes", 0, "skills"), ["http://example.org/skill"], "learning_outcomes[0].skills[0]"),
    (("learning_outcomes", 0, "skills"), [SKILL + "\n"], "learning_outcomes[0].skills[0]"),
    # impossible dates and numbers
    (("runs", 0, "start"), "2027-02-30", "runs[0].start"),
    (("runs", 0, "start"), "01.02.2027", "runs[0].start"),
    (("runs", 0, "start"), "0001-01-01", "runs[0].start"),
    (("runs", 0, "start"), 20270201, "runs[0].start"),
    (("runs", 0, "end"), "2027-01-31", "runs[0].end"),
    (("runs", 0, "application_deadline"), "2027-13-01", "runs[0].application_deadline"),
    (("runs", 0, "application_deadline"), "2027-01-15T18:00:00", "runs[0].application_deadline"),
    (("runs", 0, "application_deadline"), "2026-10-01", "runs[0].application_deadline"),
    (("availability", "offered_until"), "2025-12-31", "availability.offered_until"),
    (("workload", "ects"), -1, "workload.ects"),
    (("workload", "ects"), 0, "workload.ects"),
    (("workload", "ects"), "3", "workload.ects"),
    (("workload", "ects"), 2.345, "workload.ects"),
    (("workload", "ects"), True, "workload.ects"),
    (("workload", "ects"), float("nan"), "workload.ects"),
    (("workload", "hours"), 10**400, "workload.hours"),
    (("level", "eqf"), 9, "level.eqf"),
    (("level", "eqf"), 5.5, "level.eqf"),
    (("level",), {"basis": "nqf"}, "level.basis"),
    (("duration",), "8 weeks", "duration"),
    (("duration",), "P", "duration"),
    (("price",), {"amount": 10}, "price"),
    (("price",), {"free": True, "amount": 10, "currency": "EUR"}, "price"),
    (("price", "currency"), "euro", "price.currency"),
    # texts: markup, control characters, languages, lengths
    (("title", "en"), "<b>Bold</b>", "title.en"),
    (("description", "en", "text"), "Hello <script>alert(1)</script>", "description.en"),
    (("description", "en", "text"), "Hello <img src=x onerror=alert(1)>", "description.en"),
    (("description", "en", "text"), "Hello <!-- there -->", "description.en"),
    (("description", "en", "text"), "NUL \x00", "description.en"),
    (("description", "en", "text"), "Override \u202e", "description.en"),
    (("description", "en", "text"), "Lost \ufffd", "description.en"),
    (("description", "en", "text"), "   ", "description.en"),
    (("description", "en", "text"), None, "description.en"),
    (("description", "en", "text"), "x" * 20_001, "description.en"),
    (("title", "en", "text"), "x" * 301, "title.en"),
    (("description", "xx"), "Hello", "description.xx"),
    (("description", "en-GB"), "Hello", "description.en-GB"),
    (("description", "en", "origin"), "rumour", "description.en"),
    (("description", "en", "origin"), ["original"], "description.en"),
    (("description", "en", "author"), "me", "description.en"),
    (("description",), "Hello", "description"),
    (("description",), {}, "description"),
    (("description",), [], "description"),
    (("awarding_bodies", 0, "name"), "<b>x</b>", "awarding_bodies[0].name"),
    (("awarding_bodies", 0, "name"), "", "awarding_bodies[0].name"),
    (("licence",), None, "licence"),
    # links
    (("links", "homepage"), "javascript:alert(1)", "links.homepage"),
    (("links", "homepage"), "probe.example", "links.homepage"),
    (("links", "homepage"), "https://user:secret@probe.example/", "links.homepage"),
    (("links", "homepage"), 'https://probe.example/ "onclick', "links.homepage"),
    (("links", "homepage"), "http://[::1", "links.homepage"),
    (("links", "contact", "email"), "nobody", "links.contact.email"),
    # structure
    (("awarding_bodies", 0), {"status": "named"}, "awarding_bodies[0]"),
    (("awarding_bodies", 0), {"name": "A", "organisation": "a"}, "awarding_bodies[0]"),
    (("issuer",), {"organisation": "Not a slug"}, "issuer.organisation"),
    (("stackability", "towards", 0), {"ects": 3}, "stackability.towards[0]"),
    (("stackability", "towards", 0, "offer"), "no-slash", "stackability.towards[0].offer"),
    (("runs", 0, "colour"), "blue", "runs[0].colour"),
    (("titel",), {"de": "x"}, "titel"),
    (("runs",), {"start": "2027-01-01"}, "runs"),
    (("runs",), [7], "runs[0]"),
    (("green",), "yes", "green"),
    (("default_language",), "xx", "default_language"),
    (("default_language",), ["de"], "default_language"),
    (("default_language",), None, "default_language"),
    (("default_language",), "fr", "title"),
    (("title",), None, "title"),
]


@pytest.mark.parametrize(("path", "value", "place"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_used_is_refused_at_its_place(
    path: tuple[PATH_STEP, ...], value: Any, place: str
) -> None:
    found = problems_of(changed(complete_offer(), path, value))
    assert any(where == place or where.startswith(place + ".") for where in found), found
    assert all(found.values())


@pytest.mark.parametrize("document", [None, [], "offer", 7])
def test_what_is_no_document_is_refused_as_a_whole(document: object) -> None:
    assert problems_of(document) == {"": "Not a document (an object with keys)."}


@pytest.mark.parametrize("language", [["de"], {"de": 1}, 7, None])
def test_a_default_language_that_is_no_text_is_refused_at_its_place(language: object) -> None:
    assert "default_language" in problems_of({"default_language": language, "title": {"de": "Pflege"}})


def test_title_and_default_language_are_required() -> None:
    assert set(problems_of({})) == {"title", "default_language"}


def test_all_problems_are_reported_at_once() -> None:
    document = complete_offer(duration="soon", green=1, outcomes=[])
    assert set(problems_of(document)) == {"duration", "green", "outcomes"}


def test_two_outcomes_in_unknown_languages_are_both_reported() -> None:
    outcomes = [{"text": {"xx": "a"}}, {"text": {"yy": "b"}}]
    found = problems_of(complete_offer(learning_outcomes=outcomes))
    assert set(found) == {"learning_outcomes[0].text.xx", "learning_outcomes[1].text.yy"}


def test_the_canonical_form_loads_as_itself() -> None:
    assert load_offer(complete_offer()) == complete_offer()
    assert load_organisation(provider_document()) == provider_document()


def test_loading_does_not_change_what_it_was_given() -> None:
    document = complete_offer(title={"en": "  Care ", "de": "Pflege"})
    before = copy.deepcopy(document)
    load_offer(document)
    assert document == before


def test_short_texts_are_originals_in_the_default_language_and_translations_elsewhere() -> None:
    said = load_offer({"default_language": "fr", "title": {"fr": "Soins", "en": "Care"}})
    assert said["title"] == {
        "en": {"text": "Care", "origin": "translated"},
        "fr": {"text": "Soins", "origin": "original"},
    }


def test_the_default_language_of_one_document_does_not_leak_into_the_next() -> None:
    load_offer({"default_language": "fr", "title": {"fr": "Soins"}})
    said = load_offer({"default_language": "en", "title": {"fr": "Soins", "en": "Care"}})
    assert said["title"]["fr"]["origin"] == "translated"


def test_short_texts_deep_in_lists_know_the_default_language_too() -> None:
    said = load_offer(
        minimal_offer(
            learning_outcomes=[{"text": {"de": "Können", "en": "Know"}}],
            runs=[{"price": {"free": True, "note": {"en": "Free"}}}],
        )
    )
    assert said["learning_outcomes"][0]["text"]["de"]["origin"] == "original"
    assert said["runs"][0]["price"]["note"]["en"]["origin"] == "translated"


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("  Pflege \r\n im Alltag\r", "Pflege \n im Alltag"),
        ("Cafe\u0301", "Café"),
        ("\u00a0Pflege\u00a0", "Pflege"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("C++ & C#, A<B", "C++ & C#, A<B"),
        ("a\u200db", "a\u200db"),
    ],
)
def test_texts_are_trimmed_and_normalised_but_never_reworded(given: str, canonical: str) -> None:
    said = load_offer(minimal_offer(description={"de": given}))
    assert said["description"]["de"]["text"] == canonical


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("2027-01-15", "2027-01-15T23:59:00+00:00"),
        ("2027-01-15T18:00:00Z", "2027-01-15T18:00:00+00:00"),
        ("2027-01-15T18:00+01:00", "2027-01-15T18:00:00+01:00"),
    ],
)
def test_a_deadline_without_hour_lasts_to_the_end_of_its_day(given: str, canonical: str) -> None:
    said = load_offer(minimal_offer(runs=[{"application_deadline": given}]))
    assert said["runs"][0]["application_deadline"] == canonical


def test_numbers_have_one_spelling() -> None:
    said = load_offer(minimal_offer(workload={"ects": 3.0, "hours": 7.5}))
    assert canonical_bytes(said["workload"]) == b'{"ects":3,"hours":7.5}'


def test_what_is_not_stated_leaves_no_key() -> None:
    assert set(load_offer(minimal_offer())) == {"default_language", "title", "description"}


def test_statuses_left_out_are_the_weaker_ones() -> None:
    said = load_offer(
        minimal_offer(
            awarding_bodies=[{"name": "A"}],
            funding=[{"kind": "grant", "scheme": "S"}],
            quality_assurance={"external": [{"framework": "esg", "scope": "provider"}]},
        )
    )
    assert said["awarding_bodies"][0]["status"] == "named"
    assert said["funding"][0]["basis"] == "stated"
    assert said["quality_assurance"]["external"][0]["basis"] == "stated"


def test_every_canonical_document_can_be_typed() -> None:
    content = content_of(load_offer(complete_offer()))
    assert content.title["de"].text == "Wundversorgung in der Praxis"
    assert str(content.workload.ects) == "3"
    assert content.runs[0].application_deadline is not None
    assert content.runs[0].application_deadline.utcoffset() is not None
    assert organisation_of(load_organisation(provider_document())).country == "DE"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["de", "en", "xx", "2027-01-01", "online", "EUR"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["de", "en", "text", "origin", "country", "start", "amount", "kind"])
            | st.text(max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(key=st.sampled_from(sorted(complete_offer())), value=JSON)
def test_whatever_stands_under_a_key_is_loaded_twice_the_same_or_refused_with_a_place(
    key: str, value: Any
) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        once = load_offer(complete_offer(**{key: value}))
    except InvalidContentError as error:
        problems = error.problems
    if problems:
        assert all(problem.message and problem.place for problem in problems)
        return
    assert load_offer(once) == once
    content_of(once)
    assert canonical_bytes(once)
