"""What may be published under which policy, and how completeness is counted."""

from __future__ import annotations

import pytest

from catalogue.offers.rules import completeness, obstacles
from tests.factories import complete_offer, minimal_offer, provider_document, published_offer

MANDATORY = {
    "awarding_bodies": "Awarding body",
    "learning_outcomes": "Learning outcomes",
    "workload": "Notional workload",
    "level": "Level (and cycle) of the learning experience",
    "assessment": "Type of assessment",
    "participation": "Form of participation",
}


def without(*keys: str) -> dict[str, object]:
    return {key: value for key, value in complete_offer().items() if key not in keys}


def test_the_complete_offer_may_be_published_under_either_policy() -> None:
    offer = published_offer()
    assert obstacles(offer.content, offer.provider.content, "annex-i") == ()
    assert obstacles(offer.content, offer.provider.content, "minimal") == ()


@pytest.mark.parametrize(("key", "label"), MANDATORY.items())
def test_under_annex_i_a_missing_mandatory_element_stands_in_the_way(key: str, label: str) -> None:
    offer = published_offer(without(key))
    problems = obstacles(offer.content, offer.provider.content, "annex-i")
    assert [(problem.place, problem.message) for problem in problems] == [
        (key, f"Mandatory in Annex I and not stated: {label}.")
    ]
    assert obstacles(offer.content, offer.provider.content, "minimal") == ()


def test_quality_assurance_of_the_provider_counts_for_its_offers() -> None:
    offer = published_offer(without("quality_assurance"))
    assert obstacles(offer.content, offer.provider.content, "annex-i") == ()


def test_without_any_quality_assurance_annex_i_is_not_met() -> None:
    provider = {key: value for key, value in provider_document().items() if key != "quality_assurance"}
    offer = published_offer(without("quality_assurance"), provider)
    assert [p.place for p in obstacles(offer.content, offer.provider.content, "annex-i")] == [
        "quality_assurance"
    ]


def test_outside_formal_learning_no_level_is_asked_for() -> None:
    offer = published_offer({**without("level"), "setting": "non-formal"})
    assert obstacles(offer.content, offer.provider.content, "annex-i") == ()


def test_a_cycle_is_a_level() -> None:
    offer = published_offer({**without("level"), "level": {"cycle": "first"}})
    assert obstacles(offer.content, offer.provider.content, "annex-i") == ()


@pytest.mark.parametrize(
    "workload", [{"ects": 1}, {"hours": 8}, {"other_system": {"name": "Punkte", "points": 2}}]
)
def test_workload_may_be_stated_in_points_or_in_hours(workload: dict[str, object]) -> None:
    offer = published_offer({**without("workload"), "workload": workload})
    assert obstacles(offer.content, offer.provider.content, "annex-i") == ()


def test_the_minimal_policy_asks_for_a_description_or_for_outcomes() -> None:
    bare = {key: value for key, value in minimal_offer().items() if key != "description"}
    offer = published_offer(bare)
    assert [p.place for p in obstacles(offer.content, offer.provider.content, "minimal")] == ["description"]
    outcomes = published_offer({**bare, "learning_outcomes": [{"text": {"de": "Bienen halten"}}]})
    assert obstacles(outcomes.content, outcomes.provider.content, "minimal") == ()


def test_completeness_of_the_complete_offer_is_thirteen_of_thirteen() -> None:
    offer = published_offer()
    result = completeness(offer.content, offer.provider.content)
    assert (result.stated, result.applicable) == (13, 13)


def test_completeness_of_a_thin_offer_counts_what_is_stated_by_it_and_for_it() -> None:
    offer = published_offer(minimal_offer())
    result = completeness(offer.content, offer.provider.content)
    stated = {element.name for element, standing in result.elements if standing == "stated"}
    assert stated == {"title", "issuer-place", "quality-assurance"}
    assert (result.stated, result.applicable) == (3, 13)


def test_elements_of_the_issued_credential_are_not_asked_of_an_offer() -> None:
    offer = published_offer()
    result = completeness(offer.content, offer.provider.content)
    beyond = {element.name for element, standing in result.elements if standing == "not-applicable"}
    assert beyond == {"learner", "date-of-issuing", "grade"}


def test_a_level_that_does_not_apply_is_not_missing() -> None:
    offer = published_offer(minimal_offer(setting="non-formal"))
    result = completeness(offer.content, offer.provider.content)
    assert result.applicable == 12
