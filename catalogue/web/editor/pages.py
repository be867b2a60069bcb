"""The pages on which an offer is written. Each is one form; whatever button is pressed, what was typed stays.

Buttons that change the form itself (add, remove, search, another language) store nothing and answer with the form;
all others save the page as a draft first and then go where they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Response, abort, request
from sqlalchemy.orm import Session

from catalogue.documents import InvalidContentError
from catalogue.i18n import CONTENT_LANGUAGES, N_, endonym, language_name
from catalogue.offers import editing
from catalogue.offers.drafts import Draft
from catalogue.offers.editing import ConflictError, Part
from catalogue.offers.elements import ELEMENTS
from catalogue.offers.service import StateError
from catalogue.portal import portal
from catalogue.providers import queries as providers
from catalogue.web import gate
from catalogue.web.editor import differing, layout
from catalogue.web.editor.controls import Controls
from catalogue.web.editor.documents import SCHEMA, Reading, holds_texts, is_list, values_of, zone_of
from catalogue.web.editor.faults import by_field
from catalogue.web.editor.layout import Page
from catalogue.web.editor.names import Names
from catalogue.web.editor.pickers import FIND, FOUND, Pickers
from catalogue.web.editor.routes import (
    View,
    authors,
    blueprint,
    crumbs,
    heading,
    here,
    moment,
    organisation,
    readable,
    say,
    shown,
)
from catalogue.web.editor.standing import missing, standing, workload_advice
from catalogue.web.editor.values import Values
from catalogue.web.say import Say
from catalogue.web.site import language, see_other

SHOW: Final = "show"
CHOOSE: Final = "choose:"
MOST_SHOWN: Final = 4  # languages beside the original
_NAMING: Final = {"credential", "recognition"}  # pages that name organisations
_OWN: Final = {"csrf", "do", "base", "open", SHOW}


@dataclass
class Sent:
    """A form of the editor. base: the version it was taken from."""

    values: Values
    base: int
    shown: tuple[str, ...]
    errors: dict[str, str] = field(default_factory=dict)
    alert: str | None = None
    focus: str | None = None


# looking


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/edit/<page>")
def edit(organisation: str, offer_id: Any, page: str) -> Response:  # noqa: ARG001
    which = _page(page)
    with portal().database.read() as session:
        draft = _editable(session, offer_id)
        values = values_of(draft.document, which.keys, _zone())
        return _editor(session, draft, which, Sent(values, draft.number, _shown_at_first(draft)))


def _page(name: str) -> Page:
    if name not in layout.BY_NAME:
        abort(404)
    return layout.BY_NAME[name]


def _editable(session: Session, offer_id: Any) -> Draft:
    draft = readable(session, offer_id)
    if draft.state == "archived":
        abort(404)
    return draft


def _zone() -> Any:
    return zone_of(organisation().content.country)


def _shown_at_first(draft: Draft) -> tuple[str, ...]:
    """The languages that the address asks for; else the reader's, or the first in which the title is there too."""
    original = draft.content.default_language
    asked = [code for code in request.args.getlist(SHOW) if code in CONTENT_LANGUAGES and code != original]
    if asked or SHOW in request.args:
        return tuple(dict.fromkeys(asked))[:MOST_SHOWN]
    others = [code for code in draft.content.title if code != original]
    return (language(),) if language() in others else tuple(others[:1])


def _editor(session: Session, draft: Draft, page: Page, sent: Sent, status: int = 200) -> Response:
    speaks, own = Say(language()), organisation()
    original = sent.values.one("default_language")
    if original not in CONTENT_LANGUAGES:
        original = draft.content.default_language
    controls = Controls(
        say=speaks,
        values=sent.values,
        errors=sent.errors,
        original=original,
        shown=tuple(code for code in sent.shown if code != original),
        names=_names(session, page),
        pickers=Pickers(session, speaks),
        country=own.content.country,
        focus=sent.focus,
    )
    title = say(page.title)
    problem = bool(sent.errors or sent.alert)
    return shown(
        "offer_edit.html",
        say(N_("Problem: %(page)s"), page=title) if problem else title,
        422 if problem and status == 200 else status,  # noqa: PLR2004
        e=_view(draft, page, sent, controls),
        form=View(errors=_summary(speaks, sent.errors), alert=sent.alert),
    )


