"""The public pages."""

from __future__ import annotations

from flask import Flask

from catalogue.web import site
from catalogue.web.public import blueprint
from catalogue.web.warming import warm_up

__all__ = ["install", "warm_up"]


def install(app: Flask) -> None:
    """Prepare templates and register the routes."""
    site.prepare(app)
    app.register_blueprint(blueprint)
