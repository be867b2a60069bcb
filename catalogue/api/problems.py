"""One error shape for the whole API: problem details of RFC 9457."""

from __future__ import annotations

import json
from typing import Any

from flask import Response

TITLES = {
    400: "The request cannot be answered as it stands",
    404: "Not found",
    405: "Method not allowed",
    410: "No longer public",
    500: "Internal error",
    503: "Not available at the moment",
}


def problem(status: int, detail: str, **members: Any) -> Response:
    """A problem response; extra members, such as `errors`, stand beside the standard ones."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        **members,
    }
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")
    if status == 503:  # noqa: PLR2004
        response.headers["Retry-After"] = "5"
    return response
