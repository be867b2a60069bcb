"""The composition root: the one module that knows every part and joins them."""

from __future__ import annotations

import gc
import logging
import sys

import click
from flask import Flask
from flask.cli import FlaskGroup
from werkzeug.middleware.proxy_fix import ProxyFix

from catalogue import api, cli, web
from catalogue.db import Database
from catalogue.portal import EXTENSION, Portal
from catalogue.search import make_engine
from catalogue.security import headers
from catalogue.settings import ROOT, SettingError, Settings
from catalogue.web import compress, gate

GC_THRESHOLDS = (50_000, 25, 100)


def create_app(settings: Settings | None = None, portal: Portal | None = None) -> Flask:
    """A portal ready to serve. Tests hand in a portal of their own."""
    settings = settings or (portal.settings if portal else Settings.from_env())
    # A page makes tens of thousands of small objects and no cycles to speak of. At Python's own thresholds the
    # collector walks through the loaded index and dictionaries again and again: a fifth of a search page's time.
    gc.set_threshold(*GC_THRESHOLDS)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    app = Flask("portolan", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.extensions[EXTENSION] = portal or Portal(
        settings, Database(settings.database_url), make_engine(settings)
    )
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    headers.install(app)
    compress.install(app)
    web.install(app)
    api.install(app)
    gate.install(app)
    return app


def create_warm_app() -> Flask:
    """What gunicorn's processes serve: templates, vocabularies and words are read before the first visitor comes."""
    app = create_app()
    web.warm_up(app)
    return app


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False, add_version_option=False)
def portolan() -> None:
    """Portolan, a catalogue and search portal for micro-credential offers."""


for command in cli.COMMANDS:
    portolan.add_command(command)


def main() -> None:
    """The console script. A wrong setting ends it with a sentence that names the setting."""
    try:
        Settings.from_env()
    except SettingError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    portolan.main(prog_name="portolan")


if __name__ == "__main__":
    main()
