"""The offer page: the whole content, labelled, in the order in which learners and recognition officers need it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from catalogue.i18n import INTERFACE_LANGUAGES, N_, endonym
from catalogue.offers import queries
from catalogue.offers.queries import VersionLine
from catalogue.offers.rules import completeness
from catalogue.vocabularies import Label, vocabulary
from catalogue.web.cards import offer_url, required
from catalogue.web.offer_facts import Facts
from catalogue.web.offer_parts import View
from catalogue.web.offer_statements import Statements
from catalogue.web.site import search_url, url

# Where on the page an element of Annex I stands.
ANCHORS: Final[Mapping[str, str]] = {
    "title": "record",
    "issuer-place": "record",
    "awarding-body": "record",
    "learning-outcomes": "outcomes",
    "workload": "record",
    "level": "record",
    "assessment": "assessment",
    "participation": "runs",
    "quality-assurance": "quality",
    "entry-requirements": "entry",
    "supervision": "assessment",
    "stackability": "stacking",
    "further-information": "further",
}


class OfferPage(Facts, Statements):
    """Makes the view of one public version of an offer."""

    def view(self, *, snapshot: bool = False) -> View:
        return View(
            **self._identity(), **self._facts(), **self._statements(), **self._record(snapshot=snapshot)
        )

    def _identity(self) -> dict[str, Any]:
        content, say = self.content, self.say
        return {
            "breadcrumbs": self._breadcrumbs(),
            "leads_to": content.leads_to,
            "title": self.text(content.title),
            "summary": self.text(content.summary),
            "description": self.text(content.description),
            "texts": self._texts(),
            "provider": say.organisation(self.provider, url("provider", slug=self.provider.slug)),
            "issuer": self.party(content.issuer) if content.issuer else None,
            "issuer_places": self._issuer_places(),
            "awarding_bodies": [
                View(organisation=self.party(body), status=body.status) for body in content.awarding_bodies
            ],
            "reference": self.offer.reference,
        }

    def _breadcrumbs(self) -> list[View]:
        crumbs = [View(label=self.say.gettext(N_("Search")), url=url("search"))]
        if self.content.subjects:
            codes = vocabulary("isced").ancestors(self.content.subjects[0])
            crumbs += [self._subject_crumb(code) for code in codes]
        return [*crumbs, View(label=required(self.text(self.content.title)).text, url=None)]

    def _subject_crumb(self, code: str) -> View:
        return View(label=self.say.label("isced", code), url=search_url([("isced", code)]))

    def _texts(self) -> list[View]:
        shown = required(self.text(self.content.title)).language
        return [
            View(
                code=code,
                endonym=endonym(code),
                origin=entry.origin,
                current=code == shown,
                url=f"/{code}/offers/{self.offer.id}/{self.offer.slug}"
                if code in INTERFACE_LANGUAGES
                else None,
            )
            for code, entry in self.content.title.items()
        ]

    def _issuer_places(self) -> list[Label]:
        places = self.content.issuer_places
        stated = [(place.country, place.region, place.town) for place in places]
        if not stated:
            body = self.provider.content
            stated = [(body.country, body.region, body.town)]
        named = (self.say.place(*place) for place in stated)
        return [Label(name, self.say.language) for name in named if name]

    def _record(self, *, snapshot: bool) -> dict[str, Any]:
        offer = self.offer
        return {
            "completeness": self._completeness(),
            "formats": [
                View(
                    label="JSON",
                    type="application/json",
                    url=f"/api/v1/offers/{offer.id}" + (f"/versions/{offer.version}" if snapshot else ""),
                )
            ],
            "version": View(
                number=offer.version,
                published_on=self.say.day(offer.published_at),
                checksum=offer.checksum,
                permanent_url=version_url(offer.id, offer.version),
                current_url=offer_url(offer) if snapshot else None,
                history=[
                    self._version(line)
                    for line in queries.versions(self.session, offer.id)
                    if line.number < offer.version
                ],
            ),
        }

    def _completeness(self) -> View:
        result = completeness(self.content, self.provider.content)
        return View(
            stated=result.stated,
            total=result.applicable,
            elements=[
                View(label=self.say.gettext(element.label), state=how, anchor=ANCHORS.get(element.name))
                for element, how in result.elements
            ],
        )

    def _version(self, line: VersionLine) -> View:
        return View(
            number=line.number,
            date=self.say.day(line.published_at),
            url=version_url(self.offer.id, line.number),
        )


def version_url(offer_id: str, number: int) -> str:
    return url("offer_version", offer_id=offer_id, number=number)
