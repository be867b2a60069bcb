"""The frame of every page: language, addresses, gettext in templates, caching, error pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache, lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import (
    Forbidden,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    ServiceUnavailable,
)

from catalogue import api, i18n
from catalogue.i18n import INTERFACE_LANGUAGES
from catalogue.offers import notices
from catalogue.portal import portal
from catalogue.security.actor import NotAllowedError, StrangerError
from catalogue.web.say import Say
from search.engine import IndexUnavailableError

if TYPE_CHECKING:
    from catalogue.web.search_views import ValueView

DEFAULT_LANGUAGE = "en"
# The names of the notices as templates know them.
_NOTICE_NAMES = {"quality": "provider_quality", "footer": "independent"}


def prepare(app: Flask) -> None:
    """Teach templates the reader's language and register what every page needs."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters["number"] = lambda value: _say(language()).number(value)
    app.jinja_env.filters["endonym"] = i18n.endonym
    app.jinja_env.trim_blocks = True
    app.url_value_preprocessor(_take_language)
    app.context_processor(_frame)
    app.register_error_handler(Exception, on_error)


@cache
def _say(in_language: str) -> Say:
    return Say(in_language)


def language() -> str:
    """The language of the page being made."""
    chosen: str = g.get("language", DEFAULT_LANGUAGE)
    return chosen


def negotiated() -> str:
    """The reader's language by Accept-Language, among those of the interface."""
    return request.accept_languages.best_match(INTERFACE_LANGUAGES) or DEFAULT_LANGUAGE


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    asked = (values or {}).pop("lang", None)
    if asked is None:
        g.language = negotiated()
        return
    g.language = asked if asked in INTERFACE_LANGUAGES else negotiated()
    if asked not in INTERFACE_LANGUAGES:
        abort(404)


def _gettext_in(in_language: str) -> Callable[..., Markup]:
    """gettext for templates. A page says a hundred things: Jinja's own way would look up the language each time."""
    catalogue = i18n.translations(in_language)

    @cache
    def message(text: str) -> Markup:
        return Markup(catalogue.gettext(text))  # noqa: S704 (messages are ours; values are escaped by %)

    @cache
    def plain(text: str) -> Markup:
        return message(text) % {}

    def gettext(text: str, /, **values: Any) -> Markup:
        return message(text) % values if values else plain(text)

    return gettext


def _ngettext_in(in_language: str) -> Callable[..., Markup]:
    catalogue = i18n.translations(in_language)

    def ngettext(one: str, many: str, number: int, /, **values: Any) -> Markup:
        message = Markup(catalogue.ngettext(one, many, number))  # noqa: S704 (as above)
        return message % {"num": number, **values}

    return ngettext


def url(endpoint: str, **values: Any) -> str:
    """Address of a page in the reader's language: a public one by its name, others as `blueprint.name`."""
    return _url_in(language(), endpoint, **values)


def _url_in(in_language: str, endpoint: str, **values: Any) -> str:
    return _url(endpoint, in_language, tuple(sorted(values.items(), key=lambda pair: pair[0])))


@lru_cache(maxsize=20_000)
def _url(endpoint: str, in_language: str, values: tuple[tuple[str, Any], ...]) -> str:
    full = endpoint if "." in endpoint else f"web.{endpoint}"
    return url_for(full, lang=in_language, **dict(values))


def search_url(pairs: list[tuple[str, str]]) -> str:
    """Address of a search from canonical arguments."""
    query = urlencode(pairs)
    return f"{url('search')}?{query}" if query else url("search")


def search_url_in(in_language: str, pairs: list[tuple[str, str]]) -> str:
    """The same in another language of the interface."""
    return f"{_url('search', in_language, ())}?{urlencode(pairs)}"


def _languages() -> list[tuple[str, str, str]]:
    """This page in every language of the interface. Changing language keeps the whole state."""
    return [(code, _endonym(code), _in_language(code)) for code in INTERFACE_LANGUAGES]


@cache
def _endonym(code: str) -> str:
    name = i18n.endonym(code)
    return name[:1].upper() + name[1:]


def _in_language(code: str) -> str:
    if request.path in {"/api/v1/", f"/{language()}/api"}:
        return f"/{code}/api"
    rest = request.path.split("/", 2)[2:] if request.view_args is not None and _has_language() else [""]
    query = request.query_string.decode("ascii", "replace")
    return f"/{code}/{rest[0] if rest else ''}" + (f"?{query}" if query and _has_language() else "")


