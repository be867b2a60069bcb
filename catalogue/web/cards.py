"""Offers as cards: the same facts wherever an offer is listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from catalogue.i18n import N_, endonym
from catalogue.offers.application import live_runs, offer_standing
from catalogue.offers.content import OfferContent, Text, Workload
from catalogue.offers.labels import provider_label
from catalogue.offers.queries import PublishedOffer
from catalogue.vocabularies import Label
from catalogue.web.say import Say, StateView, TextView
from catalogue.web.site import language, url
from search.highlight import Highlighter
from search.meaning import Meaning
from search.understanding import Understanding

Segments = list[tuple[str, bool]]
SNIPPET = 220
MOST_WORDS = 4


class LevelView(msgspec.Struct, frozen=True):
    eqf: int | None
    basis: str | None


class WorkloadView(msgspec.Struct, frozen=True):
    ects: Any
    hours: Any
    kind: str | None
    other: Any


class Card(msgspec.Struct, frozen=True):
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
    """By hand, as suggestions do: ten on every page of results, most of them new, and routing takes its time."""
    return f"/{language()}/offers/{offer.id}/{offer.slug}"


def workload_view(workload: Workload) -> WorkloadView:
    return WorkloadView(workload.ects, workload.hours, workload.hours_kind, workload.other_system)


def required(text: TextView | None) -> TextView:
    """A text that the schema demands."""
    if text is None:
        raise AssertionError("A required text is missing.")
    return text


def card(offer: PublishedOffer, say: Say, now: dt.datetime, asked: Asked | None = None) -> Card:
    """The card of an offer; with what a search asked for, what it matched is marked and explained."""
    content, provider = offer.content, offer.provider
    title = required(say.text(content.title, content.default_language))
    found = Found(content, say, asked) if asked else None
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


class Asked:
    """What a search asked for, the same for all its cards."""

    def __init__(self, understanding: Understanding) -> None:
        self.understanding = understanding
        self.marks = Highlighter(understanding)


class Found:
    """Where a search found an offer, first in the language it is shown in."""

    def __init__(self, content: OfferContent, say: Say, asked: Asked) -> None:
        self.content, self.say, self.asked, self.marks = content, say, asked, asked.marks

    def title(self, title: TextView) -> Segments:
        return self.marks.highlight(title.text, title.language)

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
        return self.marks.snippet(text.text, text.language, SNIPPET), text.language

    def _texts(self) -> Iterator[tuple[str, Text]]:
        yield "description", self.content.summary
        yield from (("outcome", outcome.text) for outcome in self.content.learning_outcomes)
        yield "description", self.content.description

    def _matches(self, text: TextView) -> bool:
        return self.marks.matches(text.text, text.language)

    def why(self, title: TextView) -> str | None:
        """Where the words were found and what they mean, as a sentence."""
        if not self.asked.understanding.plan.asks:
            return None
        where = self._where(title)
        about = self._about()
        if about is None:
            return where or self.say.gettext(N_("Why here: found in other details of the offer"))
        if about.kind == "occupation":
            if where is None:
                return self.say.sentence(N_("Why here: a skill of “%(occupation)s”"), occupation=about.label)
            return self.say.sentence(
                N_("%(why)s; a skill of “%(occupation)s”"), why=where, occupation=about.label
            )
        if where is None:
            return self.say.sentence(N_("Why here: it is about “%(concept)s”"), concept=about.label)
        return self.say.sentence(N_("%(why)s; it is about “%(concept)s”"), why=where, concept=about.label)

    def _where(self, title: TextView) -> str | None:
        where = self.passage[0] if self.passage else None
        if self._matches(title):
            words = self._words(title)
            if where == "outcome":
                return self.say.sentence(
                    N_("Why here: “%(words)s” in the title and in the learning outcomes"), words=words
                )
            return self.say.sentence(N_("Why here: “%(words)s” in the title"), words=words)
        if self.passage is not None:
            words = self._words(self.passage[1])
            if where == "outcome":
                return self.say.sentence(N_("Why here: “%(words)s” in the learning outcomes"), words=words)
            return self.say.sentence(N_("Why here: “%(words)s” in the description"), words=words)
        return self._elsewhere()

    def _words(self, text: TextView) -> str:
        """The words that matched, each once, as the text has them."""
        matched = dict.fromkeys(word.lower() for word in self.marks.matched(text.text, text.language))
        return ", ".join(list(matched)[:MOST_WORDS])

    def _about(self) -> Meaning | None:
        """The concept that the words name and the offer carries."""
        carried = {
            *self.content.skills,
            *(f"isced:{code}" for code in self.content.subjects),
            *(f"nace:{sector.code}" for sector in self.content.sectors),
        }
        for meaning in self.asked.understanding.meanings:
            if any(term in carried or _is_above(term, carried) for term, _ in meaning.terms):
                return meaning
        return None

    def _elsewhere(self) -> str | None:
        for code, entry in self.content.title.items():
            if self._matches(TextView(entry.text, code)):
                label = self.say.label("language", code)
                return self.say.sentence(
                    N_("Why here: found in the text in %(language)s"), language=label.text if label else code
                )
        return None


def _is_above(term: str, carried: set[str]) -> bool:
    """Whether a field of ISCED-F holds one that an offer carries: codes of narrower fields begin with it."""
    return term.startswith("isced:") and any(code.startswith(term) for code in carried)
