"""Find the concepts a query names: whole labels, the longest first, at most three; failing these, most of a label.

A label matches by its exact words in whatever language it is, and by its stems in the languages of the search. What
stands in quotes or behind a minus is meant as words and is left alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from catalogue.concepts.keys import MAX_WORDS, SHORTEST, forms, stem_key, telling, words
from catalogue.concepts.kin import kin_of
from catalogue.concepts.kinship import Distance, distance
from catalogue.concepts.model import KINDS, PACKAGED, Concept, ConceptLabel, ConceptWord, OccupationSkill
from catalogue.concepts.naming import Name, all_names, languages_of_labels
from catalogue.db import ask
from search.meaning import Meaning
from search.text.courses import by_subject
from search.text.languages import generic_words, stop_words
from search.understanding import COMPOUNDING

MAX_MEANINGS: Final = 3
MAX_SKILLS: Final = 40  # of an occupation
_MAX_QUERY_WORDS: Final = 24
_LEAST_WEIGHT: Final = 0.5
_MOST_LABELS: Final = 200
_NEAR_FROM: Final = 2  # words
_JOINED: Final = 2  # words that may be one: "vindmølle service"

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
    session: Session,
    text: str,
    languages: Sequence[str],
    rejected: Collection[str] = (),
    is_carried: Callable[[str], bool] = lambda _uri: True,
    is_known: Callable[[str], bool] = lambda _form: True,
) -> tuple[Meaning, ...]:
    """The concepts named in a query, in the order they are named, without those rejected (URIs).

    languages: those the words may be in, the first being the searcher's own; labels are given in the first that has
    one. is_carried: whether any offer carries a concept; what none carries is taken only where nothing else is found.
    is_known: whether any offer has an exact form; a single word that none has is kin of the nearest word of a label.

    Where the whole labels found leave words over, a label is taken that has all telling words of the query and at
    least as many as it has others: "wind turbines" for "inspect wind turbines". Where no label is whole either, one
    that has kin of some words ("management of forests" for "manage forests") or, among three or more, another word
    in the place of one. Where more than three concepts have such labels, too little was said.
    """
    languages = tuple(dict.fromkeys(languages)) or ("en",)
    finder = _Finder(session, languages, frozenset(rejected), is_carried)
    whole, content = finder.whole(text), _telling(text, languages)
    if all(any(span.start <= word.start and word.end <= span.end for span, _ in whole) for word in content):
        return finder.meanings(whole)
    # "data analysis in Brno" names an analysis and a place: one word more is no reason to leave a whole label.
    found = finder.partial(content) or whole or finder.partial(content, _near)
    if not found and len(content) == 1 and not is_known(content[0].exact):
        kin = finder.meanings(finder.partial(content, _kin))
        if kin:
            return tuple(replace(meaning, sure=False) for meaning in kin)
    # What no offer carries may still be called by its name, in whatever language.
    return finder.meanings(found or finder.whole(text, carried=False))


@dataclass(frozen=True, slots=True)
class _Word:
    """A telling word of a query: its exact form, and the forms it has in some language of the search."""

    start: int
    end: int
    exact: str
    forms: frozenset[str]


def _telling(text: str, languages: tuple[str, ...]) -> list[_Word]:
    """The words of a query that say something; none where some stand in quotes or behind a minus."""
    if _AS_WORDS.search(text):
        return []
    analyses = [words(text, language) for language in languages]
    subjects = by_subject(text, languages)
    of_subjects = _forms_by_start(subjects, languages) if subjects else {}
    kept: list[_Word] = []
    for tokens in zip(*analyses, strict=True):
        by_language = list(zip(languages, tokens, strict=True))
        if all(telling([token], language) for language, token in by_language):
            found = frozenset().union(*(forms(token) for token in tokens))
            start = tokens[0].start
            kept.append(
                _Word(start, tokens[0].end, tokens[0].exact, found | of_subjects.get(start, frozenset()))
            )
    return kept


def _forms_by_start(texts: Sequence[str], languages: tuple[str, ...]) -> dict[int, frozenset[str]]:
    """The forms that words have which start at the same place of several texts."""
    found: dict[int, frozenset[str]] = {}
    for token in (token for text in texts for language in languages for token in words(text, language)):
        found[token.start] = found.get(token.start, frozenset()) | forms(token)
    return found


def _whole(
    spans: Sequence[_Span],
    found: Mapping[str, list[_Candidate]],
    languages: tuple[str, ...],
    is_meant: Callable[[_Candidate], bool],
) -> list[tuple[_Span, _Candidate]]:
    """The longest whole labels, not overlapping, at most three."""
    chosen: list[tuple[_Span, _Candidate]] = []
    for span in spans:
        if len(chosen) == MAX_MEANINGS:
            break
        if any(span.start < other.end and other.start < span.end for other, _ in chosen):
            continue
        taken = {candidate.uri for _, candidate in chosen}
        fitting = _fitting(span, found, languages)
        best = next((c for c in fitting if c.uri not in taken and is_meant(c)), None)
        if best:
            chosen.append((span, best))
    return sorted(chosen, key=lambda pair: pair[0].start)


# How labels are looked for by some of their words: each with its distance from the query, the nearest first.
_Labels = Callable[[Session, Sequence[_Word], tuple[str, ...]], list[tuple[Distance, _Candidate]]]


class _Finder:
    """Looks for concepts in one query."""

    def __init__(
        self,
        session: Session,
        languages: tuple[str, ...],
        rejected: Collection[str],
        is_carried: Callable[[str], bool],
    ) -> None:
        self.session, self.languages = session, languages
        self.rejected, self.is_carried = rejected, is_carried
        self.skills: dict[int, list[tuple[str, float]]] = {}
        self.candidates: Mapping[str, list[_Candidate]] | None = None

    def whole(self, text: str, *, carried: bool = True) -> list[tuple[_Span, _Candidate]]:
        """Whole labels, of concepts that some offer carries or of any."""
        spans = sorted(
            _spans(text, self.languages), key=lambda span: (-span.length, span.start - span.end, span.start)
        )
        if not spans:
            return []
        if self.candidates is None:
            self.candidates = _candidates(self.session, spans)
            self._learn(candidate for candidates in self.candidates.values() for candidate in candidates)
        is_meant = self._is_meant if carried else self._is_wanted
        return _whole(spans, self.candidates, self.languages, is_meant)

    def partial(
        self, content: Sequence[_Word], labels: _Labels | None = None
    ) -> list[tuple[_Span, _Candidate]]:
        """Concepts with one of the labels that have these words, the best covered first; none where too many have."""
        if not content or len(content) > MAX_WORDS:
            return []
        candidates = (labels or _covered)(self.session, content, self.languages)
        self._learn(candidate for _, candidate in candidates)
        meant = [(far, candidate) for far, candidate in candidates if self._is_meant(candidate)]
        least = min((far for far, _ in meant), default=None)
        best = {candidate.uri: candidate for far, candidate in reversed(meant) if far == least}
        if len(best) > MAX_MEANINGS:
            return []
        span = _Span(content[0].start, content[-1].end, len(content), (), ())
        return [(span, candidate) for _, candidate in sorted(best.items())]

    def _learn(self, candidates: Iterable[_Candidate]) -> None:
        occupations = {candidate.id for candidate in candidates if candidate.kind == "occupation"}
        self.skills |= _skills(self.session, sorted(occupations - self.skills.keys()))

    def _is_wanted(self, candidate: _Candidate) -> bool:
        return candidate.uri not in self.rejected

    def _is_meant(self, candidate: _Candidate) -> bool:
        terms = [uri for uri, _ in self.skills.get(candidate.id, ())]
        return self._is_wanted(candidate) and any(map(self.is_carried, (candidate.uri, *terms)))

    def meanings(self, chosen: Sequence[tuple[_Span, _Candidate]]) -> tuple[Meaning, ...]:
        return _meanings(self.session, chosen, self.languages, self.skills)


def _spans(text: str, languages: tuple[str, ...]) -> Iterator[_Span]:
    start = 0
    for written in [*_AS_WORDS.finditer(text), None]:
        end = written.start() if written else len(text)
        plain = text[start:end]
        yield from _spans_within(plain, start, languages)
        if subjects := by_subject(plain, languages):
            ends = {token.start: token.end for token in words(plain, languages[0])}
            for said in subjects:
                yield from _spans_within(said, start, languages, ends)
        start = written.end() if written else end


def _spans_within(
    text: str, offset: int, languages: tuple[str, ...], ends: Mapping[int, int] | None = None
) -> Iterator[_Span]:
    """ends: where each word ends as it is typed, by where it starts, if not where it ends here."""
    analyses = {language: words(text, language)[:_MAX_QUERY_WORDS] for language in languages}
    tokens = analyses[languages[0]]
    stops = {language: stop_words(language) for language in languages}
    every_stop = frozenset[str]().union(*stops.values())
    compounding = not COMPOUNDING.isdisjoint(languages)

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
            written = _written(exact)
            if compounding and len(forms) == _JOINED:
                written += ("".join(forms),)
            yield _Span(
                offset + tokens[first].start,
                offset + (ends[tokens[last].start] if ends else tokens[last].end),
                len(forms),
                written,
                tuple(stems),
            )


_TWO_LETTERS: Final = re.compile(r"(?<=[aou])e|(?<=a)a")


def _written(exact: str) -> tuple[str, ...]:
    """Keys are folded, "qualitat": whoever has no ä types two letters, and those are folded here as well."""
    return tuple(dict.fromkeys((exact, _TWO_LETTERS.sub("", exact))))


def _several(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def _candidates_question() -> Any:
    every = select(
        Concept.id,
        Concept.uri,
        Concept.kind,
        ConceptLabel.language,
        ConceptLabel.source,
        ConceptLabel.position,
        ConceptLabel.key_exact,
        ConceptLabel.key_stem,
        or_(Concept.kind != "occupation", exists().where(OccupationSkill.occupation_id == Concept.id)),
    ).join(Concept, Concept.id == ConceptLabel.concept_id)
    by_exact = every.where(
        ConceptLabel.language.in_(languages_of_labels()), ConceptLabel.key_exact.in_(_several("exact"))
    )
    return union_all(by_exact, every.where(ConceptLabel.key_stem.in_(_several("stems"))))


def _covered_question(*, whole: bool) -> Any:
    """The words of labels that have many of the query's words, with what the label is. whole: its other words too."""
    label = (ConceptWord.concept_id, ConceptWord.language, ConceptWord.source, ConceptWord.position)
    near = (
        select(*label)
        .where(ConceptWord.language.in_(_several("languages")), ConceptWord.word.in_(_several("words")))
        .where(ConceptWord.size <= bindparam("most"))
        .group_by(*label)
        .having(func.count() >= bindparam("least"))
        .limit(_MOST_LABELS)
        .subquery()
    )
    question = (
        select(
            Concept.id,
            Concept.uri,
            Concept.kind,
            ConceptWord.language,
            ConceptWord.source,
            ConceptWord.position,
            ConceptWord.size,
            ConceptWord.word,
        )
        .join(Concept, Concept.id == ConceptWord.concept_id)
        .join(near, and_(*(column == near.c[column.name] for column in label)))
    )
    return question if whole else question.where(ConceptWord.word.in_(_several("words")))


