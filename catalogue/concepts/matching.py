"""Find the concepts a query names: whole labels only, the longest first, at most three.

A label matches by its exact words in whatever language it is, and by its stems in the languages of the search. What
stands in quotes or behind a minus is meant as words and is left alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import exists, or_, select, union_all
from sqlalchemy.orm import Session

from catalogue.concepts.keys import MAX_WORDS, SHORTEST, stem_key, words
from catalogue.concepts.model import KINDS, PACKAGED, Concept, ConceptLabel, OccupationSkill
from catalogue.concepts.naming import Name, languages_of_labels, preferred
from search.meaning import Meaning
from search.text.languages import generic_words, stop_words

MAX_MEANINGS: Final = 3
MAX_SKILLS: Final = 40  # of an occupation
_MAX_QUERY_WORDS: Final = 24
_LEAST_WEIGHT: Final = 0.5

# As in search.text.parsing: phrases in quotes, and words with a minus before them.
_AS_WORDS: Final = re.compile(r"(?:(?:(?<=\s)|^)[-−–])?[\"“”„«»][^\"“”„«»]*[\"“”„«»]|(?:(?<=\s)|^)[-−–]\S+")


@dataclass(frozen=True, slots=True)
class _Span:
    """Words that stand side by side in the query: their characters, their number, their keys.

    exact: as they are written, and with the marks that two letters may stand for (Qualitaet).
    """

    start: int
    end: int
    length: int
    exact: tuple[str, ...]
    stems: tuple[str, ...]


class _Candidate(NamedTuple):
    """A label that has one of the keys. leads_on: false for an occupation whose skills are not known."""

    id: int
    uri: str
    kind: str
    language: str
    source: str
    position: int
    key_exact: str | None
    key_stem: str | None
    leads_on: bool


def match(
    session: Session, text: str, languages: Sequence[str], rejected: Collection[str] = ()
) -> tuple[Meaning, ...]:
    """The concepts named in a query, in the order they are named, without those rejected (URIs).

    languages: those the words may be in, the first being the searcher's own; labels are given in the first that has
    one.
    """
    languages = tuple(dict.fromkeys(languages)) or ("en",)
    spans = sorted(
        _spans(text, languages), key=lambda span: (-span.length, span.start - span.end, span.start)
    )
    if not spans:
        return ()
    found = _candidates(session, spans)
    chosen: list[tuple[_Span, _Candidate]] = []
    for span in spans:
        if len(chosen) == MAX_MEANINGS:
            break
        if any(span.start < other.end and other.start < span.end for other, _ in chosen):
            continue
        taken = {candidate.uri for _, candidate in chosen}
        fitting = _fitting(span, found, languages)
        best = next((c for c in fitting if c.uri not in rejected and c.uri not in taken), None)
        if best:
            chosen.append((span, best))
    return _meanings(session, sorted(chosen, key=lambda pair: pair[0].start), languages)


def _spans(text: str, languages: tuple[str, ...]) -> Iterator[_Span]:
    start = 0
    for written in [*_AS_WORDS.finditer(text), None]:
        end = written.start() if written else len(text)
        yield from _spans_within(text[start:end], start, languages)
        start = written.end() if written else end


def _spans_within(text: str, offset: int, languages: tuple[str, ...]) -> Iterator[_Span]:
    analyses = {language: words(text, language)[:_MAX_QUERY_WORDS] for language in languages}
    tokens = analyses[languages[0]]
    stops = {language: stop_words(language) for language in languages}
    every_stop = frozenset[str]().union(*stops.values())

    def says_nothing(first: int, last: int) -> bool:
        """ "training course" is no concept in a catalogue of courses."""
        return any(
            all(
                t.exact in stops[language] or t.stem in generic_words(language) for t in own[first : last + 1]
            )
            for language, own in analyses.items()
        )

    for first in range(len(tokens)):
        for last in range(first, min(first + MAX_WORDS, len(tokens))):
            forms = [token.exact for token in tokens[first : last + 1]]
            exact = " ".join(forms)
            if len(exact) < SHORTEST or every_stop.issuperset(forms) or says_nothing(first, last):
                continue
            stems = []
            for language, stopping in stops.items():
                # The edges of a span are words that tell something: "nurse in" is no longer match than "nurse".
                if forms[0] not in stopping and forms[-1] not in stopping:
                    own = analyses[language][first : last + 1]
                    stems.append(stem_key([t.stem for t in own if t.exact not in stopping], language))
            yield _Span(
                offset + tokens[first].start,
                offset + tokens[last].end,
                len(forms),
                _written(exact),
                tuple(stems),
            )


_TWO_LETTERS: Final = re.compile(r"(?<=[aou])e|(?<=a)a")


def _written(exact: str) -> tuple[str, ...]:
    """Keys are folded, "qualitat": whoever has no ä types two letters, and those are folded here as well."""
    return tuple(dict.fromkeys((exact, _TWO_LETTERS.sub("", exact))))


def _candidates(session: Session, spans: Sequence[_Span]) -> Mapping[str, list[_Candidate]]:
    """The labels that have one of the keys, by exact key and by stem key, in one question."""
    columns = (
        Concept.id,
        Concept.uri,
        Concept.kind,
        ConceptLabel.language,
        ConceptLabel.source,
        ConceptLabel.position,
        ConceptLabel.key_exact,
        ConceptLabel.key_stem,
        or_(Concept.kind != "occupation", exists().where(OccupationSkill.occupation_id == Concept.id)),
    )
    every = select(*columns).join(Concept, Concept.id == ConceptLabel.concept_id)
    by_exact = every.where(
        ConceptLabel.language.in_(languages_of_labels()),
        ConceptLabel.key_exact.in_({key for span in spans for key in span.exact}),
    )
    by_stem = every.where(ConceptLabel.key_stem.in_({key for span in spans for key in span.stems}))
    found: dict[str, list[_Candidate]] = defaultdict(list)
    for row in session.execute(union_all(by_exact, by_stem)):
        candidate = _Candidate(*row)
        for key in (candidate.key_exact, candidate.key_stem):
            if key:
                found[key].append(candidate)
    return found


def _fitting(
    span: _Span, found: Mapping[str, list[_Candidate]], languages: tuple[str, ...]
) -> list[_Candidate]:
    """Whom the words of a span name, the likeliest first.

    The searcher's languages before others; then what is written just so before what is inflected ("project
    management" is not the project manager); then the occupation, whose skills say more than a field does.
    """

    def likelihood(candidate: _Candidate) -> tuple[bool, bool, bool, int, bool, int, str]:
        return (
            candidate.language not in languages,
            candidate.key_exact not in span.exact,
            not candidate.leads_on,
            KINDS.index(candidate.kind),
            candidate.position > 0,
            languages.index(candidate.language) if candidate.language in languages else len(languages),
            candidate.uri,
        )

    return sorted((c for key in (*span.exact, *span.stems) for c in found.get(key, ())), key=likelihood)


def _meanings(
    session: Session, chosen: Sequence[tuple[_Span, _Candidate]], languages: tuple[str, ...]
) -> tuple[Meaning, ...]:
    if not chosen:
        return ()
    names = preferred(session, {candidate.id: candidate.kind for _, candidate in chosen}, languages)
    skills = _skills(session, [candidate.id for _, candidate in chosen if candidate.kind == "occupation"])
    return tuple(
        Meaning(
            span.start,
            span.end,
            candidate.uri,
            candidate.kind,
            *names.get(candidate.id, Name(candidate.uri, "")),
            terms=((candidate.uri, 1.0), *skills.get(candidate.id, ())),
        )
        for span, candidate in chosen
    )


def _skills(session: Session, occupations: Sequence[int]) -> Mapping[int, list[tuple[str, float]]]:
    """Skills of occupations with their weights: from 1.0 for the first down to a half.

    What is packaged names the most central skills first, so it comes before ESCO, where order says nothing; among
    those the essential ones come first.
    """
    if not occupations:
        return {}
    query = (
        select(OccupationSkill.occupation_id, Concept.uri)
        .join(Concept, Concept.id == OccupationSkill.skill_id)
        .where(OccupationSkill.occupation_id.in_(occupations))
        .order_by(
            OccupationSkill.source != PACKAGED, OccupationSkill.essential.desc(), OccupationSkill.position
        )
    )
    skills: dict[int, dict[str, None]] = defaultdict(dict)
    for occupation, uri in session.execute(query):
        skills[occupation].setdefault(uri)
    return {occupation: _weighted(list(uris)[:MAX_SKILLS]) for occupation, uris in skills.items()}


def _weighted(uris: Sequence[str]) -> list[tuple[str, float]]:
    fall = (1 - _LEAST_WEIGHT) / max(1, len(uris) - 1)
    return [(uri, round(1 - place * fall, 3)) for place, uri in enumerate(uris)]
