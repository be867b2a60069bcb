"""The pages: public ones, the entrance, the workspace."""

from __future__ import annotations

from flask import Flask

from catalogue.web import account, editor, entrance, public, site, workspace
from catalogue.web.warming import warm_up

__all__ = ["install", "warm_up"]


def install(app: Flask) -> None:
    """Prepare templates and register the routes."""
    site.prepare(app)
    for part in (public, entrance, account, workspace, editor):
        app.register_blueprint(part.blueprint)
