"""The terms of a document, the same for every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.document import FIELDS, Field
from search.text import analyse

if TYPE_CHECKING:
    from search.document import FieldText, SearchDocument
    from search.text import Compounds


@dataclass(frozen=True, slots=True)
class TextTerms:
    """The terms of one text.

    forms: exact forms by position, which phrases need. others: exact forms without a place in phrases:
    hyphenated words as one, and other spellings. stems: `fi:haava`, parts as `fi+haava`.
    """

    forms: list[str]
    others: list[str]
    stems: list[str]


def document_terms(document: SearchDocument, compounds: Compounds) -> dict[Field, list[TextTerms]]:
    """The terms of each text of a document, by field."""
    terms: dict[Field, list[TextTerms]] = {name: [] for name in FIELDS}
    for text in document.texts:
        terms[text.field].append(_text_terms(text, compounds))
    return terms


def _text_terms(text: FieldText, compounds: Compounds) -> TextTerms:
    forms: list[str] = []
    others: list[str] = []
    stems: list[str] = []
    whole, part = f"{text.language}:", f"{text.language}+"
    for token in analyse(text.text, text.language, compounds):
        if token.joined:
            others.append(token.exact)
        else:
            forms.append(token.exact)
        stems.append(whole + token.stem)
        if token.variants:
            others += token.variants
        if token.parts:
            stems += [part + stem for stem in token.parts]
    return TextTerms(forms, others, stems)


def exact_forms(terms: dict[Field, list[TextTerms]]) -> Iterator[str]:
    """Every exact form of a document, as often as it occurs."""
    for texts in terms.values():
        for text in texts:
            yield from text.forms
            yield from text.others
