"""Real steps of the optimizer on images of 64 px."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn
from training_runs import Run

from scratchgui.core.manifest import Manifest
from scratchgui.core.protocol import Progress, Validated
from training.averaging import Averaged

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return tmp_path / "checkpoint"


def test_a_short_run_marks_the_scratch(manifest: Manifest, checkpoint: Path) -> None:
    """The BatchNorm trap: with statistics that lag behind the weights, the kept network marks nothing."""
    run = Run(manifest, checkpoint)
    result = run.fit()
    assert (result.examination.summary.dice or 0) > 0.5
    assert result.examination.summary.false_alarm_rate == 0
    assert result.steps == 48 and result.epochs == 3 and not result.stopped
    assert not result.model.training and next(result.model.parameters()).device.type == "cpu"
    validated = [event for event in run.events if isinstance(event, Validated)]
    assert validated[0].best and len(result.history) == len(validated)
    best = [event for event in validated if event.best][-1]  # kept is the best, not the last
    assert (result.examination.summary.dice, result.examination.summary.false_alarm_rate) == (
        best.dice,
        best.false_alarm_rate,
    )


def test_stopping_is_answered_before_the_next_step(manifest: Manifest, checkpoint: Path) -> None:
    result = Run(manifest, checkpoint, epochs=50).fit(stop_after=3)
    assert result.stopped and result.steps == 3
    assert result.examination.images  # the model so far was examined and is kept


def test_an_unreachable_epoch_count_does_not_outlast_the_time(manifest: Manifest, checkpoint: Path) -> None:
    run = Run(manifest, checkpoint, epochs=10_000, minutes=0.03)
    result = run.fit()
    assert 1.8 <= result.seconds < 15
    progress = [event for event in run.events if isinstance(event, Progress)]
    assert progress and all(0 <= (event.seconds_left or 0) <= 1.8 for event in progress)
    assert result.steps < 10_000


def test_images_without_any_defect_train_without_trouble(manifest: Manifest, checkpoint: Path) -> None:
    clean = manifest.model_copy(
        update={"entries": [entry.model_copy(update={"mask": None}) for entry in manifest.entries]}
    )
    result = Run(clean, checkpoint, epochs=1).fit()
    assert result.examination.summary.dice is None
    assert all(torch.isfinite(value).all() for value in result.model.state_dict().values())


def test_two_deterministic_runs_are_equal(manifest: Manifest, checkpoint: Path) -> None:
    one, other = (Run(manifest, checkpoint, epochs=1).fit().model.state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_average_follows_a_short_training_and_smooths_a_long_one() -> None:
    model = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(model.weight)
    averaged = Averaged(model, 40)
    nn.init.ones_(model.weight)
    for _ in range(8):
        averaged.update()
    assert averaged.model.weight.item() == pytest.approx(1, abs=0.1)
    for _ in range(400):
        averaged.update()
    nn.init.zeros_(model.weight)
    averaged.update()
    assert averaged.model.weight.item() == pytest.approx(1 - 1 / 40, abs=1e-3)
