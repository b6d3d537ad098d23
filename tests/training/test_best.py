"""Which of a training's weights are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

from scratchgui.core.metrics import ImageScores
from training.best import Best
from training.evaluate import Examination

if TYPE_CHECKING:
    from collections.abc import Sequence


def examined(marks: Sequence[float]) -> Examination:
    return Examination(tuple(ImageScores(mark, mark, None, 1, 1, 1, 1) for mark in marks))


def network(number: float) -> nn.Module:
    made = nn.Linear(1, 1)
    nn.init.constant_(made.weight, number)
    return made


def kept(best: Best) -> float:
    into = network(0)
    best.put_into(into)
    return float(into.get_parameter("weight").detach())


def test_later_weights_are_kept_until_they_are_clearly_worse() -> None:
    best, many = Best(), 20
    kinds = [[0.50] * many, [0.49] * many, [0.10] * many]
    told = [
        best.offer(network(number), examined(marks), epoch=number, loss=None) for number, marks in enumerate(kinds, 1)
    ]
    assert told == [True, True, False]
    assert kept(best) == 2
    assert best.examination is not None
    assert best.examination.mark == pytest.approx(0.49)


def test_nothing_improves_counts_from_the_best_mark() -> None:
    best = Best()
    for epoch, mark in enumerate([0.3, 0.5, 0.49, 0.495, 0.5005], 1):
        best.offer(network(epoch), examined([mark] * 3), epoch=epoch, loss=0.1)
    assert best.since == 3
    assert [entry["dice"] for entry in best.history] == pytest.approx([0.3, 0.5, 0.49, 0.495, 0.5005])


def test_what_was_kept_survives_a_restart() -> None:
    first = Best()
    first.offer(network(7), examined([0.8] * 20), epoch=1, loss=None)
    second = Best()
    second.restore({name: torch.clone(value) for name, value in first.tensors().items()}, first.state())
    assert not second.offer(network(8), examined([0.2] * 20), epoch=2, loss=None)
    assert kept(second) == 7
    assert len(second.history) == 2
