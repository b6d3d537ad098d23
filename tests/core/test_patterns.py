from __future__ import annotations

import numpy as np
import pytest

from scratchgui.core.classes import Pattern
from scratchgui.core.patterns import pattern_tile

PERIODS = (8, 16, 24)
LINED = [pattern for pattern in Pattern if pattern is not Pattern.PLAIN]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("pattern", LINED)
def test_a_tile_has_lines_and_room_between_them_at_half_its_size_too(pattern: Pattern, period: int) -> None:
    tile = pattern_tile(pattern, period)
    assert tile.shape == (period, period)
    assert tile.min() >= 0 and tile.max() <= 1
    assert 0.3 < tile.mean() < 0.65
    for y in (0, 1):
        for x in (0, 1):
            half = tile[y::2, x::2]
            assert (half > 0.7).any() and (half < 0.3).any()


@pytest.mark.parametrize("pattern", LINED)
def test_tiles_fit_beside_each_other(pattern: Pattern) -> None:
    """Between two tiles the pattern changes no faster than inside of one."""
    tile = pattern_tile(pattern, 64)
    for axis in (0, 1):
        inside = np.abs(np.diff(tile, axis=axis)).mean(axis=1 - axis)
        between = np.abs(np.take(tile, 0, axis) - np.take(tile, -1, axis)).mean()
        assert between <= inside.max() + 1e-6


def test_patterns_differ_by_more_than_their_place() -> None:
    tiles = [pattern_tile(pattern, 8) for pattern in LINED]
    for number, one in enumerate(tiles):
        for other in tiles[:number]:
            shifted = (np.roll(other, (y, x), (0, 1)) for y in range(8) for x in range(8))
            assert min(np.abs(one - moved).mean() for moved in shifted) > 0.15


def test_a_plain_tile_is_empty() -> None:
    assert not pattern_tile(Pattern.PLAIN, 8).any()
