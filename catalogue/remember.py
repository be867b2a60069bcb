"""Keep what never changes: typed contents of immutable versions, bounded, shared by the threads of a process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """The values used last. Only for values that stay true for their key."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def all(self, keys: Iterable[K], load: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The values of all keys; `load` is asked once for those that are not at hand."""
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            found = {key: self._values[key] for key in wanted if key in self._values}
        missing = [key for key in wanted if key not in found]
        loaded = load(missing) if missing else {}
        with self._lock:
            for key, value in loaded.items():
                self._values[key] = value
            for key in wanted:
                if key in self._values:
                    self._values.move_to_end(key)
            while len(self._values) > self.most:
                self._values.popitem(last=False)
        return {**found, **loaded}
