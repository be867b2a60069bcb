"""A document as Whoosh stores it: the JSON record from which columns are compiled, and its postings.

Dates are stored as ordinals and moments as microseconds since 1970 in UTC, because that is what columns hold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
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


Occurrences = dict[str, "list[int] | int"]


@dataclass(frozen=True, slots=True)
class Analysed:
    """What is indexed of a document: by field, each term's positions or frequency; and the record to store."""

    terms: dict[str, Occurrences]
    record: bytes


def analyse_document(document: SearchDocument) -> Analysed:
    terms: dict[str, Occurrences] = {"concept": dict(Counter(document.concepts))}
    lengths: list[float] = []
    for name in FIELDS:
        exact, stems, length = _field_terms(document, name)
        lengths.append(length)
        terms[name] = exact
        terms[f"{name}_stem"] = stems
    return Analysed(terms, orjson.dumps(_record(document, lengths)))


def _field_terms(document: SearchDocument, name: str) -> tuple[Occurrences, Occurrences, float]:
    """Positions by exact form, frequency by `language:stem`, and words per text of one field.

    The length is that of an average text, not of all together: a translation must not make an offer look wordy.
    """
    positions: defaultdict[str, list[int]] = defaultdict(list)
    stems: Counter[str] = Counter()
    position = words = 0
    texts = [text for text in document.texts if text.field == name]
    for text in texts:
        prefix = f"{text.language}:"
        before = position
        tokens = analyse(text.text, text.language)
        for token in tokens:
            positions[token.exact].append(position)
            position += not token.joined
        stems.update([prefix + token.stem for token in tokens])
        words += position - before
        position += _TEXT_GAP
    return positions, stems, words / max(len(texts), 1)  # type: ignore[return-value]


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
    return {
        key: value
        for key, value in record.items()
        if value is not None and value is not False and value != {}
    }
