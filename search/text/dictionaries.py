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
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final

from marisa_trie import BytesTrie
from simplemma import __version__ as simplemma_version
from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieDictionaryFactory

FOLDER: Final = Path(sys.prefix) / "share" / "portolan" / f"simplemma-{simplemma_version}"

_PROCESSES: Final = 2
_HEAVY: Final = ("pl", "fi", "hu", "et", "cs")

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


@cache
def _open(name: str) -> BytesTrie:
    with _making:
        return BytesTrie().mmap(os.fspath(make(name)))


def lookup(name: str, *, nouns_first: bool = False) -> Callable[[str], str | None]:
    """A function from a word in lower case to its lemma in lower case, None for a word the dictionary lacks.

    nouns_first: ask for the capitalised word first, which in German is the noun.
    """
    trie = _open(name)

    def lemma(word: str) -> str | None:
        first, second = (word.capitalize(), word) if nouns_first else (word, word.capitalize())
        values = trie.get(first) or trie.get(second)
        return values[0].decode().lower() if values else None

    return lemma


def main() -> None:
    """Make what is missing on two processors, and say so: it takes some seconds per language."""
    from search.text.languages import LANGUAGES

    names = missing(language.simplemma for language in LANGUAGES.values() if language.simplemma)
    if not names:
        return
    with ProcessPoolExecutor(min(_PROCESSES, len(names))) as pool:
        for number, _ in enumerate(pool.map(make, sorted(names, key=_heaviest_first)), start=1):
            print(f"\rDictionaries {number} of {len(names)}", end="", flush=True)  # noqa: T201
    print()  # noqa: T201


def _heaviest_first(name: str) -> tuple[int, str]:
    return (_HEAVY.index(name) if name in _HEAVY else len(_HEAVY)), name


if __name__ == "__main__":
    main()
