"""A document as Whoosh gets it: its terms with what they are worth, and its record."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from search.document import FIELDS
from search.engines.columns.records import record_of
from search.engines.terms import TextTerms, document_terms
from search.ranking import CONCEPT_WORTH
from search.ranking import FIELDS as WORTHS

if TYPE_CHECKING:
    from search.document import Field, SearchDocument
    from search.text import Compounds

# Words of one text never stand beside words of the next, not even in a phrase.
_TEXT_GAP: Final = 16

# A term's positions in a text field, or what its occurrences in all fields are worth together.
Occurrences = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Analysed:
    """What is indexed of a document: each field's terms, and the record to store."""

    terms: dict[str, Occurrences]
    record: bytes


def analyse_document(document: SearchDocument, compounds: Compounds) -> Analysed:
    """Positions by text field for phrases; what each exact form and each stem is worth for everything else."""
    exact: defaultdict[str, float] = defaultdict(float)
    stems: defaultdict[str, float] = defaultdict(float)
    concepts = dict.fromkeys(document.concepts, CONCEPT_WORTH)
    terms: dict[str, Occurrences] = {"concept": concepts, "exact": exact, "stem": stems}
    worths: list[float] = []
    of_fields = document_terms(document, compounds)
    for name, texts in of_fields.items():
        worth = _worth(name, texts)
        positions = _positions(texts)
        for form, places in positions.items():
            exact[form] += worth * len(places)
        for stem, count in Counter(stem for text in texts for stem in text.stems).items():
            stems[stem] += worth * count
        for form in (form for text in texts for form in text.others):
            exact[form] += worth
        terms[name] = positions
        worths.append(worth)
    return Analysed(terms, orjson.dumps(record_of(document, of_fields["title"]) | {"worths": worths}))


def _worth(field: Field, texts: list[TextTerms]) -> float:
    """What one occurrence in a field counts.

    Its length is that of an average text, not of all together: a translation must not make an offer look wordy.
    """
    rule = WORTHS[field]
    length = sum(len(text.forms) for text in texts) / max(len(texts), 1)
    # Below half the usual length shortness is no merit: a body of four words is a poor one, not a precise one.
    return rule.worth / (1 - rule.slope + rule.slope * max(length / rule.usual, 0.5))


def _positions(texts: list[TextTerms]) -> dict[str, list[int]]:
    """Positions by exact form."""
    positions: defaultdict[str, list[int]] = defaultdict(list)
    base = 0
    for text in texts:
        for place, form in enumerate(text.forms):
            positions[form].append(base + place)
        base += len(text.forms) + _TEXT_GAP
    return positions


assert tuple(WORTHS) == FIELDS
