"""What a query is taken to ask for."""

from __future__ import annotations

from dataclasses import replace

from search.engines.columns.vocabulary import Vocabulary
from search.meaning import Meaning
from search.plan import All, Best, Node, Phrase, Plan, Term
from search.ranking import WEIGHTS
from search.understanding import Understanding, understand
from tests.search.lexicon import Words

LEXICON = Words(
    ("en", "welding course for welders, nursing and wound care; data analysis with C++ micro-credential"),
    ("de", "Kurs zur Wundversorgung"),
    ("fi", "haavanhoito"),
    concepts=("uri:care", "uri:weld"),
)


def read(text: str, *languages: str, meanings: tuple[Meaning, ...] = ()) -> Understanding:
    return understand(text, languages or ("en",), meanings, lexicon=LEXICON)


def terms(nodes: tuple[Node, ...]) -> list[str]:
    found = []
    for node in nodes:
        if isinstance(node, Term):
            found.append(node.text)
        elif isinstance(node, Phrase):
            found.append(" ".join(node.forms))
        else:
            found += terms(node.nodes)
    return found


def meaning(start: int, end: int, *concepts: str) -> Meaning:
    return Meaning(start, end, concepts[0], "skill", "label", "en", tuple((uri, 1.0) for uri in concepts))


def test_a_word_is_looked_for_in_every_form_that_the_index_has() -> None:
    plan = read("wound").plan
    assert set(terms(plan.required)) == {"wound", "en:wound"}
    assert "de:wound" not in terms(read("wound", "en", "de").plan.required)


def test_the_last_word_may_be_the_beginning_of_a_longer_one() -> None:
    assert "welding" in terms(read("weldi").plan.required)
    assert read("weldi").corrected == ()
    assert "wundversorgung" not in terms(read("wund care").plan.required)
    assert "welding" not in terms(read("wel ding").plan.required[:1])


def test_the_beginning_counts_less_than_the_word() -> None:
    longer = [term for term in read("weld").terms if term.text == "welders"]
    assert [term.weight for term in longer] == [WEIGHTS.prefix]


def test_a_word_that_no_text_has_stands_for_similar_ones() -> None:
    understanding = read("weldng course")
    assert [entry.forms for entry in understanding.corrected] == [("welding",)]
    assert understanding.did_you_mean == "welding course"
    assert all(term.weight <= WEIGHTS.similar for term in read("weldng").terms)


def test_a_known_word_is_never_replaced() -> None:
    assert read("wound").did_you_mean is None
    assert read("welders").corrected == ()


def test_short_words_and_codes_are_never_replaced() -> None:
    for text in ("dat", "c+", "c#", "weld1ng"):
        assert read(text).corrected == (), text


def test_two_slips_are_forgiven_in_long_words_only() -> None:
    assert [entry.forms for entry in read("anxlysus").corrected] == [("analysis",)]
    assert read("wuond").corrected[0].forms == ("wound",)
    assert read("wuodn").corrected == ()


def test_words_that_nothing_resembles_need_not_occur_beside_others() -> None:
    understanding = read("welding qqqqqq")
    assert [word.exact for word in understanding.unknown] == ["qqqqqq"]
    assert terms(understanding.plan.optional) == ["qqqqqq"]
    alone = read("qqqqqq")
    assert terms(alone.plan.required) == ["qqqqqq"]


def test_words_that_say_nothing_here_need_not_occur_beside_others() -> None:
    plan = read("welding course").plan
    assert "course" in terms(plan.optional)
    assert "course" in terms(read("course").plan.required)


def test_words_that_name_a_concept_also_find_what_carries_it() -> None:
    understanding = read("nursing wound care", meanings=(meaning(8, 18, "uri:care"),))
    named, word = understanding.plan.required
    assert isinstance(named, Best)
    assert Term("concept", "uri:care", WEIGHTS.concept) in named.nodes
    literal = next(node for node in named.nodes if isinstance(node, All))
    assert {"wound", "care"} <= set(terms(literal.nodes))
    assert "nursing" in terms((word,))
    assert [entry.uri for entry in understanding.meanings] == ["uri:care"]


def test_a_concept_that_no_offer_carries_is_no_concept_here() -> None:
    understanding = read("wound care", meanings=(meaning(0, 10, "uri:unknown"),))
    assert understanding.meanings == ()
    assert len(understanding.plan.required) == 2


def test_a_concept_in_words_that_no_text_has_is_found_by_its_address_alone() -> None:
    understanding = read("haavan hoitaminen", "fi", meanings=(meaning(0, 17, "uri:care"),))
    assert understanding.plan.required == (Term("concept", "uri:care", WEIGHTS.concept),)
    assert understanding.corrected == ()
    assert understanding.unknown == ()


def test_phrases_and_exclusions_stay_what_they_are() -> None:
    plan = read('"wound care" -data -"micro credential" analysis').plan
    assert Phrase(("wound", "care")) in plan.required
    assert "data" in terms(plan.excluded)
    assert Phrase(("micro", "credential")) in plan.excluded


