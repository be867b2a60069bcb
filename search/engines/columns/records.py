"""A document as engines store it: a JSON record from which columns are compiled.

Dates are stored as ordinals and moments as microseconds since 1970 in UTC, because that is what columns hold.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.document import RunDocument, SearchDocument
    from search.engines.terms import TextTerms

Record = dict[str, Any]


def moment(value: datetime) -> int:
    """Microseconds since 1970; a moment without a zone is read as UTC."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)


def record_of(document: SearchDocument, titles: Sequence[TextTerms]) -> Record:
    """What columns need of a document; never its long texts. titles: the terms of its titles, in their order."""
    languages = [text.language for text in document.texts if text.field == "title"]
    return {
        "id": document.id,
        "version": document.version,
        "language": document.default_language,
        "published": moment(document.published_at),
        "titles": document.titles(),
        "title_terms": [
            (language, terms.forms, terms.others, terms.stems)
            for language, terms in zip(languages, titles, strict=True)
        ],
        "changed": moment(document.changed_at or document.published_at),
        "completeness": document.completeness,
        "values": {name: list(codes) for name, codes in document.values.items() if codes},
        "numbers": dict(document.numbers),
        "runs": [_run_record(run) for run in document.runs] or [{}],
    }


def _run_record(run: RunDocument) -> Record:
    record = {
        "values": {name: list(codes) for name, codes in run.values.items() if codes},
        "numbers": dict(run.numbers),
        "start": run.start.toordinal() if run.start else None,
        "end": run.end.toordinal() if run.end else None,
        "opens": moment(run.opens) if run.opens else None,
        "closes": moment(run.closes) if run.closes else None,
        "rolling": run.rolling,
    }
    return {
        key: value
        for key, value in record.items()
        if value is not None and value is not False and value != {}
    }
