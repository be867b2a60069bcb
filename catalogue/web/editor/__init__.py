"""The offers of an organisation in its workspace: list, editor, preview, publishing, history."""

from __future__ import annotations

from catalogue.web.editor import history, listing, pages, rolling, states
from catalogue.web.editor.routes import blueprint

__all__ = ["blueprint", "history", "listing", "pages", "rolling", "states"]
