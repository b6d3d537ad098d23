"""Cutting defects with long lines: what is looked at in parts is cut as one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scratchgui.model.mask_document import MaskDocument
from scratchgui.model.region_edits import cut


def regions(mask: np.ndarray) -> int:
    return cv2.connectedComponents(mask, connectivity=8)[0] - 1


@pytest.mark.parametrize("ends", [(0, 0, 1999, 1799), (1999, 1799, 0, 0), (3, 1790, 1990, 5), (-500, 900, 2500, 901)])
def test_a_long_line_divides_all_that_it_crosses_and_nothing_else(ends):
    mask = np.zeros((1800, 2000), np.uint8)
    for x in range(40, 2000, 60):  # bars from top to bottom: the line crosses each once
        mask[:, x : x + 9] = 1
    before = mask.copy()
    document = MaskDocument("a.png", mask)
    assert cut(document, ends)
    bars = regions(before)
    assert regions(document.mask) == 2 * bars
    taken = before - document.mask
    assert np.count_nonzero(taken) <= bars * 9 * 3  # a line of 1 to 2 px
    assert len(document.history) == 1


def test_one_defect_along_several_parts_of_the_line_is_cut_once_through():
    mask = np.full((1500, 1500), 2, np.uint8)
    document = MaskDocument("a.png", mask)
    assert cut(document, (-10, 700, 1600, 800))
    assert regions(document.mask) == 2
    document.undo()
    assert (document.mask == 2).all()
