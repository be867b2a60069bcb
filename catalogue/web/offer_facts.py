"""What an offer page says of the learning itself: outcomes, level, workload, assessment, entry, runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from catalogue.offers.application import is_past, offer_standing, run_standing
from catalogue.offers.content import (
    Run,
)
from catalogue.vocabularies import Label, sectors_in_rev21
from catalogue.vocabularies.skills import skills
from catalogue.web.cards import LevelView, workload_view
from catalogue.web.offer_parts import OfferParts, View
from catalogue.web.site import search_url


class Facts(OfferParts):
    """The plain facts."""

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
