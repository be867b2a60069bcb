"""What an offer page says of trust and terms: quality, recognition, where it leads, price, credential."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from catalogue.i18n import N_
from catalogue.offers.content import (
    ExternalQuality,
    OfferContent,
    QualityAssurance,
    Recognition,
    StackingTarget,
)
from catalogue.providers.content import OrganisationContent
from catalogue.vocabularies import Label
from catalogue.vocabularies.skills import is_digital, is_green
from catalogue.web.cards import offer_url
from catalogue.web.offer_parts import OfferParts, View
from catalogue.web.say import Say, TextView

STATUS = {
    "stated": N_("Stated by the receiving organisation"),
    "claimed": N_("Claimed by the provider, not confirmed"),
    "withdrawn": N_("Withdrawn or expired"),
}
LICENCES = {
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}


class Statements(OfferParts):
    """Who vouches for what, and on which terms."""

    def _statements(self) -> dict[str, Any]:
        content, say = self.content, self.say
        return {
            "quality": quality_view(
                say,
                (content.quality_assurance, self.provider.content.quality_assurance),
                content.default_language,
                self.now.date(),
            ),
            "recognition": [self._recognition(item) for item in content.recognition],
            "recognition_policy": policy_view(say, self.provider.content),
            "stackability": self._stackability(),
            "further": self._further(),
            "designed_with": [
                View(kind=say.label("designed-with", entry.kind), name=entry.name)
                for entry in content.designed_with
            ],
            "green": self._derived(is_green, content.green),
            "digital": self._derived(is_digital, content.digital),
            "price": say.prices(content),
            "price_note": self.text(content.price.note) if content.price else None,
            "funding": [self._funding(entry) for entry in content.funding],
            "credential": View(
                formats=say.labels("credential-format", content.credential.formats),
                validity=say.duration(content.credential.validity),
                authenticity=self.text(content.credential.authenticity),
            ),
            "availability": View(
                offered_from=say.day(content.availability.offered_from),
                offered_until=say.day(content.availability.offered_until),
                last_reviewed=say.day(content.availability.last_reviewed),
                next_review=say.day(content.availability.next_review),
            ),
            "feedback": self.text(content.feedback),
            "links": content.links,
            "licence": _licence(content),
        }

    def _recognition(self, item: Recognition) -> View:
        expired = item.valid_until is not None and item.valid_until < self.now.date()
        status = "withdrawn" if expired else item.status
        return View(
            organisation=self.party(item),
            purpose=self.say.label("recognition-purpose", item.purpose),
            status=status,
            status_label=self.say.gettext(STATUS[status]),
            ects=item.ects,
            text=self.text(item.text),
            rule=self.text(item.rule),
            date=self.say.day(item.date),
            valid_until=self.say.day(item.valid_until),
            url=item.url,
            regulated=bool(item.regulated_profession),
        )

    def _stackability(self) -> View | None:
        stackability = self.content.stackability
        if stackability is None:
            return None
        return View(
            kind=stackability.kind,
            kind_label=self.say.label("stackability", stackability.kind),
            towards=[self._target(target) for target in stackability.towards],
        )

    def _target(self, target: StackingTarget) -> View:
        known = self.targets.get(target.offer or "")
        title = self.text(target.title)
        if title is None and known is not None:
            title = self.say.text(known.content.title, known.content.default_language)
        named = target.organisation or target.name
        return View(
            title=title or TextView(target.offer or "", self.content.default_language),
            url=offer_url(known) if known else target.url,
            organisation=self.party(target) if named else None,
            ects=target.ects,
            stated_by=target.stated_by,
        )

    def _further(self) -> View:
        further = self.content.further_information
        links = []
        for link in further.links:
            label = self.text(link.label)
            links.append(View(url=link.url, label=Label(label.text, label.language) if label else link.url))
        return View(text=self.text(further.text), links=links)

    def _derived(self, is_in: Any, stated: bool | None) -> str | None:
        if any(is_in(uri) for uri in self.content.skills):
            return self.say.gettext(N_("Yes, derived from its ESCO skills"))
        if stated is None:
            return None
        return self.say.gettext(
            N_("Yes, stated by the provider") if stated else N_("No, stated by the provider")
        )

    def _funding(self, entry: Any) -> View:
        return View(
            kind=self.say.label("funding", entry.kind),
            country=self.say.label("country", entry.country),
            scheme=entry.scheme,
            decided_by=entry.decided_by,
            basis=entry.basis,
            valid_until=self.say.day(entry.valid_until),
            registry_url=entry.registry_url,
        )


def quality_view(say: Say, sides: Sequence[QualityAssurance], default_language: str, today: dt.date) -> View:
    """Quality assurance of the offer and of its provider, together."""
    external = [entry for side in sides for entry in side.external]
    return View(
        internal=[
            View(
                scope=say.label("qa-internal-scope", entry.scope),
                text=say.text(entry.text, default_language),
                url=entry.url,
            )
            for side in sides
            for entry in side.internal
        ],
        external=[_external(say, entry, today) for entry in external],
        provider_scope=any(entry.scope == "provider" for entry in external),
    )


def _external(say: Say, entry: ExternalQuality, today: dt.date) -> View:
    return View(
        framework=say.label("qa-framework", entry.framework),
        scope=say.label("qa-scope", entry.scope),
        scope_code=entry.scope,
        instrument=entry.instrument,
        agency=entry.agency,
        basis_code=entry.basis,
        checked_on=say.day(entry.checked_on),
        valid_until=say.day(entry.valid_until),
        expired=entry.valid_until is not None and entry.valid_until < today,
        url=entry.url,
    )


def policy_view(say: Say, provider: OrganisationContent) -> View | None:
    policy = provider.recognition_policy
    if policy is None:
        return None
    return View(
        text=say.text(policy.text, provider.default_language),
        url=policy.url,
        reviewed_on=say.day(policy.reviewed_on),
    )


def _licence(content: OfferContent) -> View | None:
    if content.licence is None:
        return None
    text, address = LICENCES.get(content.licence, (content.licence, None))
    return View(text=text, url=address)
