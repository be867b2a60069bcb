"""What was worked out lately, bounded by bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Cache(Generic[Value]):
    """The most recently used values; safe for threads. Values are shared and must not be changed."""

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        """limit: bytes for all values together. size: bytes of one."""
        self._limit = limit
        self._size_of = size
        self._size = 0
        self._entries: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made now unless it is known."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]
        value = make()
        self._put(key, value)
        return value

    def _put(self, key: Hashable, value: Value) -> None:
        size = self._size_of(value)
        with self._lock:
            # One value must not drive out all others.
            if key in self._entries or size > self._limit // 4:
                return
            self._entries[key] = value
            self._size += size
            while self._size > self._limit:
                _, oldest = self._entries.popitem(last=False)
                self._size -= self._size_of(oldest)