def test_a_hyphenated_word_is_found_in_its_parts_and_as_one() -> None:
    assert {"microcredential", "micro credential"} <= set(terms(read("micro-credential").plan.required))


def test_nothing_asks_for_nothing() -> None:
    assert read("").plan == Plan()
    assert not read("-data").plan.asks


def test_a_word_that_stands_nowhere_alone_is_looked_for_at_the_end_of_compounds() -> None:
    understanding = read("versorgung", "de")
    assert terms(understanding.plan.required) == ["wundversorgung"]
    assert {term.weight for term in understanding.terms} == {WEIGHTS.part}
    assert understanding.corrected == ()
    assert read("versorgung", "en").unknown


def test_of_three_words_that_name_a_concept_one_may_be_missing() -> None:
    text = "welding wound care"
    plan = read(text, meanings=(meaning(0, len(text), "uri:care"),)).plan
    [either] = plan.required
    assert isinstance(either, Best)
    [fewer] = [node for node in either.nodes if isinstance(node, Best)]
    assert len(fewer.nodes) == 4


def test_words_that_end_alike_are_found_with_their_counts() -> None:
    vocabulary = Vocabulary.of(
        {"datavisualisering": 3, "visualisering": 1, "visualiseringen": 4, "styring": 2}
    )
    assert vocabulary.ending("visualisering") == {"datavisualisering": 3}
    assert vocabulary.ending("ring") == {"datavisualisering": 3, "visualisering": 1, "styring": 2}
    assert vocabulary.ending("datavisualisering") == {}
    assert Vocabulary.of({}).ending("ring") == {}


def test_where_nothing_has_all_the_words_some_will_do() -> None:
    looser = read("welding analysis").plan.looser
    assert looser is not None
    [some] = looser.required
    assert isinstance(some, Best)
    assert {"welding", "analysis"} <= set(terms((some,)))
    assert {"welding", "analysis"} <= set(terms(looser.optional))
    assert read("welding").plan.looser is None


def test_where_nothing_has_all_the_concept_that_was_named_will_do() -> None:
    plan = read("nursing wound care", meanings=(meaning(8, 18, "uri:care"),)).plan
    assert plan.looser is not None
    assert "uri:care" in terms(plan.looser.required)
    assert "nursing" not in terms(plan.looser.required)
    assert "nursing" in terms(plan.looser.optional)


def test_phrases_and_exclusions_are_never_given_up() -> None:
    looser = read('"wound care" welding analysis -data').plan.looser
    assert looser is not None
    assert Phrase(("wound", "care")) in looser.required
    assert "data" in terms(looser.excluded)


def test_neighbours_that_texts_write_as_one_word_will_do_where_nothing_has_both() -> None:
    looser = read("wund versorgung", "de").plan.looser
    assert looser is not None
    assert "wundversorgung" in terms(looser.required)


def test_a_compound_that_no_text_has_is_looked_for_as_two_words() -> None:
    lexicon = Words(("et", "küberkriisi õppus ja kriisiplaan"), ("en", "crisis"))
    [node] = understand("kriisiõppus", ("et", "en"), lexicon=lexicon).plan.required
    assert isinstance(node, All)
    assert {"kriisiplaan", "oppus"} <= set(terms((node,)))
    assert understand("kriisiõppus", ("en",), lexicon=lexicon).unknown


def test_a_compound_that_names_a_course_is_looked_for_by_its_subject() -> None:
    understanding = read("haavanhoitokurssi", "fi")
    assert "fi:haavanhoito" in terms(understanding.plan.required)
    assert understanding.unknown == ()


def test_kin_of_a_concept_is_meant_only_where_texts_have_nothing_like_the_word() -> None:
    unsure = replace(meaning(0, 6, "uri:care"), sure=False)
    understanding = read("weldng", meanings=(unsure,))
    assert understanding.meanings == ()
    assert understanding.did_you_mean == "welding"
    assert read("caretakerhood", meanings=(replace(unsure, end=13),)).meanings[0].uri == "uri:care"
    sure = read("weldng", meanings=(meaning(0, 6, "uri:care"),))
    assert [entry.uri for entry in sure.meanings] == ["uri:care"]
    assert sure.corrected == ()


def test_what_a_concept_is_called_elsewhere_is_looked_for_where_texts_have_all_of_it() -> None:
    names = (("de", "Wundversorgung"), ("fi", "haavanhoito kotona"), ("en", "wound care"))
    plan = read("sårvård", "sv", meanings=(replace(meaning(0, 7, "uri:none"), names=names),)).plan
    assert set(terms(plan.required)) == {"de:wundversorgung", "en:wound", "en:care"}
    [best] = plan.required
    assert isinstance(best, Best)
    assert {node.weight for node in best.nodes if isinstance(node, Term | All)} == {WEIGHTS.name}
