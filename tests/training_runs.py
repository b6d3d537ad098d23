"""Trainings in this process: real steps of the optimizer on images of 64 px."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import segmentation_models_pytorch as smp
import torch
from torch import nn

from scratchgui.core.manifest import Manifest
from scratchgui.core.protocol import Event
from training.checkpoint import CheckpointFolder
from training.config import TrainConfig
from training.data import Images
from training.loop import Result, Trainer
from training.network import Start, adapt_batch_norm
from training.processes import Processes


def small_start(seed: int = 0) -> Start:
    """A shallow U-Net with smp's slow BatchNorm, as EfficientNet-B0 has it, adapted as in every training."""
    torch.manual_seed(seed)
    model = smp.Unet("resnet18", encoder_weights=None, encoder_depth=3, decoder_channels=(32, 16, 16))
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.01
    adapt_batch_norm(model)
    return Start(model, 1, "resnet18", (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))


class Asked:
    """Controls whose answers are functions of the number of the question."""

    def __init__(self, stop: Callable[[int], bool], paused: Callable[[int], bool]) -> None:
        self._answers = {"stop": stop, "paused": paused}
        self.asked = {"stop": 0, "paused": 0}

    def _answer(self, what: str) -> bool:
        self.asked[what] += 1
        return self._answers[what](self.asked[what])

    def stop(self) -> bool:
        return self._answer("stop")

    def paused(self) -> bool:
        return self._answer("paused")


class Run:
    """A training in this process; can be stopped after some steps, and gone on with.

    Attributes:
        events: What it told.
        resumed: The step it went on from.
    """

    def __init__(
        self, manifest: Manifest, checkpoint: Path, *, told: str = "these settings", **settings: object
    ) -> None:
        self.events: list[Event] = []
        self.resumed = 0
        self._train = Images(manifest.part("train"), binary=False)
        self._validation = Images(manifest.part("validation"), binary=False)
        usual = {"epochs": 3, "batch_size": 2, "lr": 3e-3, "crop": 64, "device": "cpu", "deterministic": True}
        self.config = TrainConfig.model_validate({**usual, **settings})
        self.checkpoint = CheckpointFolder(checkpoint, told, self.config.checkpoint_seconds)

    def trainer(self, start: Start | None = None, tell: Callable[[Event], None] | None = None) -> Trainer:
        return Trainer(
            start or small_start(),
            self.config,
            self._train,
            self._validation,
            processes=Processes(self.config),
            checkpoint=self.checkpoint,
            tell=tell or self.events.append,
        )

    def fit(self, *, stop_after: int | None = None, start: Start | None = None) -> Result:
        trainer = self.trainer(start)
        self.resumed = trainer.resume()
        result = trainer.fit(Asked(lambda asked: stop_after is not None and asked > stop_after, lambda _: False))
        assert result is not None
        return result
