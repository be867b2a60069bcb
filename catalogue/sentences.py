"""Sentences about unusable arguments, in the language of the reader."""

from __future__ import annotations

from typing import Final

from catalogue.i18n import N_, format_number, gettext_for
from search.query import MAX_DEPTH, MAX_TEXT, Problem

SENTENCES: Final = {
    "bad-characters": N_("The search words held characters that cannot be searched; they were left out."),
    "too-long": N_("The search words were longer than %(most)s characters; the rest was left out."),
    "no-words": N_("“%(value)s” holds no word to search for."),
    "repeated": N_("“%(param)s” was given more than once; the first value counts."),
    "unknown-value": N_("“%(value)s” is not a value of “%(param)s”."),
    "unknown-parameter": N_("“%(param)s” is not a parameter of this search."),
    "not-in-range": N_("“%(value)s” is not a possible value of “%(param)s”."),
    "not-a-number": N_("“%(value)s” is not a number (“%(param)s”)."),
    "not-a-date": N_("“%(value)s” is not a date such as 2027-03-01 (“%(param)s”)."),
    "empty-range": N_("The range ends before it begins (“%(param)s”)."),
    "too-many": N_("“%(param)s” has too many values."),
    "too-deep": N_(
        "Results are shown up to number %(depth)s; for more, use the export at /api/v1/offers.jsonl "
        "or the change feed."
    ),
    "unknown-cursor": N_("“%(value)s” is not a cursor of this catalogue; begin again with 0."),
}


def problem_sentence(problem: Problem, language: str) -> str:
    """What could not be used, and why."""
    depth = format_number(MAX_DEPTH, language)
    values = {"param": problem.param, "value": problem.value, "most": MAX_TEXT, "depth": depth}
    return gettext_for(language)(SENTENCES[problem.code]) % values
