"""`portolan doctor` and `/healthz`: what is set, and how database and index stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from catalogue.changes import indexer, log
from catalogue.migrate import is_current
from catalogue.offers.queries import count_published
from catalogue.portal import Portal
from catalogue.search import COMFORTABLE
from catalogue.settings import SETTINGS
from search.engine import IndexStatus, IndexUnavailableError


@dataclass(frozen=True, slots=True)
class Report:
    lines: tuple[str, ...]
    healthy: bool


def health(portal: Portal) -> tuple[dict[str, Any], bool]:
    """State of database and index as plain values, and whether both can be used."""
    database, index = _database(portal), _index(portal)
    healthy = database["status"] == "ok" and index["status"] == "ok"
    return {"status": "ok" if healthy else "unavailable", "database": database, "index": index}, healthy


def _database(portal: Portal) -> dict[str, Any]:
    kind = portal.database.url.get_backend_name()
    try:
        with portal.database.read() as session:
            return {"status": "ok", "kind": kind, "offers": count_published(session)}
    except SQLAlchemyError:
        return {"status": "unavailable", "kind": kind}


def _index(portal: Portal) -> dict[str, Any]:
    try:
        status = portal.engine.status()
        with portal.database.read() as session:
            pending = log.pending(session)
    except (IndexUnavailableError, SQLAlchemyError):
        return {"status": "unavailable", "engine": portal.engine.name}
    return {
        "status": "ok",
        "engine": status.engine,
        "documents": status.documents,
        "pending": pending,
        "generation": status.generation,
        "bytes": status.size,
    }


def examine(portal: Portal) -> Report:
    """Settings, migrations, database and index, one line each; secrets in addresses are masked."""
    lines = ["Settings:"]
    for setting in SETTINGS:
        value = getattr(portal.settings, setting.name)
        shown = portal.database.url.render_as_string() if setting.name == "database_url" else value
        shown = "***" if setting.secret and value else shown
        lines.append(f"  {setting.variable} = {shown}")
    try:
        current = is_current(portal.database)
        state, healthy = health(portal)
        lines.append(f"Database: {state['database']}; schema {'up to date' if current else 'NOT up to date'}")
        lines.append(f"Index: {state['index']}")
        if state["index"]["status"] == "ok":
            lines += advice(portal.engine.status())
        difference = indexer.compare(portal.database, portal.engine)
        lines.append(f"Differences between index and database: {_differences(difference)}")
        healthy = healthy and current and not difference
    except SQLAlchemyError as error:
        lines.append(f"Database: unavailable ({error.__class__.__name__})")
        healthy = False
    lines.append("All is well." if healthy else "Something needs attention; see above.")
    return Report(tuple(lines), healthy)


def advice(index: IndexStatus) -> list[str]:
    """What would make searching quicker: another engine for a large catalogue, a rebuild after many changes."""
    lines = []
    limit = COMFORTABLE.get(index.engine)
    if limit is not None and index.documents > limit:
        lines.append(
            f"Advice: {index.documents} offers are more than {index.engine}: answers quickly ({limit}). "
            "Set PORTOLAN_SEARCH_URL=tantivy: and restart; the worker builds the new index."
        )
    if index.dead > index.documents:
        lines.append(f"Advice: {index.dead} rows of the index are out of date; run `portolan index rebuild`.")
    return lines


def _differences(difference: indexer.Difference) -> str:
    if not difference:
        return "none"
    return (
        f"{len(difference.missing)} missing, {len(difference.stale)} stale, {len(difference.surplus)} surplus"
    )
