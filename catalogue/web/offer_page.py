"""The offer page: the whole content, labelled, in the order in which learners and recognition officers need it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy.orm import Session

from catalogue.i18n import INTERFACE_LANGUAGES, N_, endonym
from catalogue.offers import queries
from catalogue.offers.application import is_past, offer_standing, run_standing
from catalogue.offers.content import (
    ExternalQuality,
    OfferContent,
    Party,
    QualityAssurance,
    Recognition,
    Run,
    StackingTarget,
)
from catalogue.offers.queries import PublishedOffer, VersionLine
from catalogue.offers.rules import completeness
from catalogue.providers import queries as providers
from catalogue.providers.content import OrganisationContent
from catalogue.providers.queries import Provider
from catalogue.vocabularies import Label, sectors_in_rev21, vocabulary
from catalogue.vocabularies.skills import is_digital, is_green, skills
from catalogue.web.cards import LevelView, offer_url, required, workload_view
from catalogue.web.say import OrganisationView, Say, TextView
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
STATUS = {
    "stated": N_("Stated by the receiving organisation"),
    "claimed": N_("Claimed by the provider, not confirmed"),
    "withdrawn": N_("Withdrawn or expired"),
}
LICENCES = {
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}

View = SimpleNamespace


class OfferPage:
    """Makes the view of one public version of an offer."""

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

    def view(self, *, snapshot: bool = False) -> View:
        return View(
            **self._identity(), **self._facts(), **self._statements(), **self._record(snapshot=snapshot)
        )

    # Texts and organisations ----------------------------------------------------------------------------------

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

    # Facts ----------------------------------------------------------------------------------------------------

    def _facts(self) -> dict[str, Any]:
        content, say = self.content, self.say
        return {
            "route": say.label("route", content.route),
            "validation_only": content.route == "validation",
            "setting": say.label("setting", content.setting),
            "schedule": say.label("schedule", content.schedule),
            "supervision": say.label("supervision", content.supervision),
            "outcomes": [self._outcome(outcome) for outcome in content.learning_outcomes],
            "level": self._level(),
            "workload": workload_view(content.workload),
            "assessment": self._assessment(),
            "participation": say.labels("participation", content.participation),
            "languages": say.labels("language", content.languages),
            "assessment_languages": say.labels("language", content.assessment_languages),
            "prior_learning": say.labels("prior-learning", content.prior_learning),
            "target_groups": say.labels("target-group", content.target_groups),
            "access_needs": say.labels("access-need", content.access_needs),
            "entry": self._entry(),
            "runs": [self._run(run) for run in self._runs_in_order()],
            "duration": say.duration(content.duration),
            "state": say.state(offer_standing(content, self.now)),
            "subjects": [
                View(label=say.label("isced", code), code=code, url=search_url([("isced", code)]))
                for code in content.subjects
            ],
            "sectors": self._sectors(),
        }

    def _outcome(self, outcome: Any) -> View:
        return View(
            text=self.text(outcome.text),
            type=self.say.label("outcome-type", outcome.type),
            skills=[self._skill(uri) for uri in outcome.skills],
        )

    def _skill(self, uri: str) -> View:
        skill = skills().get(uri)
        label = skill.label(self.say.language) if skill else Label(uri.rsplit("/", 1)[-1], "en")
        return View(label=label, url=search_url([("skill", uri)]), uri=uri)

    def _level(self) -> View:
        level = self.content.level
        base = LevelView(level.eqf, level.basis)
        return View(
            eqf=base.eqf,
            basis=base.basis,
            framework=level.framework,
            nqf_level=level.nqf_level,
            register_url=level.register_url,
            cycle=self.say.label("cycle", level.cycle),
        )

    def _assessment(self) -> View:
        assessment = self.content.assessment
        return View(
            types=self.say.labels("assessment", assessment.types),
            criteria=self.text(assessment.criteria),
            criteria_url=assessment.criteria_url,
            assessor=assessment.assessor,
            assessor_name=assessment.assessor_name,
            grading_scheme=self.text(assessment.grading_scheme),
        )

    def _entry(self) -> View:
        entry = self.content.entry_requirements
        return View(
            text=self.text(entry.text),
            no_prior_qualification=entry.no_prior_qualification,
            minimum_eqf=entry.minimum_eqf,
            minimum_age=entry.minimum_age,
            licence=self.text(entry.licence),
            employment_status=self.say.label("employment-status", entry.employment_status),
            languages=[
                View(language=self.say.label("language", need.language), cefr=need.cefr)
                for need in entry.languages
            ],
            stated=entry != type(entry)(),
        )

    def _runs_in_order(self) -> Sequence[Run]:
        today, far = self.now.date(), dt.date.max
        return sorted(self.content.runs, key=lambda run: (is_past(run, today), run.start or far))

    def _run(self, run: Run) -> View:
        content, say = self.content, self.say
        return View(
            start=say.day(run.start),
            end=say.day(run.end),
            application_opens=say.day(run.application_opens),
            application_deadline=say.day(run.application_deadline),
            rolling=bool(run.rolling),
            online=bool(run.online),
            past=is_past(run, self.now.date()),
            place=say.place(run.country, run.region if not run.town else None, run.town),
            participation=say.labels("participation", run.participation or content.participation),
            schedule=say.label("schedule", run.schedule or content.schedule),
            languages=say.labels("language", run.languages or content.languages),
            seats=run.seats,
            price=say.price(run.price or content.price),
            price_note=self.text(run.price.note) if run.price else None,
            application_url=run.application_url,
            state=say.state(run_standing(run, self.now)),
        )

    def _sectors(self) -> list[View]:
        found = []
        for sector in self.content.sectors:
            name = "nace" if sector.revision == "2.1" else "nace-rev2"
            pairs = [("sector", code) for code in sectors_in_rev21(sector.code, sector.revision)]
            found.append(
                View(
                    label=self.say.label(name, sector.code),
                    code=sector.code,
                    revision=sector.revision,
                    url=search_url(pairs),
                )
            )
        return found

    # Statements -----------------------------------------------------------------------------------------------

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

    # The record -----------------------------------------------------------------------------------------------

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
