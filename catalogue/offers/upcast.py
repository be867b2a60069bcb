"""Old documents are read, never rewritten: each step lifts a document to the next schema version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from catalogue.offers.schema import SCHEMA_VERSION

Document = Mapping[str, Any]

# From version N to N + 1. Version 1 is the first.
STEPS: Mapping[int, Callable[[Document], Document]] = {}


def upcast(schema_version: int, document: Document) -> Document:
    """The document in today's schema. Raises KeyError for a version from the future."""
    for version in range(schema_version, SCHEMA_VERSION):
        document = STEPS[version](document)
    if schema_version > SCHEMA_VERSION:
        raise KeyError(f"schema version {schema_version}")
    return document
