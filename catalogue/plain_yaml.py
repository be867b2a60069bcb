"""YAML as people mean it: dates stay texts, and Norway (`NO`) is no boolean."""

from __future__ import annotations

import re
from typing import Any

import yaml

_GUESSED = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")


class _Loader(yaml.CSafeLoader):
    """The safe loader without its guesses at dates and booleans."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _GUESSED]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def read(text: str | bytes) -> Any:
    """The data in a document. Raises yaml.YAMLError."""
    return yaml.load(text, _Loader)  # noqa: S506 (it derives from the safe one)
