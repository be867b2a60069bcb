"""simplemma's dictionaries as tries on disk, mapped into memory and shared by all processes.

As Python dictionaries they would take up to 400 MB per language and process and seconds to load; as tries all of
them together take about 200 MB on disk, and opening one takes a millisecond. Beside each lies another that leads
from words without their marks to the words: people type "rizeni" for "řízení". They are made once per installation,
beside the environment's packages (`python -m search.text.dictionaries`, part of every `make` target), and made on
the fly where they are missing.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final

from marisa_trie import BytesTrie
from simplemma import __version__ as simplemma_version
from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieDictionaryFactory

from search.text.folding import fold

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


def make_bare(name: str, folder: Path = FOLDER) -> Path:
    """The file that leads from words without marks to a word of the dictionary, made if it is not there.

    What is a word by itself without its marks leads nowhere.
    """
    path = folder / f"{name}.bare"
    if not path.exists():
        words = BytesTrie().mmap(os.fspath(make(name, folder)))
        bare = BytesTrie(_bare_forms(words))
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            bare.save(os.fspath(Path(beside) / path.name))
            (Path(beside) / path.name).replace(path)
    return path


def _bare_forms(words: BytesTrie) -> Iterator[tuple[str, bytes]]:
    folded = fold.__wrapped__  # millions of words would only push each other out of its memory
    for word in words.iterkeys():
        if not word.isascii() and (bare := folded(word)) != word.lower() and bare not in words:
            yield bare, word.encode()


def make_both(name: str) -> None:
    make(name)
    make_bare(name)


def missing(names: Iterable[str], folder: Path = FOLDER) -> list[str]:
    """Those of the dictionaries that have not been made yet."""
    ends = (".dic", ".bare")
    return [name for name in names if not all((folder / f"{name}{end}").exists() for end in ends)]


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


def with_marks(name: str) -> Callable[[str], str | None]:
    """A function from a word without its marks to a word of the dictionary, None where there is none."""
    with _making:
        trie = BytesTrie().mmap(os.fspath(make_bare(name)))

    def marked(word: str) -> str | None:
        values = trie.get(word)
        return min(values).decode().lower() if values else None

    return marked


def main() -> None:
    """Make what is missing on two processors, and say so: it takes some seconds per language."""
    from search.text.languages import LANGUAGES

    names = missing(language.simplemma for language in LANGUAGES.values() if language.simplemma)
    if not names:
        return
    with ProcessPoolExecutor(min(_PROCESSES, len(names))) as pool:
        for number, _ in enumerate(pool.map(make_both, sorted(names, key=_heaviest_first)), start=1):
            print(f"\rDictionaries {number} of {len(names)}", end="", flush=True)  # noqa: T201
    print()  # noqa: T201


def _heaviest_first(name: str) -> tuple[int, str]:
    return (_HEAVY.index(name) if name in _HEAVY else len(_HEAVY)), name


if __name__ == "__main__":
    main()
