"""The offers of an organisation: the list, a new one, a copy."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy.exc import IntegrityError

from catalogue.documents import InvalidContentError
from catalogue.i18n import CONTENT_LANGUAGES, N_, language_name
from catalogue.offers import drafts, editing
from catalogue.offers.drafts import Draft
from catalogue.offers.rules import completeness
from catalogue.portal import portal
from catalogue.web import gate
from catalogue.web.editor import layout
from catalogue.web.editor.faults import by_field
from catalogue.web.editor.routes import (
    STATES,
    View,
    authors,
    blueprint,
    crumbs,
    here,
    may,
    moment,
    organisation,
    readable,
    say,
    shown,
    title_of,
)
from catalogue.web.forms import Form
from catalogue.web.site import language, see_other

NEW_FIELDS = ("title", "default_language", "reference", "own_award")
LONGEST_SEARCH = 100
_MOST_PAGES = 10_000


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers")
def listing(organisation: str) -> Response:  # noqa: ARG001 (the gate has found the post there)
    state = request.args.get("state")
    state = state if state in drafts.FILTERS else None
    words = request.args.get("q", "")[:LONGEST_SEARCH]
    asked = request.args.get("page", "1")
    number = min(int(asked), _MOST_PAGES) if asked.isascii() and asked[:6].isdigit() and asked != "0" else 1
    with portal().database.read() as session:
        counts = drafts.counts(session, gate.post().organisation.id, words)
        rows = drafts.page(session, gate.post().organisation.id, state, words, number)
        names = authors(session, {row.author for row in rows})
    total = counts.get(state, 0) if state else sum(n for code, n in counts.items() if code != drafts.CHANGED)
    view = {
        "name": gate.post().organisation.content.legal_name,
        "rows": [_row(row, names) for row in rows],
        "filters": _filters(counts, state, words),
        "words": words,
        "state": state,
        "total": total,
        "empty": not any(counts.values()) and not words,
        "may_write": may("offer:save"),
        "pages": _pages(total, number, state, words),
        "crumbs": crumbs(),
    }
    return shown("offers.html", say(N_("Offers")), o=view)


def _row(draft: Draft, names: dict[str, str]) -> View:
    result = None if draft.redacted else completeness(draft.content, organisation().content)
    return View(
        title=title_of(draft),
        reference=draft.reference,
        state=draft.state,
        state_label=say(STATES[draft.state]),
        has_changes=draft.has_changes,
        stated=result.stated if result else 0,
        total=result.applicable if result else 0,
        share=round(100 * result.stated / result.applicable) if result else 0,
        changed=moment(draft.created_at),
        author=names[draft.author],
        url=here("overview", offer_id=draft.id),
    )


def _filters(counts: dict[str, int], chosen: str | None, words: str) -> list[View]:
    everything = sum(number for code, number in counts.items() if code != drafts.CHANGED)
    rows: list[tuple[str | None, str, int]] = [(None, say(N_("All")), everything)]
    rows += [(code, say(STATES[code]), counts[code]) for code in drafts.FILTERS if counts.get(code)]
    return [
        View(label=label, count=number, url=_address(code, words), current=code == chosen)
        for code, label, number in rows
    ]


def _address(state: str | None, words: str, page: int = 1) -> str:
    pairs = {"state": state, "q": words, "page": str(page) if page > 1 else ""}
    query = urlencode({name: value for name, value in pairs.items() if value})
    return here("listing") + (f"?{query}" if query else "")


def _pages(total: int, number: int, state: str | None, words: str) -> View | None:
    last = max(1, -(-total // drafts.PAGE_SIZE))
    if last == 1:
        return None
    return View(
        items=[
            View(number=n, url=_address(state, words, n), current=n == number) for n in range(1, last + 1)
        ],
        previous_url=_address(state, words, number - 1) if number > 1 else None,
        next_url=_address(state, words, number + 1) if number < last else None,
        current=number,
        last=last,
    )


# a new one


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/new")
def new(organisation: str) -> Response:  # noqa: ARG001
    own = gate.post().organisation.content.default_language
    return _new_page(Form({"default_language": own, "own_award": "yes"}))


def _new_page(form: Form, draft: Draft | None = None, status: int = 200) -> Response:
    title = say(N_("New offer")) if draft is None else say(N_("Copy an offer"))
    named = sorted(((c, language_name(c, language())) for c in CONTENT_LANGUAGES), key=lambda pair: pair[1])
    return shown(
        "offer_new.html",
        say(N_("Problem: %(page)s"), page=title) if not form.is_sound else title,
        status if form.is_sound else 422,
        form=form,
        heading=title,
        copy_of=title_of(draft) if draft else None,
        languages_of_text=named,
        crumbs=crumbs(draft, title),
    )


@blueprint.post("/<lang>/workspace/organisations/<organisation>/offers/new")
def send_new(organisation: str) -> Response:  # noqa: ARG001
    form, own = Form.received(NEW_FIELDS), gate.post().organisation.slug
    original = form["default_language"]
    said: dict[str, Any] = {
        "default_language": original,
        "title": {original: {"text": form["title"], "origin": "original"}},
    }
    if form["own_award"]:
        said["awarding_bodies"] = [{"organisation": own, "status": "confirmed"}]
    return _created(form, said)


@blueprint.get("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/copy")
def copy(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    with portal().database.read() as session:
        draft = readable(session, offer_id)
    original = draft.content.title[draft.content.default_language].text
    return _new_page(Form({"title": say(N_("%(title)s (copy)"), title=original)}), draft)


@blueprint.post("/<lang>/workspace/organisations/<organisation>/offers/<uuid:offer_id>/copy")
def send_copy(organisation: str, offer_id: Any) -> Response:  # noqa: ARG001
    with portal().database.read() as session:
        draft = readable(session, offer_id)
    form = Form.received(NEW_FIELDS)
    return _created(form, editing.copied(draft.document, form["title"]), draft)


def _created(form: Form, said: dict[str, Any], draft: Draft | None = None) -> Response:
    """Store it and go to its first page; the form again, with what is wrong, if that cannot be."""
    try:
        with portal().database.write() as session:
            saved = editing.create(
                session, gate.actor(), organisation(), form["reference"], said, at=portal().clock()
            )
    except InvalidContentError as error:
        for name, message in by_field(error.problems, {}, language()).items():
            form.errors.setdefault(name.partition(".")[0], message)
        return _new_page(form, draft)
    except IntegrityError:
        form.fault("reference", N_("Another offer of yours has this reference."))
        return _new_page(form, draft)
    return see_other(here("edit", offer_id=saved.id, page=layout.PAGES[0].name))
