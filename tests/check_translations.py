"""Are the translations whole? `python -m tests.check_translations` says, `--update` brings in new messages.

A message that is missing, fuzzy, or whose placeholders differ from the English ones is an error.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from catalogue.i18n import DIRECTORY, INTERFACE_LANGUAGES

TRANSLATED = tuple(language for language in INTERFACE_LANGUAGES if language != "en")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
PYBABEL = str(Path(sys.executable).with_name("pybabel"))


def template() -> Catalog:
    """The messages of today's code and templates."""
    with tempfile.TemporaryDirectory() as directory:
        pot = Path(directory) / "messages.pot"
        command = [
            PYBABEL,
            "-q",
            "extract",
            "-F",
            "translations/babel.cfg",
            "-k",
            "N_",
            "-k",
            "plural:1,2",
            "--no-location",
            "--sort-output",
            "-o",
            str(pot),
            ".",
        ]
        subprocess.run([*command], check=True, cwd=DIRECTORY.parent)
        with pot.open("rb") as file:
            return read_po(file)


def path_of(language: str) -> Path:
    return DIRECTORY / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def problems(language: str, wanted: Catalog) -> Iterator[str]:
    """What is wrong with the translations into one language."""
    found = read(language)
    for message in messages(wanted):
        own = found.get(message.id)
        strings = _strings(own)
        english = message.id if isinstance(message.id, str) else message.id[0]
        if not strings or not all(strings):
            yield f"{language}: missing: {english[:90]!r}"
        elif own is not None and own.fuzzy:
            yield f"{language}: fuzzy: {english[:90]!r}"
        else:
            yield from _placeholders(language, message, strings)


def _strings(message: Message | None) -> list[str]:
    if message is None or not message.string:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _placeholders(language: str, message: Message, strings: list[str]) -> Iterator[str]:
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    wanted = {frozenset(PLACEHOLDER.findall(text)) for text in ids}
    # A singular may leave its number out.
    allowed = wanted | {names - {"%(num)s"} for names in wanted}
    for text in strings:
        if frozenset(PLACEHOLDER.findall(text)) not in allowed:
            yield f"{language}: placeholders of {ids[0][:60]!r} differ in {text[:60]!r}"


def update(wanted: Catalog) -> None:
    """Bring new messages into every catalogue and drop what is no longer used; nothing is guessed."""
    for language in TRANSLATED:
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = (
            read(language) if path.exists() else Catalog(locale=language, project="Portolan", fuzzy=False)
        )
        catalog.update(wanted, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, sort_output=True, omit_header=False, width=100)


def main() -> int:
    wanted = template()
    if "--update" in sys.argv:
        update(wanted)
    found = [line for language in TRANSLATED for line in problems(language, wanted)]
    print("\n".join(found[:40]) or f"{len(wanted)} messages, all translated into {', '.join(TRANSLATED)}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
