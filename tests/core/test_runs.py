"""Runs of pixels against OpenCV's and NumPy's own ways."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from scratchgui.core import runs as runs_module
from scratchgui.core.runs import runs_of

masks = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=14), elements=st.integers(0, 2))


@given(masks, st.booleans())
def test_runs_are_the_pixels_of_a_label_or_of_all_others(mask: np.ndarray, other: bool) -> None:
    runs = runs_of(mask, 1, other=other)
    found = np.concatenate([np.empty(0, int), *runs.pixels()])
    assert found.tolist() == np.flatnonzero((mask == 1) != other).tolist()
    for row, column, length in zip(runs.rows, runs.columns, runs.lengths, strict=True):
        assert ((mask[row, column : column + length] == 1) != other).all()
        assert length == len(mask[row, column : column + length]) > 0


@pytest.mark.parametrize(("corners", "neighbors"), [(True, 8), (False, 4)])
@given(masks)
def test_groups_are_connected_components(corners: bool, neighbors: int, mask: np.ndarray) -> None:
    runs = runs_of(mask, 1)
    count, groups = runs.groups(corners=corners)
    wanted, numbers = cv2.connectedComponents((mask == 1).astype(np.uint8), connectivity=neighbors)
    assert count == wanted - 1
    pairs = set(zip(groups.tolist(), numbers[runs.rows, runs.columns].tolist(), strict=True))
    assert len(pairs) == count
    firsts = [groups.tolist().index(group) for group in range(count)]
    assert firsts == sorted(firsts)


def test_a_comb_a_spiral_and_a_checkerboard_are_one_each() -> None:
    comb = np.zeros((200, 201), np.uint8)
    comb[:, ::2] = 1
    comb[-1] = 1
    spiral = np.zeros((61, 61), np.uint8)
    for inset in range(0, 30, 2):
        spiral[inset : 61 - inset, inset : 61 - inset] = 1
        spiral[inset + 1 : 60 - inset, inset + 1 : 60 - inset] = 0
        spiral[inset + 1, inset] = 0
        spiral[inset + 2, inset + 1] = 1
    board = (np.indices((50, 50)).sum(axis=0) % 2).astype(np.uint8)
    for mask in (comb, spiral, board):
        assert runs_of(mask, 1).groups()[0] == cv2.connectedComponents(mask, connectivity=8)[0] - 1
    assert runs_of(board, 1).groups(corners=False)[0] == board.sum()


def test_many_pixels_come_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs_module, "_WRITTEN_AT_ONCE", 10)
    mask = np.ones((7, 6), np.uint8)
    mask[3] = 0
    parts = list(runs_of(mask, 1).pixels())
    assert len(parts) > 2
    assert np.concatenate(parts).tolist() == np.flatnonzero(mask).tolist()


def test_no_pixels_no_runs() -> None:
    for shape in ((0, 5), (5, 0), (3, 3)):
        runs = runs_of(np.zeros(shape, np.uint8), 1)
        assert runs.groups()[0] == 0
        assert not list(runs.pixels())