def _has_language() -> bool:
    return request.path.split("/", 2)[1:2] == [language()] and request.path.count("/") > 1


@lru_cache(maxsize=32)
def _notices(in_language: str) -> dict[str, str]:
    messages = notices.translated(i18n.gettext_for(in_language))
    return {_NOTICE_NAMES.get(name, name): message for name, message in messages.items()}


def _frame() -> dict[str, Any]:
    return {
        **_words(language()),
        "ui": _macros(language()),
        "languages": _languages(),
        "nav": None,
        "page_title": None,
        "site": portal().settings,
    }


@cache
def _words(in_language: str) -> dict[str, Any]:
    """What templates say the same way on every page of a language."""
    gettext = _gettext_in(in_language)
    return {
        "lang": in_language,
        "notices": _notices(in_language),
        "_": gettext,
        "gettext": gettext,
        "ngettext": _ngettext_in(in_language),
        "url": partial(_url_in, in_language),
        "sign": partial(_sign, in_language),
        "options": partial(_options, in_language),
    }


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page, revalidated by its ETag: the same for everyone, never with a cookie."""
    response = Response(render_template(template, **values), status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    if status == 200:  # noqa: PLR2004
        # Weak: the same page is sent compressed and plain.
        response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest(), weak=True)
        response.make_conditional(request)
    return response


@lru_cache(maxsize=4096)
def _sign(in_language: str, name: str, view: Any) -> Markup:
    """A fact as it stands on every card, drawn once: there are few different ones and many cards."""
    drawn = getattr(_macros(in_language), f"{name}_sign")(view)
    return Markup(drawn)  # noqa: S704 (a macro has escaped what it was given)


def _options(in_language: str, name: str, values: Iterable[ValueView]) -> Markup:
    """The values of a facet to tick, put together from pieces that are drawn once: a search page has a hundred."""
    drawn = partial(_piece, in_language)
    pieces = [
        (
            drawn("option_start", name, value.code, value.label, value.level, value.selected),
            drawn("option_count", value.shown, value.spoken),
            drawn("option_bar", value.share),
        )
        for value in values
    ]
    return Markup("".join(chain.from_iterable(pieces)))  # noqa: S704 (macros have escaped what they were given)


@lru_cache(maxsize=32_768)
def _piece(in_language: str, macro: str, *values: Any) -> str:
    return str(getattr(_macros(in_language), macro)(*values))


@cache
def _macros(in_language: str) -> Any:
    """The macros of the templates, made once for a language."""
    return current_app.jinja_env.get_template("macros.html").make_module(_words(in_language))


def see_other(address: str, code: int = 303) -> Response:
    """A redirect within this site."""
    response = redirect(address, code)
    if not isinstance(response, Response):
        raise TypeError("Flask's redirect gives a Flask response.")
    return response


def on_error(error: Exception) -> Response:
    """Every error as a page, or as a problem below /api/. What happened inside is logged, never shown."""
    known = _as_http(error)
    first = request.path.split("/")[1]
    g.language = first if first in INTERFACE_LANGUAGES else g.get("language", negotiated())
    if known.code == 500:  # noqa: PLR2004
        current_app.logger.error("unexpected error", exc_info=error)
    if request.path.startswith(api.PREFIX):
        return api.error_response(error if isinstance(error, IndexUnavailableError) else known)
    if known.code is not None and 300 <= known.code < 400:  # noqa: PLR2004
        return _plain(known)
    response = _error_page(known.code or 500)
    if isinstance(known, MethodNotAllowed) and known.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(known.valid_methods))
    return response


def _plain(error: HTTPException) -> Response:
    made = error.get_response()
    return Response(made.get_data(), made.status_code, dict(made.headers))


def _as_http(error: Exception) -> HTTPException:
    if isinstance(error, HTTPException):
        return error
    if isinstance(error, IndexUnavailableError | OperationalError):
        return ServiceUnavailable()
    if isinstance(error, NotAllowedError):
        return NotFound() if isinstance(error, StrangerError) else Forbidden()
    return InternalServerError()


def _error_page(code: int) -> Response:
    shown = code if code in {400, 403, 404, 500, 503} else (400 if code < 500 else 500)  # noqa: PLR2004
    response = page("error.html", code, code=shown, detail=None, retry_after=None)
    response.headers["Cache-Control"] = "no-store"
    if code == 503:  # noqa: PLR2004
        response.headers["Retry-After"] = "5"
    return response
