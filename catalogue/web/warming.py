"""Ask for some pages before the first visitor does, who would wait for templates, vocabularies and dictionaries."""

from __future__ import annotations

import gc
from urllib.parse import quote

from flask import Flask

from catalogue.i18n import INTERFACE_LANGUAGES, N_, gettext_for
from catalogue.suggestions import SHORTEST

# Words of every language that a search can be made of.
_WORDS = N_("Search the offers")


def warm_up(app: Flask) -> None:
    """What goes wrong here is a page's own error, logged as such: it never stops the start."""
    client = app.test_client()
    # Reads every provider, of whom nearly every page of results shows some.
    client.get(f"/{INTERFACE_LANGUAGES[0]}/providers")
    for language in INTERFACE_LANGUAGES:
        words = gettext_for(language)(_WORDS)
        for path in (f"/{language}/", f"/{language}/search?q={quote(words)}", f"/{language}/search"):
            client.get(path)
        for typed in (words, words[:SHORTEST]):
            client.get(f"/api/v1/suggest?q={quote(typed)}&lang={language}")
    # What was read for good need not be looked through for cycles again and again.
    gc.collect()
    gc.freeze()
