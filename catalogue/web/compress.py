"""Send text compressed to clients that can read it. ETags are weak, so one serves both forms."""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

SMALL = 1_000
LEVEL = 2  # half the time of higher levels for a few per cent more bytes
TEXT = ("text/", "application/json", "application/problem+json", "image/svg+xml")


def install(app: Flask) -> None:
    @app.after_request
    def compress(response: Response) -> Response:
        if not (response.mimetype or "").startswith(TEXT) or response.status_code != 200:  # noqa: PLR2004
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] and "Content-Encoding" not in response.headers:
            response.direct_passthrough = False
            body = response.get_data()
            if len(body) >= SMALL:
                response.set_data(gzip.compress(body, LEVEL, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response
