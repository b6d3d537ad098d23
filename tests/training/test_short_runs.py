"""Real steps of the optimizer on images of 64 px."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn
from training_runs import Run, small_start

from scratchgui.core.manifest import Manifest
from scratchgui.core.protocol import Note, Progress, Validated
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


def test_it_ends_when_nothing_improves_any_more(manifest: Manifest, checkpoint: Path) -> None:
    """With a learning rate that changes nothing no examination is better than the first."""
    run = Run(manifest, checkpoint, epochs=100, patience=2, lr=1e-12)
    result = run.fit()
    assert not result.stopped and 48 <= result.steps < 80
    assert [event.text for event in run.events if isinstance(event, Note)] == [
        "Nothing improves any more: the training comes to its end."
    ]
    assert result.steps == round(48 * 1.15 + 0.5)


def test_the_encoder_rests_for_its_share_of_the_training(manifest: Manifest, checkpoint: Path) -> None:
    encoders = []
    for share in (0.0, 1.0):
        result = Run(manifest, checkpoint.with_name(f"{share}"), epochs=1, freeze_encoder=share).fit()
        encoders.append(result.model.get_submodule("encoder").state_dict())
    initial = small_start().model.get_submodule("encoder").state_dict()
    assert all(torch.equal(encoders[1][name], initial[name]) for name in initial)
    assert any(not torch.equal(encoders[0][name], initial[name]) for name in initial)


def test_crops_made_by_other_processes_are_the_same(manifest: Manifest, checkpoint: Path) -> None:
    one, other = (
        Run(manifest, checkpoint.with_name(f"{workers}"), epochs=2, workers=workers).fit().model.state_dict()
        for workers in (0, 2)
    )
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_two_dozen_steps_are_enough_for_a_mask_with_statistics_that_keep_up(
    manifest: Manifest, checkpoint: Path
) -> None:
    kept = Run(manifest, checkpoint, epochs=20).fit(stop_after=24)
    start = small_start()
    for module in start.model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.01  # smp's own for EfficientNet-B0
    lagging = Run(manifest, checkpoint.with_name("lagging"), epochs=20).fit(stop_after=24, start=start)
    assert kept.steps == lagging.steps == 24
    assert (kept.examination.summary.dice or 0) > 0.6 and kept.examination.summary.false_alarm_rate == 0
    assert lagging.examination.mark < kept.examination.mark - 0.2
