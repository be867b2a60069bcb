"""What all parts of the offer page share: the offer, the language, the organisations and offers it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy.orm import Session

from catalogue.offers import queries
from catalogue.offers.content import (
    Party,
)
from catalogue.offers.queries import PublishedOffer
from catalogue.providers import queries as providers
from catalogue.providers.queries import Provider
from catalogue.vocabularies import Label
from catalogue.web.say import OrganisationView, Say, TextView
from catalogue.web.site import url

View = SimpleNamespace


class OfferParts:
    """One public version of an offer, in one language, at a moment."""

    def __init__(self, session: Session, say: Say, offer: PublishedOffer, now: dt.datetime) -> None:
        self.session, self.say, self.offer, self.now = session, say, offer, now
        self.content, self.provider = offer.content, offer.provider
        self.parties = self._parties()
        self.targets = self._targets()

    def _parties(self) -> Mapping[str, Provider]:
        """Organisations of this catalogue that the offer names, read at once."""
        stacking = self.content.stackability.towards if self.content.stackability else ()
        named: list[Party] = [*self.content.awarding_bodies, *self.content.recognition, *stacking]
        named += [self.content.issuer] if self.content.issuer else []
        return providers.by_slugs(self.session, {party.organisation for party in named if party.organisation})

    def _targets(self) -> Mapping[str, PublishedOffer]:
        stacking = self.content.stackability.towards if self.content.stackability else ()
        return queries.by_keys(self.session, [target.offer for target in stacking if target.offer])

    def text(self, text: Any) -> TextView | None:
        return self.say.text(text, self.content.default_language)

    def party(self, party: Party) -> OrganisationView:
        known = self.parties.get(party.organisation or "")
        if known is not None:
            return self.say.organisation(known, url("provider", slug=known.slug))
        name = party.name or party.organisation or ""
        return OrganisationView(
            Label(name, self.content.default_language), None, self.say.place(party.country)
        )
