"""How far an offer is: elements of Annex I and where to state them, what stands against publishing, workload."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Final

from catalogue.documents import Problem
from catalogue.i18n import N_
from catalogue.offers.content import OfferContent, Workload
from catalogue.offers.elements import ELEMENTS
from catalogue.offers.rules import completeness, obstacles
from catalogue.providers.content import OrganisationContent
from catalogue.web.editor import layout
from catalogue.web.say import Say

View = SimpleNamespace
# ECTS Users' Guide (2015): one credit is 25 to 30 hours of work.
LEAST, MOST = Decimal(25), Decimal(30)
_NAMES: Final = {key: element.label for element in ELEMENTS for key in element.keys}


def standing(say: Say, content: OfferContent, provider: OrganisationContent) -> View:
    """The European standard elements of an offer; those of the issued credential are left out."""
    result = completeness(content, provider)
    return View(
        stated=result.stated,
        total=result.applicable,
        share=round(100 * result.stated / result.applicable),
        elements=[
            View(
                name=element.name,
                label=say.gettext(element.label),
                state=how,
                why=say.gettext(layout.WHY[element.name]),
                page=layout.PAGE_OF[element.keys[0]].name,
                key=element.keys[0],
                mandatory=element.source == "mandatory",
            )
            for element, how in result.elements
            if element.source != "issued"
        ],
    )


def missing(say: Say, content: OfferContent, provider: OrganisationContent, policy: str) -> list[View]:
    """What stands against publishing, with the page where it can be stated."""
    return [_obstacle(say, problem) for problem in obstacles(content, provider, policy)]


def _obstacle(say: Say, problem: Problem) -> View:
    either = not problem.message.startswith("Mandatory")
    label = N_("A description or learning outcomes") if either else _NAMES[problem.place]
    return View(label=say.gettext(label), page=layout.PAGE_OF[problem.place].name, key=problem.place)


def workload_advice(say: Say, workload: Workload) -> list[View]:
    """Whether ECTS and hours fit together. Nothing is derived, the provider decides."""
    ects, hours = workload.ects, workload.hours
    if ects is None:
        return []
    low, high = say.number(ects * LEAST), say.number(ects * MOST)
    usual = N_("%(ects)s ECTS usually stand for %(low)s to %(high)s hours of work (25 to 30 hours a credit).")
    told = [View(kind="fact", text=say.sentence(usual, ects=say.number(ects), low=low, high=high))]
    if hours is not None and workload.hours_kind != "contact":
        if hours < ects * LEAST * Decimal("0.9"):
            told.append(
                _doubt(say, N_("%(hours)s hours are few for it. Are these contact hours only?"), hours)
            )
        elif hours > ects * MOST * Decimal("1.1"):
            told.append(
                _doubt(say, N_("%(hours)s hours are many for it. Is the number of credits right?"), hours)
            )
    elif hours is not None and hours > ects * MOST:
        told.append(_doubt(say, N_("%(hours)s contact hours leave no time for work of one's own."), hours))
    return told


def _doubt(say: Say, message: str, hours: Decimal) -> View:
    return View(kind="doubt", text=say.sentence(message, hours=say.number(hours)))
