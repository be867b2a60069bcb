"""Offers as cards: the same facts wherever an offer is listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
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

    def snippet(self) -> tuple[Segments, str] | None:
        """The passage with a match, from summary, outcomes or description; else the summary as it is."""
        for text in self._texts():
            if text is not None and self._matches(text):
                return snippet(text.text, text.language, self.words, SNIPPET), text.language
        return _summary(self.content, self.say)

    def _texts(self) -> Sequence[TextView | None]:
        outcomes = [outcome.text for outcome in self.content.learning_outcomes]
        return [self._text(text) for text in (self.content.summary, *outcomes, self.content.description)]

    def _text(self, text: Text) -> TextView | None:
        return self.say.text(text, self.content.default_language)

    def _matches(self, text: TextView) -> bool:
        return matches(text.text, text.language, self.words)

    def why(self, title: TextView) -> str | None:
        """Where the words were found, as a sentence."""
        if not self.words.asks:
            return None
        in_title = self._matches(title)
        shown = (self._text(outcome.text) for outcome in self.content.learning_outcomes)
        outcomes = sum(1 for text in shown if text is not None and self._matches(text))
        if in_title and outcomes:
            return self.say.plural(
                "Why here: found in the title and in %(num)s learning outcome",
                "Why here: found in the title and in %(num)s learning outcomes",
                outcomes,
            )
        if in_title:
            return self.say.gettext(N_("Why here: found in the title"))
        if outcomes:
            return self.say.plural(
                "Why here: found in %(num)s learning outcome",
                "Why here: found in %(num)s learning outcomes",
                outcomes,
            )
        return self._elsewhere()

    def _elsewhere(self) -> str:
        content = self.content
        if any(
            text is not None and self._matches(text)
            for text in map(self._text, (content.summary, content.description))
        ):
            return self.say.gettext(N_("Why here: found in the description"))
        for code, entry in content.title.items():
            if self._matches(TextView(entry.text, code)):
                label = self.say.label("language", code)
                return self.say.sentence(
                    N_("Why here: found in the text in %(language)s"), language=label.text if label else code
                )
        return self.say.gettext(N_("Why here: found in other details of the offer"))
