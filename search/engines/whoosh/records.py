"""A document as Whoosh stores it: the JSON record from which columns are compiled, and its postings.

Dates are stored as ordinals and moments as microseconds since 1970 in UTC, because that is what columns hold.
"""

from __future__ import annotations

from array import array
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from search.document import FIELDS
from search.text import analyse

if TYPE_CHECKING:
    from search.document import RunDocument, SearchDocument

# Words of one text never stand beside words of the next, not even in a phrase.
_TEXT_GAP: Final = 16

Record = dict[str, Any]


def moment(value: datetime) -> int:
    """Microseconds since 1970; a moment without a zone is read as UTC."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)


def whoosh_fields(document: SearchDocument) -> dict[str, Any]:
    """The keyword arguments of `add_document`."""
    fields: dict[str, Any] = {}
    lengths: list[float] = []
    for name in FIELDS:
        exact, stems, length = _postings(document, name)
        lengths.append(length)
        if exact:
            fields[name] = exact
            fields[f"{name}_stem"] = stems
    if document.concepts:
        fields["concept"] = Counter(document.concepts)
    fields["columns"] = orjson.dumps(_record(document, lengths))
    return fields


def _postings(document: SearchDocument, name: str) -> tuple[dict[str, array[int]], Counter[str], float]:
    """Positions by exact form, frequency by `language:stem`, and words per text of one field.

    The length is that of an average text, not of all together: a translation must not make an offer look wordy.
    """
    positions: dict[str, array[int]] = {}
    stems: Counter[str] = Counter()
    position = texts = words = 0
    for text in document.texts:
        if text.field != name:
            continue
        texts += 1
        for token in analyse(text.text, text.language):
            positions.setdefault(token.exact, array("I")).append(position)
            stems[f"{text.language}:{token.stem}"] += 1
            position += not token.joined
            words += not token.joined
        position += _TEXT_GAP
    return positions, stems, words / max(texts, 1)


def _record(document: SearchDocument, lengths: list[float]) -> Record:
    return {
        "id": document.id,
        "version": document.version,
        "language": document.default_language,
        "published": moment(document.published_at),
        "titles": document.titles(),
        "lengths": lengths,
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
    return {key: value for key, value in record.items() if value is not None and value is not False and value != {}}