# Questions are made once: to put one together takes longer than to answer it.
_CANDIDATES: Final = _candidates_question()
_COVERED: Final = _covered_question(whole=False)
_NEAR: Final = _covered_question(whole=True)
_SKILLS: Final = (
    select(OccupationSkill.occupation_id, Concept.uri)
    .join(Concept, Concept.id == OccupationSkill.skill_id)
    .where(OccupationSkill.occupation_id.in_(_several("occupations")))
    .order_by(OccupationSkill.source != PACKAGED, OccupationSkill.essential.desc(), OccupationSkill.position)
)


def _candidates(session: Session, spans: Sequence[_Span]) -> Mapping[str, list[_Candidate]]:
    """The labels that have one of the keys, by exact key and by stem key, in one question."""
    keys = {
        "exact": sorted({key for span in spans for key in span.exact}),
        "stems": sorted({key for span in spans for key in span.stems}),
    }
    found: dict[str, list[_Candidate]] = defaultdict(list)
    for row in ask(session, _CANDIDATES, keys):
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


def _covered(
    session: Session, content: Sequence[_Word], languages: tuple[str, ...]
) -> list[tuple[Distance, _Candidate]]:
    """Labels that have all the words, and at most as many others."""
    has = _labels(session, _COVERED, content, languages, least=len(content))
    full = (
        (Distance(0, size), candidate)
        for (size, candidate), found in has.items()
        if all(found & word.forms for word in content)
    )
    return _by_distance(full, languages)


