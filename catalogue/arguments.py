"""The arguments of a request as (name, value) pairs; broken UTF-8 shows as U+FFFD, which a query reports."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import abort, request

MOST = 300


def arguments() -> list[tuple[str, str]]:
    """At most 300 pairs; more are refused with 400."""
    raw = request.query_string.decode("ascii", "replace")
    try:
        return parse_qsl(raw, keep_blank_values=True, errors="replace", max_num_fields=MOST)
    except ValueError:
        abort(400, description=f"More than {MOST} arguments.")
