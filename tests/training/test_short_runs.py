"""Real steps of the optimizer on images of 64 px."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import segmentation_models_pytorch as smp
import torch
from torch import nn

from scratchgui.core.manifest import Manifest
from scratchgui.core.protocol import Event, Progress, Validated
from training.config import TrainConfig
from training.data import Images
from training.loop import Averaged, Result, Trainer
from training.network import Start, adapt_batch_norm


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small tensors gain nothing from threads, and on a busy machine threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def small_start(seed: int = 0) -> Start:
    """A shallow U-Net with smp's slow BatchNorm, as EfficientNet-B0 has it, adapted as in every training."""
    torch.manual_seed(seed)
    model = smp.Unet("resnet18", encoder_weights=None, encoder_depth=3, decoder_channels=(32, 16, 16))
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.01
    adapt_batch_norm(model)
    return Start(model, "resnet18", (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))


class Run:
    """A training in this process; counts the steps and can end it after some."""

    def __init__(self, manifest: Manifest, **settings: object) -> None:
        self.events: list[Event] = []
        self._train = Images(manifest.part("train"), binary=False)
        self._validation = Images(manifest.part("validation"), binary=False)
        self._config = TrainConfig.model_validate(
            {"epochs": 3, "batch_size": 2, "lr": 3e-3, "crop": 64, "device": "cpu", "deterministic": True, **settings}
        )

    def fit(self, *, stop_after: int | None = None) -> Result:
        trainer = Trainer(
            small_start(),
            self._config,
            self._train,
            self._validation,
            classes=1,
            device=torch.device("cpu"),
            tell=self.events.append,
        )
        asked = 0

        def stop() -> bool:
            nonlocal asked
            asked += 1
            return stop_after is not None and asked > stop_after

        return trainer.fit(stop)


def test_a_short_run_marks_the_scratch(manifest: Manifest) -> None:
    """The BatchNorm trap: with statistics that lag behind the weights, the kept network marks nothing."""
    run = Run(manifest)
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


def test_stopping_is_answered_before_the_next_step(manifest: Manifest) -> None:
    result = Run(manifest, epochs=50).fit(stop_after=3)
    assert result.stopped and result.steps == 3
    assert result.examination.images  # the model so far was examined and is kept


def test_an_unreachable_epoch_count_does_not_outlast_the_time(manifest: Manifest) -> None:
    run = Run(manifest, epochs=10_000, minutes=0.03)
    result = run.fit()
    assert 1.8 <= result.seconds < 15
    progress = [event for event in run.events if isinstance(event, Progress)]
    assert progress and all(0 <= (event.seconds_left or 0) <= 1.8 for event in progress)
    assert result.steps < 10_000


def test_images_without_any_defect_train_without_trouble(manifest: Manifest) -> None:
    clean = manifest.model_copy(
        update={"entries": [entry.model_copy(update={"mask": None}) for entry in manifest.entries]}
    )
    result = Run(clean, epochs=1).fit()
    assert result.examination.summary.dice is None
    assert all(torch.isfinite(value).all() for value in result.model.state_dict().values())


def test_two_deterministic_runs_are_equal(manifest: Manifest) -> None:
    one, other = (Run(manifest, epochs=1).fit().model.state_dict() for _ in range(2))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_average_follows_a_short_training_and_smooths_a_long_one() -> None:
    model = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(model.weight)
    averaged = Averaged(model)
    nn.init.ones_(model.weight)
    for _ in range(8):
        averaged.update(model)
    assert averaged.model.weight.item() == pytest.approx(1, abs=0.1)
    for _ in range(400):
        averaged.update(model)
    nn.init.zeros_(model.weight)
    averaged.update(model)
    assert averaged.model.weight.item() == pytest.approx(1 - 1 / 40, abs=1e-3)