def _near(
    session: Session, content: Sequence[_Word], languages: tuple[str, ...]
) -> list[tuple[Distance, _Candidate]]:
    """Labels that have most of the words, and kin of the others."""
    if len(content) < _NEAR_FROM:
        return []
    has = _labels(session, _NEAR, content, languages, least=min(2, len(content) - 1))
    forms_of = [word.forms for word in content]
    distances = ((distance(forms_of, found, size), candidate) for (size, candidate), found in has.items())
    return _by_distance(((far, candidate) for far, candidate in distances if far), languages)


def _kin(
    session: Session, content: Sequence[_Word], languages: tuple[str, ...]
) -> list[tuple[Distance, _Candidate]]:
    """Labels that have kin of a single word."""
    found = kin_of(session, content[0].forms, languages)
    return _by_distance(((far, _Candidate(*kin, "", "", leads_on=True)) for far, kin in found), languages)


def _labels(
    session: Session, question: Any, content: Sequence[_Word], languages: tuple[str, ...], *, least: int
) -> dict[tuple[int, _Candidate], set[str]]:
    """Labels with at least so many of the query's forms: their number of telling words, and forms that they have."""
    values = {
        "languages": languages,
        "words": sorted(frozenset[str]().union(*(word.forms for word in content))),
        "least": least,
        "most": 2 * len(content),
    }
    has: dict[tuple[int, _Candidate], set[str]] = defaultdict(set)
    for key, uri, kind, language, source, position, size, word in ask(session, question, values):
        candidate = _Candidate(key, uri, kind, language, source, position, "", "", leads_on=True)
        has[size, candidate].add(word)
    return has


