from __future__ import annotations

import pytest

from scratchgui.core.chance import is_clearly_worse


@pytest.mark.parametrize(
    ("before", "later", "worse"),
    [
        ([0.50], [0.40], False),  # one image says little
        ([0.80], [0.10], True),
        ([0.6, 0.0, 0.3, 0.5], [0.2, 0.4, 0.2, 0.5], False),  # as many are better as worse
        ([0.6, 0.5, 0.6, 0.5] * 10, [0.5, 0.4, 0.5, 0.4] * 10, True),  # all are
        ([0.6, 0.5, 0.6, 0.5] * 10, [0.598, 0.498, 0.598, 0.498] * 10, False),
        ([0.5, 0.5], [0.5, 0.5], False),
        ([0.1, 0.2], [0.9, 0.9], False),
    ],
)
def test_marks_are_worse_by_more_than_chance(before: list[float], later: list[float], worse: bool) -> None:
    assert is_clearly_worse(later, before) is worse
