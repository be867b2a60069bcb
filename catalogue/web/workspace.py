"""The providers' workspace."""

from __future__ import annotations

from flask import Blueprint, Response

from catalogue.i18n import N_, gettext_for
from catalogue.web.gate import private_page
from catalogue.web.site import language

blueprint = Blueprint("workspace", __name__)


@blueprint.get("/<lang>/workspace/")
def home() -> Response:
    return private_page("workspace.html", page_title=gettext_for(language())(N_("Workspace")))
