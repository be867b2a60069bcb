"""API v1: JSON, OpenAPI 3.1, one error shape, CORS for reads."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from catalogue.api.problems import problem
from catalogue.api.routes import blueprint
from search.engine import IndexUnavailableError

PREFIX = "/api/"


def install(app: Flask) -> None:
    """Register the routes and answer every error below /api/ with a problem."""
    app.register_blueprint(blueprint)
    app.after_request(_allow_reading)


def error_response(error: Exception) -> Response:
    """The problem for an error raised below /api/."""
    if isinstance(error, IndexUnavailableError):
        return problem(503, "The search index is being rebuilt.")
    if isinstance(error, HTTPException):
        return problem(error.code or 500, error.description or "")
    return problem(500, "Something went wrong here; the error has been logged.")


def _allow_reading(response: Response) -> Response:
    """Any page may read the API; nothing here depends on who asks."""
    if request.path.startswith(PREFIX):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Expose-Headers"] = "ETag"
    return response
