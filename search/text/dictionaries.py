"""simplemma's dictionaries as tries on disk, mapped into memory and shared by all processes.

As Python dictionaries they would take up to 400 MB per language and process and seconds to load; as tries all of
them together take about 110 MB on disk, and opening one takes a millisecond. They are made once per installation,
beside the environment's packages (`python -m search.text.dictionaries`, part of every `make` target), and made on
the fly where they are missing.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from marisa_trie import BytesTrie
from simplemma import Lemmatizer
from simplemma import __version__ as simplemma_version
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieDictionaryFactory, TrieWrapDict

FOLDER: Final = Path(sys.prefix) / "share" / "portolan" / f"simplemma-{simplemma_version}"

_making = threading.Lock()


def make(name: str, folder: Path = FOLDER) -> Path:
    """The file of a dictionary, made if it is not there. Safe to call from many processes at once."""
    path = folder / f"{name}.dic"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            TrieDictionaryFactory(disk_cache_dir=beside).get_dictionary(name)
            (Path(beside) / f"{name}.dic").replace(path)
    return path


def missing(names: Iterable[str], folder: Path = FOLDER) -> list[str]:
    """Those of the dictionaries that have not been made yet."""
    return [name for name in names if not (folder / f"{name}.dic").exists()]


class _Dictionaries:
    """What simplemma asks for its dictionaries."""

    def __init__(self) -> None:
        self._open: dict[str, Mapping[str, str]] = {}

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        with _making:
            if lang not in self._open:
                self._open[lang] = TrieWrapDict(BytesTrie().mmap(os.fspath(make(lang))))
        return self._open[lang]


@cache
def _lemmatizer() -> Lemmatizer:
    # Stems are remembered by the caller; a second cache would hold every word twice.
    strategy = DefaultStrategy(dictionary_factory=_Dictionaries())
    return Lemmatizer(cache_max_size=1, lemmatization_strategy=strategy)


def lemmatiser(name: str) -> Callable[[str], str]:
    """A function from a word in lower case to its lemma in lower case; an unknown word is its own lemma."""
    lemmatizer = _lemmatizer()

    def lemma(word: str) -> str:
        return str(lemmatizer.lemmatize(word, lang=name)).lower()

    return lemma


def main() -> None:
    """Make what is missing, and say so: it takes some seconds per language."""
    from search.text.languages import LANGUAGES

    names = missing(language.simplemma for language in LANGUAGES.values() if language.simplemma)
    for number, name in enumerate(names, start=1):
        print(f"\rDictionaries {number} of {len(names)}", end="", flush=True)  # noqa: T201
        make(name)
    if names:
        print()  # noqa: T201


if __name__ == "__main__":
    main()
