"""A memory of large things that forgets what was not used for longest."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class BoundedCache(Generic[T]):
    """Keeps at most `items` things of together at most `size` bytes; the last one put in always stays."""

    def __init__(self, *, items: int, size: int, size_of: Callable[[T], int]) -> None:
        self._items = items
        self._size = size
        self._size_of = size_of
        self._things: OrderedDict[str, T] = OrderedDict()

    def get(self, key: str) -> T | None:
        """Return a thing and remember that it was used."""
        thing = self._things.get(key)
        if thing is not None:
            self._things.move_to_end(key)
        return thing

    def put(self, key: str, thing: T) -> None:
        """Keep a thing; forget others until the limits hold."""
        self._things[key] = thing
        self._things.move_to_end(key)
        while len(self._things) > 1 and (len(self._things) > self._items or self.size > self._size):
            self._things.popitem(last=False)

    def drop(self, key: str) -> None:
        """Forget one thing."""
        self._things.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._things.clear()

    def __contains__(self, key: str) -> bool:
        return key in self._things

    def __len__(self) -> int:
        return len(self._things)

    @property
    def size(self) -> int:
        """Bytes kept."""
        return sum(map(self._size_of, self._things.values()))
