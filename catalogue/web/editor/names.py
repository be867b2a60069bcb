"""Names that somebody may type where the document wants a code: organisations of this catalogue, regions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from anyascii import anyascii

from catalogue.providers.queries import Provider
from catalogue.vocabularies import country_of_nuts, vocabulary


def folded(text: str) -> str:
    """For comparing: without marks, case and outer space."""
    return " ".join(anyascii(text).casefold().split())


class Names:
    """organisations: those listed. language: that of the reader."""

    def __init__(self, organisations: Iterable[Provider], language: str) -> None:
        self.language = language
        self.slugs = {provider.slug: provider.content.legal_name for provider in organisations}
        self._by_name: dict[str, list[str]] = {}
        for slug, name in self.slugs.items():
            self._by_name.setdefault(folded(name), []).append(slug)

    def organisation(self, typed: str) -> str:
        """The slug of the one organisation that is called so; otherwise what was typed."""
        found = self._by_name.get(folded(typed), [])
        return found[0] if len(found) == 1 and typed not in self.slugs else typed

    def region(self, typed: str) -> str:
        """The NUTS code of the one region that is called so, or that the text begins with; otherwise what was typed.

        Of regions of one name that lie within each other, the broadest is meant.
        """
        code = typed.split(maxsplit=1)[0].upper()
        if vocabulary("nuts").known(code):
            return code
        found = [code for name, code in _regions(self.language) if name == folded(typed)]
        broadest = min(found, key=len, default=typed)
        return broadest if all(code.startswith(broadest) for code in found) else typed

    def regions_of(self, countries: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Code and name of the regions of some countries."""
        wanted, terms = set(countries), vocabulary("nuts")
        for code in terms.codes:
            if country_of_nuts(code) in wanted and len(code) > 2:  # noqa: PLR2004
                yield code, terms.label(code, self.language).text


@lru_cache(maxsize=8)
def _regions(language: str) -> tuple[tuple[str, str], ...]:
    terms = vocabulary("nuts")
    return tuple((folded(terms.label(code, language).text), code) for code in terms.codes)
