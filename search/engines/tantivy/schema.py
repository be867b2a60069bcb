"""Tantivy's fields, fed with terms that are analysed already.

Each field of a document is two of Tantivy's: `title_exact` has the written forms and where they stand, `title_stem`
stems and how often they occur. `number` is the document's row in the columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tantivy import Document, SchemaBuilder

from search.document import FIELDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tantivy import Schema

    from search.document import Field, SearchDocument
    from search.engines.terms import TextTerms
    from search.plan import Family

NUMBER: Final = "number"
CONCEPT: Final = "concept"


def fields_of(family: Family) -> tuple[str, ...]:
    """Tantivy's fields that have the terms of a family."""
    return (CONCEPT,) if family == "concept" else tuple(f"{field}_{family}" for field in FIELDS)


def make_schema() -> Schema:
    """The fields of an index. A change needs a new FORMAT_VERSION."""
    builder = SchemaBuilder()
    for field in fields_of("exact"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
    for field in fields_of("stem"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(CONCEPT, tokenizer_name="raw", index_option="freq")
    builder.add_unsigned_field(NUMBER, indexed=True, fast=True)
    return builder.build()


def to_tantivy(
    document: SearchDocument, number: int, terms: dict[Field, list[TextTerms]], schema: Schema
) -> Document:
    """A document as Tantivy takes it.

    Every text is a value of its field, and so is every form that is in no phrase: Tantivy leaves gaps between values.
    """
    values: dict[str, Any] = {NUMBER: number, CONCEPT: list(document.concepts)}
    for field, texts in terms.items():
        others = {form: None for text in texts for form in text.others}
        values[f"{field}_exact"] = [*(_text(text.forms) for text in texts), *others]
        values[f"{field}_stem"] = [_text(text.stems) for text in texts]
    return Document.from_dict(values, schema)


def as_word(term: str) -> str:
    """A term as Tantivy has it: a stem that consists of several words would be taken for several terms."""
    return term.replace(" ", "_") if " " in term else term


def _text(terms: Sequence[str]) -> str:
    text = " ".join(terms)
    return text if text.count(" ") == len(terms) - 1 or not terms else " ".join(map(as_word, terms))
