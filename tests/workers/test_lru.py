from __future__ import annotations

import pytest

from scratchgui.workers.lru import BoundedCache


@pytest.mark.parametrize(("items", "size"), [(2, 1000), (10, 25)])
def test_what_was_not_used_for_longest_is_forgotten(items, size):
    cache: BoundedCache[bytes] = BoundedCache(items=items, size=size, size_of=len)
    cache.put("a", bytes(10))
    cache.put("b", bytes(10))
    assert cache.get("a") is not None
    cache.put("c", bytes(10))
    assert ("a" in cache, "b" in cache, "c" in cache) == (True, False, True)


def test_one_thing_larger_than_the_limit_is_kept_alone():
    cache: BoundedCache[bytes] = BoundedCache(items=5, size=25, size_of=len)
    cache.put("a", bytes(10))
    cache.put("huge", bytes(5000))
    assert ("a" in cache, "huge" in cache) == (False, True)
    cache.put("b", bytes(10))
    assert ("huge" in cache, cache.size) == (False, 10)


def test_things_can_be_dropped():
    cache: BoundedCache[bytes] = BoundedCache(items=5, size=25, size_of=len)
    cache.put("a", bytes(10))
    cache.drop("a")
    cache.drop("never there")
    assert cache.get("a") is None
    cache.put("b", bytes(10))
    cache.clear()
    assert len(cache) == 0
