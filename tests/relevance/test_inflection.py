"""Inflected forms of one word meet, and words that only look alike stay apart, in each of the 24 languages.

Forms meet when one stem that is no stop word's is among the stems of every form: "l'acqua" and "acque" meet by their
noun. Nobody tunes on the split "test": of it, only whether a language passes is looked at.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pytest
import yaml

from search.text import LANGUAGES, analyse
from search.text.languages import stop_words

SPLITS: Final = ("tuning", "test")
SHARE: Final = 0.9

# Groups of the tuning split that are known not to meet, by their first form, and why.
REASONS: Final[dict[tuple[str, str], str]] = {
    ("de", "fahren"): "gefahren is written like the plural of Gefahr",
    ("fi", "mitata"): "mittaa is also the partitive of mitta",
    ("hr", "mjeriti"): "mjeri is also the dative of mjera",
    ("lt", "mokytis"): "mokėsi is a form of mokėti too",
}


@cache
def cases(split: str, language: str, kind: str) -> list[list[str]]:
    """The groups or the pairs of a split; none where the split is not there."""
    path = Path(__file__).parent / split / f"{language}.yaml"
    if not path.exists():
        return []
    content = yaml.safe_load(path.read_text("utf-8"))
    return [[str(form) for form in forms] for forms in content.get(kind) or ()]


def stems(text: str, language: str) -> set[str]:
    """The stems of a text but for those of its stop words."""
    tokens = [token for token in analyse(text, language) if not token.joined]
    telling = [token for token in tokens if token.exact not in stop_words(language)]
    return {token.stem for token in telling or tokens}


def meet(forms: list[str], language: str) -> bool:
    return bool(set.intersection(*(stems(form, language) for form in forms)))


def told(found: list[list[str]], split: str) -> str:
    """What a failure may say: nobody tunes on words of the split "test", so that it does not name them."""
    return f"{len(found)} of the split {split}" + (f": {found}" if split == "tuning" else "")


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_forms_of_a_word_meet(language: str, split: str) -> None:
    groups = cases(split, language, "groups")
    if not groups:
        pytest.skip("the split has no groups in this language")
    parted = [forms for forms in groups if not meet(forms, language)]
    if len(parted) > (1 - SHARE) * len(groups):
        pytest.fail(told(parted, split), pytrace=False)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_different_words_stay_apart(language: str, split: str) -> None:
    joined = [pair for pair in cases(split, language, "apart") if meet(pair, language)]
    if joined:
        pytest.fail(told(joined, split), pytrace=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_that_do_not_meet_have_a_reason(language: str) -> None:
    parted = [forms[0] for forms in cases("tuning", language, "groups") if not meet(forms, language)]
    assert [word for word in parted if (language, word) not in REASONS] == []