def _by_distance(
    labels: Iterable[tuple[Distance, _Candidate]], languages: tuple[str, ...]
) -> list[tuple[Distance, _Candidate]]:
    return sorted(
        labels,
        key=lambda entry: (
            entry[0],
            KINDS.index(entry[1].kind),
            languages.index(entry[1].language),
            entry[1].position,
            entry[1].uri,
        ),
    )


def _meanings(
    session: Session,
    chosen: Sequence[tuple[_Span, _Candidate]],
    languages: tuple[str, ...],
    skills: Mapping[int, list[tuple[str, float]]],
) -> tuple[Meaning, ...]:
    if not chosen:
        return ()
    names = all_names(session, {candidate.id: candidate.kind for _, candidate in chosen}, languages)
    return tuple(
        Meaning(
            span.start,
            span.end,
            candidate.uri,
            candidate.kind,
            *names.get(candidate.id, [Name(candidate.uri, "")])[0],
            terms=((candidate.uri, 1.0), *skills.get(candidate.id, ())),
            names=tuple((name.language, name.label) for name in names.get(candidate.id, ())),
        )
        for span, candidate in chosen
    )


def _skills(session: Session, occupations: Sequence[int]) -> dict[int, list[tuple[str, float]]]:
    """Skills of occupations with their weights: from 1.0 for the first down to a half.

    What is packaged names the most central skills first, so it comes before ESCO, where order says nothing; among
    those the essential ones come first.
    """
    if not occupations:
        return {}
    skills: dict[int, dict[str, None]] = defaultdict(dict)
    for occupation, uri in ask(session, _SKILLS, {"occupations": occupations}):
        skills[occupation].setdefault(uri)
    return {occupation: _weighted(list(uris)[:MAX_SKILLS]) for occupation, uris in skills.items()}


def _weighted(uris: Sequence[str]) -> list[tuple[str, float]]:
    fall = (1 - _LEAST_WEIGHT) / max(1, len(uris) - 1)
    return [(uri, round(1 - place * fall, 3)) for place, uri in enumerate(uris)]
