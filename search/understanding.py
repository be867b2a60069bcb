"""What a query asks for: its words, in all their forms, as a plan for the engines.

It depends on the words, the languages, the concepts they name and the vocabulary of the index, never on filters or
on how much is found: a filter only narrows. Weights are in `search.ranking`.

- A word of a query is looked for in its exact form, its other spellings, its stem in each of the searcher's
  languages, and as a part of compounds; the last one also as the beginning of longer words.
- A word that no text has is looked for as the head of compounds that some text has, failing these as two words that
  texts have, failing these as the most similar words.
- Words that name a concept also find what carries the concept, in whatever language it is written, and what has the
  concept's name in another language.
- Of three or more words one may be missing.
- Words that say nothing in a catalogue of courses, and words that nothing in the index resembles, need not occur
  where others do.
- Where no text has all that is left, one that has some of it will do: what carries a concept that was named, else
  what has any of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

from search.lexicon import Lexicon
from search.meaning import Meaning
from search.plan import All, Best, Node, Phrase, Plan, Term, best
from search.ranking import WEIGHTS
from search.text import Compounds, Word, analyse, fold, query_terms
from search.text.compounds import NO_COMPOUNDS
from search.text.languages import stop_words
from search.text.stemming import stem

MAX_MEANINGS: Final = 3

# Languages that write compounds as one word; the index has their parts as `fi+haava`.
COMPOUNDING: Final = frozenset({"da", "de", "et", "fi", "hu", "nl", "sv"})

_LENIENT_FROM: Final = 3
_LENIENT_TO: Final = 8
_PREFIX_FROM: Final = 3
_PREFIX_BESIDE_FROM: Final = 2  # other words
_PREFIX_FORMS: Final = 10
_HEAD_FROM: Final = 6
_HEAD_FORMS: Final = 10
# Of a compound that no text has; a shorter head may be a slip of the finger ("laserdatta").
_SHORTEST_FRONT: Final = 4
_SHORTEST_HEAD: Final = 5
_ONE_EDIT_FROM: Final = 4
_TWO_EDITS_FROM: Final = 8
_SIMILAR_FORMS: Final = 8


@dataclass(frozen=True, slots=True)
class Corrected:
    """A word that no text has, and the similar forms that are looked for instead, the likeliest first."""

    word: Word
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Understanding:
    """A query understood.

    meanings: the concepts that its words name and that the index has. corrected, unknown: words that no text has,
    with and without anything similar. loosened: no text has all that was asked for; the plan is the looser one.
    """

    text: str = ""
    plan: Plan = field(default_factory=Plan)
    meanings: tuple[Meaning, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    unknown: tuple[Word, ...] = ()
    compounds: Compounds = NO_COMPOUNDS
    loosened: bool = False

    @cached_property
    def did_you_mean(self) -> str | None:
        """The query with the likeliest form in the place of each corrected word."""
        text = self.text
        for entry in sorted(self.corrected, key=lambda entry: -entry.word.start):
            text = text[: entry.word.start] + entry.forms[0] + text[entry.word.end :]
        return text if self.corrected else None

    @cached_property
    def terms(self) -> frozenset[Term]:
        """Every term that counts as found where it occurs."""
        return frozenset(_terms((*self.plan.required, *self.plan.optional)))

    @cached_property
    def phrases(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_phrases(self.plan.required))


def understand(
    text: str,
    languages: Sequence[str],
    meanings: Sequence[Meaning] = (),
    *,
    lexicon: Lexicon,
    compounds: Compounds = NO_COMPOUNDS,
) -> Understanding:
    """Make the plan of a query. `meanings` do not overlap, but several may have the same words; those that the index
    does not have are left out.
    """
    return _Reader(text, tuple(languages), meanings, lexicon, compounds).understanding()


class _Reader:
    def __init__(
        self,
        text: str,
        languages: tuple[str, ...],
        meanings: Sequence[Meaning],
        lexicon: Lexicon,
        compounds: Compounds,
    ) -> None:
        self.text, self.languages, self.lexicon, self.compounds = text, languages, lexicon, compounds
        self.parsed = query_terms(text, languages, compounds)
        known = ((meaning, (*self._concepts(meaning), *self._names(meaning))) for meaning in meanings)
        self.meanings = [(meaning, terms) for meaning, terms in known if terms][:MAX_MEANINGS]
        self.sought: dict[Word, Node | None] = {}
        self.corrected: list[Corrected] = []
        self.unknown: list[Word] = []

    def understanding(self) -> Understanding:
        plan = self._plan()
        return Understanding(
            self.text,
            plan,
            tuple(meaning for meaning, _ in self.meanings),
            tuple(self.corrected),
            tuple(self.unknown),
            self.compounds,
        )

    def _plan(self) -> Plan:
        excluded = [best(tuple(self._forms(word))) for word in self.parsed.excluded]
        excluded += [_phrase(forms) for forms in self.parsed.excluded_phrases]
        phrases = tuple(_phrase(forms) for forms in self.parsed.phrases)
        self.meanings = [(meaning, terms) for meaning, terms in self.meanings if self._is_meant(meaning)]
        groups = self._groups()
        named = [self._meaning(*group) for group in groups]
        words, optional = self._wanted(sure=bool(named or phrases))
        # What has the words and carries the concept stands above what has only one of them.
        optional = [*(best(concepts) for _, concepts in groups), *optional, *self._together()]
        wanted = [*named, *words]
        looser = None
        if len(wanted) > 1:
            some = best(tuple(named) or (*words, *self._as_one()))
            looser = Plan((*phrases, some), (*wanted, *optional), tuple(excluded))
        return Plan((*phrases, *_all_but_one(wanted)), tuple(optional), tuple(excluded), looser)

    def _wanted(self, *, sure: bool) -> tuple[list[Node], list[Node]]:
        """The words that must and that may occur. Where nothing would be left to ask for, everything must.

        sure: there is more to ask for than these words.
        """
        required: list[Node] = []
        optional: list[Node] = []
        for word in self.parsed.words:
            if self._is_covered(word):
                continue
            node = self._node(word)
            needed = not word.generic and word not in self.unknown
            (required if needed else optional).append(node)
        if not required and not sure:
            return optional, []
        return required, optional

    def _together(self) -> Iterator[Node]:
        """Neighbours among the words, as they stand in the query: an offer that has them so is likelier meant."""
        row = sorted((*self.parsed.words, *self.parsed.dropped), key=lambda word: word.start)
        telling = [place for place, word in enumerate(row) if word in self.parsed.words]
        for first, last in pairwise(telling):
            forms = tuple(word.exact for word in row[first : last + 1])
            if all(self.lexicon.knows("exact", form) for form in forms):
                yield Phrase(forms, WEIGHTS.together)

    def _as_one(self) -> Iterator[Term]:
        """Neighbours that texts write as one word: "storkøkken" for "stor køkken"."""
        for first, second in pairwise(self.parsed.words):
            if self.lexicon.knows("exact", first.exact + second.exact):
                yield Term("exact", first.exact + second.exact, WEIGHTS.hyphen)

    def _is_covered(self, word: Word) -> bool:
        return any(meaning.start <= word.start and word.end <= meaning.end for meaning, _ in self.meanings)

    def _is_meant(self, meaning: Meaning) -> bool:
        """Whether a concept is meant: one whose name has only kin of a word is not where texts have the word itself,
        or one that it was mistyped for.
        """
        return meaning.sure or not any(
            self._known(word) or self._as_head(word) or (self._found(word) and not self._as_two(word))
            for word in self._words_of(meaning)
        )

    def _words_of(self, meaning: Meaning) -> list[Word]:
        return [word for word in self.parsed.words if meaning.start <= word.start and word.end <= meaning.end]

    def _groups(self) -> list[tuple[Meaning, tuple[Node, ...]]]:
        """The meanings by the words that they stand for: the same words may mean several concepts."""
        groups: dict[tuple[int, int], tuple[Meaning, tuple[Node, ...]]] = {}
        for meaning, terms in self.meanings:
            first, known = groups.get((meaning.start, meaning.end), (meaning, ()))
            groups[meaning.start, meaning.end] = (first, (*known, *terms))
        return list(groups.values())

    def _meaning(self, meaning: Meaning, concepts: tuple[Node, ...]) -> Node:
        """What carries the concept, or has all the words that name it."""
        inside = self._words_of(meaning)
        telling = [word for word in inside if not word.generic] or inside
        if not meaning.sure:
            apart = [node for word in telling if (node := self._as_two(word))]
            return best((*apart, *concepts))
        nodes = tuple(node for word in telling if (node := self._known(word)))
        if not nodes or len(nodes) < len(telling):
            return best(concepts)
        literal = _all_but_one(list(nodes))
        return best((literal[0] if len(literal) == 1 else All(tuple(literal)), *concepts))

    def _concepts(self, meaning: Meaning) -> tuple[Node, ...]:
        return tuple(
            Term("concept", term, round(WEIGHTS.concept * weight, 4))
            for term, weight in meaning.terms
            if self.lexicon.knows("concept", term)
        )

    def _names(self, meaning: Meaning) -> Iterator[Node]:
        """What offers that do not carry the concept may call it, in their language: "chimie" for "Chemie"."""
        for language, name in meaning.names:
            stops = stop_words(language)
            stems = {
                token.stem
                for token in analyse(name, language)
                if not token.joined and token.exact not in stops
            }
            terms = [Term("stem", f"{language}:{stem}") for stem in sorted(stems)]
            if not terms or not all(self._has(term) for term in terms):
                continue
            if len(terms) == 1:
                yield replace(terms[0], weight=WEIGHTS.name)
            else:
                yield All(tuple(terms), WEIGHTS.name)

    def _node(self, word: Word) -> Node:
        """A word in the forms that the index has; failing these, in similar ones; failing these, as it is."""
        if found := self._found(word):
            return found
        self.unknown.append(word)
        return Term("exact", word.exact)

    def _found(self, word: Word) -> Node | None:
        """A word in the forms that the index has; failing these, in similar ones. Looked for once."""
        if word not in self.sought:
            self.sought[word] = self._sought(word)
        return self.sought[word]

    def _sought(self, word: Word) -> Node | None:
        known = self._known(word) or self._as_head(word) or self._as_two(word)
        if known:
            return known
        similar = self._similar(word)
        if similar:
            self.corrected.append(Corrected(word, tuple(similar)))
            return best(tuple(self._similar_terms(similar)))
        return None

    def _known(self, word: Word) -> Node | None:
        """The forms of a word that the index has."""
        nodes = [node for node in self._forms(word) if self._has(node)]
        if self.parsed.ends_in_word and word == self.parsed.words[-1]:
            nodes += self._longer(word.exact)
        return best(tuple(nodes)) if nodes else None

    def _forms(self, word: Word) -> Iterator[Node]:
        yield Term("exact", word.exact)
        for variant in word.variants:
            yield Term("exact", variant, WEIGHTS.variant)
        for own in word.stems:
            yield Term("stem", own, WEIGHTS.stem)
            if (part := _as_part(own)) is not None:
                yield Term("stem", part, WEIGHTS.part)
        if word.parts:
            yield Phrase(word.parts, WEIGHTS.hyphen)
        for parts in word.compounds:
            yield All(tuple(self._part(part) for part in parts), WEIGHTS.part)

    def _part(self, stem: str) -> Node:
        """One part of a compound, alone or as a part of another."""
        as_part = _as_part(stem)
        alone = Term("stem", stem)
        return best((alone, Term("stem", as_part))) if as_part else alone

    def _has(self, node: Node) -> bool:
        if isinstance(node, Term):
            return self.lexicon.knows(node.family, node.text)
        if isinstance(node, Phrase):
            return all(self.lexicon.knows("exact", form) for form in node.forms)
        some = any if isinstance(node, Best) else all
        return some(self._has(inner) for inner in node.nodes)

    def _longer(self, prefix: str) -> list[Node]:
        least = _PREFIX_FROM if len(self.parsed.words) == 1 else _PREFIX_BESIDE_FROM
        if len(prefix) < least or not prefix.isalpha():
            return []
        return [Term("exact", form, WEIGHTS.prefix) for form in self.lexicon.beginning(prefix, _PREFIX_FORMS)]

    def _as_head(self, word: Word) -> Node | None:
        """The compounds that a word which stands nowhere alone is the head of: the index parts only what is made of
        words that it has, and "datavisualisering" may be all there is on "visualisering".
        """
        if len(word.exact) < _HEAD_FROM or not word.exact.isalpha() or COMPOUNDING.isdisjoint(self.languages):
            return None
        forms = self.lexicon.ending(word.exact, _HEAD_FORMS)
        return best(tuple(Term("exact", form, WEIGHTS.part) for form in forms)) if forms else None

    def _as_two(self, word: Word) -> Node | None:
        """A compound that no text has, as two words: "kriisiõppus" where texts have "kriisiplaan" and "õppus".

        The head is a word of texts in the language, the front at least what other words begin with.
        """
        written = self.text[word.start : word.end].lower()
        if not written.isalpha():
            return None
        for cut in range(_SHORTEST_FRONT, len(written) - _SHORTEST_HEAD + 1):
            front, head = fold(written[:cut]), fold(written[cut:])
            if not self.lexicon.knows("exact", head):
                continue
            for language in self.languages:
                stem_of_head = f"{language}:{stem(written[cut:], language)}"
                if language in COMPOUNDING and self.lexicon.knows("stem", stem_of_head):
                    fronts = self._fronts(front, head, language)
                    if fronts:
                        heads = best((Term("exact", head), Term("stem", stem_of_head, WEIGHTS.stem)))
                        return All((best(tuple(fronts)), heads), WEIGHTS.part)
        return None

    def _fronts(self, front: str, head: str, language: str) -> list[Node]:
        """The first word of two, alone or as the beginning of others; of one with the same head it may be a slip."""
        alone = [Term("exact", front), Term("stem", f"{language}:{stem(front, language)}", WEIGHTS.stem)]
        known: list[Node] = [term for term in alone if self.lexicon.knows(term.family, term.text)]
        longer = self.lexicon.beginning(front, _PREFIX_FORMS) if len(front) > _SHORTEST_FRONT else []
        return [*known, *(Term("exact", form, WEIGHTS.part) for form in longer if not form.endswith(head))]

    def _similar(self, word: Word) -> list[str]:
        length = len(word.exact)
        if length < _ONE_EDIT_FROM or not word.exact.isalpha():
            return []
        edits = 1 if length < _TWO_EDITS_FROM else 2
        return self.lexicon.near(word.exact, edits, _SIMILAR_FORMS)

    def _similar_terms(self, forms: Iterable[str]) -> Iterator[Node]:
        """Similar forms, and what has their stems."""
        for form in forms:
            yield Term("exact", form, WEIGHTS.similar)
            for language in self.languages:
                for token in analyse(form, language):
                    stem = f"{language}:{token.stem}"
                    if self.lexicon.knows("stem", stem):
                        yield Term("stem", stem, round(WEIGHTS.similar * WEIGHTS.stem, 4))


def _all_but_one(nodes: list[Node]) -> list[Node]:
    """Of three or more, one may be missing: what has all of them stands above what has not, since scores add up."""
    if not _LENIENT_FROM <= len(nodes) <= _LENIENT_TO:
        return nodes
    every = tuple(nodes)
    fewer = (All(every[:place] + every[place + 1 :]) for place in range(len(every)))
    return [Best((All(every), *fewer))]


def _as_part(stem: str) -> str | None:
    """How the index writes a stem that is part of a compound; none in languages that have no compounds."""
    language, _, rest = stem.partition(":")
    return f"{language}+{rest}" if language in COMPOUNDING else None


def _phrase(forms: tuple[str, ...]) -> Node:
    return Phrase(forms) if len(forms) > 1 else Term("exact", forms[0])


def _terms(nodes: Iterable[Node]) -> Iterator[Term]:
    for node in nodes:
        if isinstance(node, Term):
            yield node
        elif isinstance(node, All | Best):
            yield from _terms(node.nodes)


def _phrases(nodes: Iterable[Node]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        if isinstance(node, Phrase):
            yield node.forms
        elif isinstance(node, All | Best):
            yield from _phrases(node.nodes)