def _summary(speaks: Say, errors: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, for the list above the form, where the fields are not in sight."""
    return {name: f"{differing.label(speaks, name)}: {text}" for name, text in errors.items()}


def _names(session: Session, page: Page) -> Names:
    everyone = providers.everyone(session) if page.name in _NAMING else []
    own = organisation()
    return Names([*(one for one in everyone if one.id != own.id), own], language())


def _view(draft: Draft, page: Page, sent: Sent, controls: Controls) -> View:
    content, own, speaks = draft.content, organisation().content, controls.say
    place = layout.PAGES.index(page)
    names = controls.names
    return View(
        offer=heading(draft),
        crumbs=crumbs(draft, say(page.title)),
        page=page.name,
        title=say(page.title),
        lede=say(page.lede),
        base=sent.base,
        saved=request.args.get("saved", "") == str(draft.number) and request.method == "GET",
        sections=[_section(key, controls) for key in page.keys],
        steps=_steps(page, draft),
        next=layout.PAGES[place + 1].name if place + 1 < len(layout.PAGES) else None,
        previous=layout.PAGES[place - 1].name if place else None,
        original=controls.original,
        original_name=endonym(controls.original),
        shown=[(code, endonym(code)) for code in controls.shown],
        addable=_addable(controls),
        has_texts=any(holds_texts(SCHEMA.fields[key]) for key in page.keys),
        standing=standing(speaks, content, own),
        missing=missing(speaks, content, own, portal().settings.publish_policy),
        advice=workload_advice(speaks, content.workload) if "workload" in page.keys else [],
        changed=moment(draft.created_at),
        organisations=sorted(names.slugs.items()) if page.name in _NAMING else [],
        regions=list(names.regions_of(_countries(draft))) if page.name in {"runs", "credential"} else [],
    )


def _countries(draft: Draft) -> set[str]:
    stated = {run.country for run in draft.content.runs} | {p.country for p in draft.content.issuer_places}
    return {country for country in stated if country} | {organisation().content.country}


def _section(key: str, controls: Controls) -> View:
    view = controls.section(key)
    view.title = controls.say.gettext(layout.SECTIONS[key])
    return view


def _addable(controls: Controls) -> list[tuple[str, str]]:
    taken = {controls.original, *controls.shown}
    free = ((code, language_name(code, language())) for code in CONTENT_LANGUAGES if code not in taken)
    return sorted(free, key=lambda pair: pair[1]) if len(controls.shown) < MOST_SHOWN else []


def _steps(page: Page, draft: Draft) -> list[View]:
    """The pages, with how many of their elements are stated."""
    own, rows = organisation().content, []
    for entry in layout.PAGES:
        here_asked = [
            e for e in ELEMENTS if e.stated and e.keys[0] in entry.keys and e.applies(draft.content)
        ]
        stated = sum(bool(e.stated and e.stated(draft.content, own)) for e in here_asked)
        rows.append(
            View(
                name=entry.name,
                title=say(entry.title),
                current=entry is page,
                stated=stated,
                total=len(here_asked),
            )
        )
    return rows


# sending


@blueprint.post("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/edit/<page>")
def send_edit(organisation: str, offer_id: Any, page: str) -> Response:  # noqa: ARG001
    which, sent = _page(page), _received()
    verb, _, what = request.form.get("do", "save").partition(":")
    asks = [name for name in sent.values.by_name if name.endswith(FIND) and _is_new_search(sent.values, name)]
    if verb in _CHANGES or asks:
        if verb in _CHANGES:
            _CHANGES[verb](sent, what)
        _searched(sent, asks[0].removesuffix(FIND) if asks else None)
        with portal().database.read() as session:
            return _editor(session, _editable(session, offer_id), which, sent)
    return _saved(offer_id, which, sent, verb, what)


def _received() -> Sent:
    pairs = [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN]
    shown_now = [code for code in request.form.getlist(SHOW) if code in CONTENT_LANGUAGES]
    base = request.form.get("base", "")
    number = int(base) if base.isascii() and base.isdigit() and len(base) < 10 else 0  # noqa: PLR2004
    kept = [(name, value) for name, value in pairs if not name.startswith(CHOOSE)]
    return Sent(Values(kept), number, tuple(dict.fromkeys(shown_now))[:MOST_SHOWN])


def _is_new_search(values: Values, name: str) -> bool:
    asked = values.one(name).strip()
    return bool(asked) and asked != values.one(name.removesuffix(FIND) + FOUND).strip()


def _searched(sent: Sent, name: str | None) -> None:
    if name is not None:
        sent.values.put(name + FOUND, sent.values.one(name + FIND))
        sent.focus = name


def _add(sent: Sent, what: str) -> None:
    sent.focus = sent.values.add(what) if is_list(what) else None


def _remove(sent: Sent, what: str) -> None:
    sent.values.remove(what)
    sent.focus = what.rpartition(".")[0]


def _up(sent: Sent, what: str) -> None:
    sent.values.raise_up(what)
    sent.focus = what.rpartition(".")[0]


def _show(sent: Sent, what: str) -> None:
    code = what or request.form.get("add_language", "")
    if code in CONTENT_LANGUAGES:
        sent.shown = (*sent.shown, code)[-MOST_SHOWN:]


def _hide(sent: Sent, what: str) -> None:
    sent.shown = tuple(code for code in sent.shown if code != what)


def _find(sent: Sent, what: str) -> None:
    sent.values.put(what + FOUND, sent.values.one(what + FIND))
    sent.focus = what


_CHANGES: Final = {
    "add": _add,
    "remove": _remove,
    "up": _up,
    "show": _show,
    "hide": _hide,
    "find": _find,
}


def _saved(offer_id: Any, page: Page, sent: Sent, verb: str, what: str) -> Response:
    database, at = portal().database, portal().clock()
    with database.read() as session:
        draft, names = readable(session, offer_id), _names(session, page)
    reading = Reading(sent.values, names, _zone(), draft.content.default_language)
    try:
        said = reading.part(page.keys)
        part = Part(page.keys, said, _base(sent), _chosen())
        with database.write() as session:
            saved = editing.save_part(session, gate.actor(), organisation(), draft.id, part, at=at)
    except InvalidContentError as error:
        return _refused(draft.id, page, sent, error, reading.fields_of)
    except ConflictError as error:
        return _conflict(draft.id, page, sent, error)
    except StateError:
        sent.alert = say(N_("This offer was archived meanwhile; it cannot be changed any more."))
        with database.read() as session:
            return _editor(session, readable(session, offer_id), page, sent, 409)
    return _onwards(draft.id, page, sent, saved.version, verb, what)


def _refused(
    offer_id: str, page: Page, sent: Sent, error: InvalidContentError, fields_of: Mapping[str, str]
) -> Response:
    found = by_field(error.problems, fields_of, language())
    here_shown = {name: text for name, text in found.items() if name.partition(".")[0] in page.keys}
    sent.errors = here_shown
    elsewhere = [text for name, text in found.items() if name not in here_shown]
    sent.alert = elsewhere[0] if elsewhere else None
    for name in here_shown:  # a text that is wrong must be seen, whatever its language
        code = name.rpartition(".")[2]
        if code in CONTENT_LANGUAGES and code not in sent.shown:
            sent.shown = (*sent.shown, code)
    with portal().database.read() as session:
        return _editor(session, readable(session, offer_id), page, sent)


def _onwards(offer_id: str, page: Page, sent: Sent, version: int, verb: str, what: str) -> Response:
    """Where a button leads after it has saved."""
    if verb == "leave" and what in {"overview", "preview"}:
        return see_other(here(what, offer_id=offer_id))
    target = what if verb == "go" and what in layout.BY_NAME else page.name
    address = here("edit", offer_id=offer_id, page=target)
    query = "&".join([f"saved={version}", *(f"{SHOW}={code}" for code in sent.shown or ("",))])
    return see_other(f"{address}?{query}")


# somebody else was quicker


def _chosen() -> dict[str, bool]:
    """What was chosen for keys that both have changed: true where one's own text holds."""
    return {
        name.removeprefix(CHOOSE): value == "mine"
        for name, value in request.form.items()
        if name.startswith(CHOOSE) and value in {"mine", "theirs"}
    }


def _base(sent: Sent) -> int:
    """The version that the form was taken from; none while something in conflict is left open."""
    return 0 if set(request.form.getlist("open")) - _chosen().keys() else sent.base


def _conflict(offer_id: str, page: Page, sent: Sent, error: ConflictError) -> Response:
    """Both texts side by side. The form holds all that was typed, and what is settled already."""
    speaks = Say(language())
    before = differing.of_keys(error.theirs, error.keys)
    after = differing.of_keys(error.mine, error.keys)
    lines = list(differing.lines(speaks, before, after))
    with portal().database.read() as session:
        draft = readable(session, offer_id)
        author = _author_of(session, draft)
    view = View(
        offer=heading(draft),
        crumbs=crumbs(draft, say(page.title)),
        page=page.name,
        base=error.base,
        author=author,
        changed=moment(draft.created_at),
        items=[
            View(
                key=key,
                label=say(layout.SECTIONS[key]),
                lines=[line for line in lines if line.key == key],
            )
            for key in error.keys
        ],
        hidden=[*_kept(sent), *((CHOOSE + k, "mine" if m else "theirs") for k, m in error.settled.items())],
        left_open=bool(request.form.getlist("open")),
    )
    return shown("offer_conflict.html", say(N_("Somebody else has changed this too")), 409, c=view)


def _author_of(session: Session, draft: Draft) -> str:
    return authors(session, {draft.author})[draft.author]


def _kept(sent: Sent) -> list[tuple[str, str]]:
    typed = [(name, text) for name, texts in sent.values.by_name.items() for text in texts if text]
    return [pair for pair in typed if not pair[0].endswith((FIND, FOUND))] + [(SHOW, c) for c in sent.shown]
