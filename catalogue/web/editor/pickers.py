"""Pickers for long lists: what is chosen, what a search found, and the whole tree to browse. They need no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Final

from sqlalchemy.orm import Session

from catalogue.concepts import finding
from catalogue.vocabularies import vocabulary
from catalogue.vocabularies.skills import skills
from catalogue.web.editor.names import folded
from catalogue.web.editor.values import Values
from catalogue.web.say import Say

View = SimpleNamespace
FIND: Final = ".find"
FOUND: Final = ".found"
MOST: Final = 20


class Pickers:
    """Fills views of pickers. A field `x` is searched by what stands in `x.find`."""

    def __init__(self, session: Session, say: Say) -> None:
        self.session, self.say = session, say

    def fill(self, view: View, name: str, values: Values) -> None:
        """A field of codes of a vocabulary."""
        chosen = values.all(view.name)
        asked = values.one(view.name + FIND).strip()
        found = [code for code in self._search(name, asked) if code not in chosen] if asked else []
        self._shape(view, asked, [self._option(name, c, chosen) for c in chosen])
        view.results = [self._option(name, code, chosen) for code in found[:MOST]]
        if "." not in view.name:  # not once for each run
            view.tree = [self._branch(name, code, {*chosen, *found[:MOST]}) for code in self._roots(name)]

    def _shape(self, view: View, asked: str, chosen: Sequence[View]) -> None:
        view.kind, view.asked, view.chosen, view.results, view.tree = "picker", asked, chosen, [], []

    def _search(self, name: str, asked: str) -> Iterable[str]:
        """Codes that begin so, or whose names have all the words, in the reader's language or in English."""
        words, terms = folded(asked).split(), vocabulary(name)
        for code in terms.codes:
            texts = {folded(terms.label(code, language).text) for language in (self.say.language, "en")}
            named = any(all(word in text for word in words) for text in texts)
            if named or (len(words) == 1 and code.casefold().startswith(words[0])):
                yield code

    def _option(self, name: str, code: str, chosen: Sequence[str]) -> View:
        terms = vocabulary(name)
        above = [terms.label(broader, self.say.language).text for broader in terms.ancestors(code)[:-1]]
        return View(
            code=code,
            label=terms.label(code, self.say.language),
            chosen=code in chosen,
            note=" › ".join(dict.fromkeys(above)) or None,
            mark=code if name == "isced" else None,
        )

    def _roots(self, name: str) -> Sequence[str]:
        terms = vocabulary(name)
        return terms.roots if terms.parents else sorted(terms.codes, key=lambda c: self._name(name, c))

    def _name(self, name: str, code: str) -> str:
        return folded(vocabulary(name).label(code, self.say.language).text)

    def _branch(self, name: str, code: str, elsewhere: set[str]) -> View:
        """A code and what is below it. What stands above as chosen or found is not offered a second time."""
        terms = vocabulary(name)
        below = [self._branch(name, child, elsewhere) for child in terms.children(code)]
        return View(
            code=code,
            label=terms.label(code, self.say.language),
            below=below,
            offered=code not in elsewhere,
            mark=code if name == "isced" else None,
        )

    def fill_sectors(self, view: View, values: Values) -> None:
        """Sections of NACE Rev. 2.1; those stated in the revision before stay as they were stated."""
        chosen, terms = values.all(view.name), vocabulary("nace")
        codes = [f"2.1:{code}" for code in terms.codes]
        view.kind, view.options = "ticks", []
        for value in (*codes, *(value for value in chosen if value not in codes)):
            revision, _, code = value.partition(":")
            label = vocabulary("nace" if revision == "2.1" else "nace-rev2").label(code, self.say.language)
            view.options.append(View(code=value, label=label, chosen=value in chosen))

    def fill_skills(self, view: View, values: Values) -> None:
        """Skills of ESCO, found by words of their names."""
        chosen = values.all(view.name)
        asked = values.one(view.name + FIND).strip()
        named = finding.named(self.session, chosen, self.say.language)
        self._shape(view, asked, [self._skill(uri, named, chosen) for uri in chosen])
        if asked:
            found = finding.skills(self.session, asked, self.say.language, MOST + len(chosen))
            view.results = [self._skill(uri, found, chosen) for uri in found if uri not in chosen][:MOST]

    def _skill(self, uri: str, named: dict[str, finding.Name], chosen: Sequence[str]) -> View:
        name = named.get(uri)
        packaged = skills().get(uri)
        fallback = packaged.label(self.say.language).text if packaged else uri
        return View(
            code=uri,
            label=View(text=name.label, language=name.language) if name else fallback,
            chosen=uri in chosen,
            note=None,
            mark=None,
        )
