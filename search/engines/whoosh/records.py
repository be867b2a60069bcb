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

# By field: what an occurrence is worth, how much the text's length counts against it, and the usual length in words.
# The usual length is a constant, not the index's average: so worth can be indexed, and no commit changes all scores.
_WORTH: Final[dict[str, tuple[float, float, float]]] = {
    "title": (6.0, 0.3, 8.0),
    "outcomes": (2.0, 0.6, 50.0),
    "body": (1.0, 0.75, 150.0),
}

Record = dict[str, Any]


def moment(value: datetime) -> int:
    """Microseconds since 1970; a moment without a zone is read as UTC."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)


# A term's positions in a text field, or what its occurrences in all fields are worth together.
Occurrences = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Analysed:
    """What is indexed of a document: each field's terms, and the record to store."""

    terms: dict[str, Occurrences]
    record: bytes


def analyse_document(document: SearchDocument) -> Analysed:
    """Positions by text field for phrases; what each exact form and each stem is worth for everything else."""
    exact: defaultdict[str, float] = defaultdict(float)
    stems: defaultdict[str, float] = defaultdict(float)
    terms: dict[str, Occurrences] = {
        "concept": dict(Counter(document.concepts)),
        "exact": exact,
        "stem": stems,
    }
    worths: list[float] = []
    for name in FIELDS:
        positions, stem_counts, length = _field_terms(document, name)
        worth = _worth(name, length)
        for form, places in positions.items():
            exact[form] += worth * len(places)
        for stem, count in stem_counts.items():
            stems[stem] += worth * count
        terms[name] = positions
        worths.append(worth)
    return Analysed(terms, orjson.dumps(_record(document, worths)))


def _worth(field: str, length: float) -> float:
    """What one occurrence in a text of so many words counts."""
    worth, slope, usual = _WORTH[field]
    # Below half the usual length shortness is no merit: a body of four words is a poor one, not a precise one.
    return worth / (1 - slope + slope * max(length / usual, 0.5))


def _field_terms(document: SearchDocument, name: str) -> tuple[dict[str, list[int]], Counter[str], float]:
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
    return positions, stems, words / max(len(texts), 1)


def _record(document: SearchDocument, worths: list[float]) -> Record:
    return {
        "id": document.id,
        "version": document.version,
        "language": document.default_language,
        "published": moment(document.published_at),
        "titles": document.titles(),
        "worths": worths,
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
