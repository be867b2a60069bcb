"""Addresses have one spelling; passwords are long rather than odd."""

from __future__ import annotations

import pytest

from catalogue.people.rules import bare_code, normalised, password_fault


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("a.b+c@example.org", "a.b+c@example.org"),
        ("office@hochschüle.example", "office@xn--hochschle-w9a.example"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert normalised(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "@", "a", "a@b", "a@@example.org", "a b@example.org", "a@exa mple.org", ".a@example.org"),
        *("a..b@example.org", "a@-x.example", "a@example..org", "a@127.0.0.1", "<a@example.org>"),
        *("ſaint@example.org", "ıda@example.org", "a@example.org\nBcc: b@example.org"),
        "x" * 250 + "@example.org",
    ],
)
def test_what_is_no_address_or_could_be_taken_for_anothers_is_refused(typed: str) -> None:
    assert normalised(typed) is None


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("eleven char", "short"),
        ("x" * 201, "long"),
        ("aaaaaaaaaaaab", "simple"),
        ("123456789012", "simple"),
        ("my ada@example.org", "simple"),
        ("four words in a row", None),
        ("пять слов подряд", None),
    ],
)
def test_a_password_is_judged_by_its_length_not_by_its_signs(password: str, fault: str | None) -> None:
    assert password_fault(password, "ada@example.org") == fault


def test_a_code_may_be_typed_with_gaps() -> None:
    assert bare_code(" 123 456") == "123456"
    assert bare_code("ABCD-efgh") == "abcdefgh"
