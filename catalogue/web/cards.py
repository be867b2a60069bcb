"""Offers as cards: the same facts wherever an offer is listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalogue.i18n import N_, endonym
from catalogue.offers.application import live_runs, offer_standing
from catalogue.offers.content import OfferContent, Text, Workload
from catalogue.offers.labels import provider_label
from catalogue.offers.queries import PublishedOffer
from catalogue.vocabularies import Label
from catalogue.web.say import Say, StateView, TextView
from catalogue.web.site import url
from search.highlight import highlight, matches, snippet
from search.text import ParsedQuery

Segments = list[tuple[str, bool]]
SNIPPET = 220


@dataclass(frozen=True, slots=True)
class LevelView:
    eqf: int | None
    basis: str | None


@dataclass(frozen=True, slots=True)
class WorkloadView:
    ects: Any
    hours: Any
    kind: str | None
    other: Any


@dataclass(frozen=True, slots=True)
class Card:
    url: str
    title: TextView
    title_segments: Segments | None
    provider_name: Label
    provider_url: str
    place: str | None
    snippet_segments: Segments | None
    snippet_language: str | None
    level: LevelView
    workload: WorkloadView
    modes: tuple[Label, ...]
    state: StateView
    price: str | None
    languages: tuple[Label, ...]
    why: str | None
    leads_to: str | None
    badge: Label | None


def offer_url(offer: PublishedOffer) -> str:
    return url("offer", offer_id=offer.id, slug=offer.slug)


def workload_view(workload: Workload) -> WorkloadView:
    return WorkloadView(workload.ects, workload.hours, workload.hours_kind, workload.other_system)


def required(text: TextView | None) -> TextView:
    """A text that the schema demands."""
    if text is None:
        raise AssertionError("A required text is missing.")
    return text


def card(offer: PublishedOffer, say: Say, now: dt.datetime, words: ParsedQuery | None = None) -> Card:
    """The card of an offer; with the words of a search, what they match is marked."""
    content, provider = offer.content, offer.provider
    title = required(say.text(content.title, content.default_language))
    found = Found(content, say, words) if words else None
    snip = found.snippet() if found else _summary(content, say)
    return Card(
        url=offer_url(offer),
        title=title,
        title_segments=found.title(title) if found else None,
        provider_name=provider_label(provider, say.language),
        provider_url=url("provider", slug=provider.slug),
        place=say.seat(provider.content),
        snippet_segments=snip[0] if snip else None,
        snippet_language=snip[1] if snip else None,
        level=LevelView(content.level.eqf, content.level.basis),
        workload=workload_view(content.workload),
        modes=tuple(say.labels("participation", _modes(content, now.date()))),
        state=say.state(offer_standing(content, now)),
        price=say.prices(content),
        languages=tuple(say.taught_in(_taught_in(content))),
        why=found.why(title) if found else None,
        leads_to=content.leads_to,
        badge=Label(endonym(title.language), title.language) if title.language != say.language else None,
    )


def _modes(content: OfferContent, today: dt.date) -> list[str]:
    runs = live_runs(content.runs, today)
    modes = [mode for run in runs for mode in (run.participation or content.participation)]
    return list(dict.fromkeys(modes or content.participation))


def _taught_in(content: OfferContent) -> list[str]:
    return list(
        dict.fromkeys([*content.languages, *(code for run in content.runs for code in run.languages)])
    )


def _summary(content: OfferContent, say: Say) -> tuple[Segments, str] | None:
    text = say.text(content.summary or content.description, content.default_language)
    if text is None:
        text = next((say.text(o.text, content.default_language) for o in content.learning_outcomes), None)
    return ([(shortened(text.text), False)], text.language) if text else None


def shortened(text: str, length: int = SNIPPET) -> str:
    """A text cut at a word, with an ellipsis."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


class Found:
    """Where the words of a search occur in an offer, first in the language it is shown in."""

    def __init__(self, content: OfferContent, say: Say, words: ParsedQuery) -> None:
        self.content, self.say, self.words = content, say, words

    def title(self, title: TextView) -> Segments:
        return highlight(title.text, title.language, self.words)

    @cached_property
    def passage(self) -> tuple[str, TextView] | None:
        """The first text with a match, and whether it is a description or an outcome. The search ends with it:
        reading on would take longer than all the rest of the card.
        """
        for kind, text in self._texts():
            shown = self.say.text(text, self.content.default_language)
            if shown is not None and self._matches(shown):
                return kind, shown
        return None

    def snippet(self) -> tuple[Segments, str] | None:
        """The passage with a match; else the summary as it is."""
        if self.passage is None:
            return _summary(self.content, self.say)
        text = self.passage[1]
        return snippet(text.text, text.language, self.words, SNIPPET), text.language

    def _texts(self) -> Iterator[tuple[str, Text]]:
        yield "description", self.content.summary
        yield from (("outcome", outcome.text) for outcome in self.content.learning_outcomes)
        yield "description", self.content.description

    def _matches(self, text: TextView) -> bool:
        return matches(text.text, text.language, self.words)

    def why(self, title: TextView) -> str | None:
        """Where the words were found, as a sentence."""
        if not self.words.asks:
            return None
        where = self.passage[0] if self.passage else None
        if self._matches(title):
            if where == "outcome":
                return self.say.gettext(N_("Why here: found in the title and in the learning outcomes"))
            return self.say.gettext(N_("Why here: found in the title"))
        if where == "outcome":
            return self.say.gettext(N_("Why here: found in the learning outcomes"))
        if where == "description":
            return self.say.gettext(N_("Why here: found in the description"))
        return self._elsewhere()

    def _elsewhere(self) -> str:
        for code, entry in self.content.title.items():
            if self._matches(TextView(entry.text, code)):
                label = self.say.label("language", code)
                return self.say.sentence(
                    N_("Why here: found in the text in %(language)s"), language=label.text if label else code
                )
        return self.say.gettext(N_("Why here: found in other details of the offer"))
