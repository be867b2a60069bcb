"""The words of a few texts, as an index would know them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from search.plan import Family
from search.text import NO_COMPOUNDS, Compounds, analyse


class Words:
    """Implements `search.lexicon.Lexicon` by looking at every word."""

    def __init__(
        self,
        *texts: tuple[str, str],
        concepts: tuple[str, ...] = (),
        compounds: Compounds = NO_COMPOUNDS,
    ) -> None:
        self.exact: Counter[str] = Counter()
        self.terms = {("concept", concept) for concept in concepts}
        for language, text in texts:
            for token in analyse(text, language, compounds):
                self.exact.update({token.exact, *token.variants})
                self.terms.add(("stem", f"{language}:{token.stem}"))
                self.terms |= {("stem", f"{language}+{part}") for part in token.parts}
        self.terms |= {("exact", form) for form in self.exact}

    def knows(self, family: Family, term: str) -> bool:
        return (family, term) in self.terms

    def beginning(self, prefix: str, limit: int) -> list[str]:
        return self._most(form for form in self.exact if form.startswith(prefix) and form != prefix)[:limit]

    def ending(self, suffix: str, limit: int) -> list[str]:
        return self._most(form for form in self.exact if form.endswith(suffix) and form != suffix)[:limit]

    def near(self, word: str, edits: int, limit: int) -> list[str]:
        distances = {form: OSA.distance(word, form) for form in self.exact if form.isalpha() and form != word}
        least = min(distances.values(), default=edits + 1)
        if least > edits:
            return []
        return self._most(form for form, distance in distances.items() if distance == least)[:limit]

    def _most(self, forms: Iterable[str]) -> list[str]:
        return sorted(forms, key=lambda form: (-self.exact[form], form))
