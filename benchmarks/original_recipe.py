"""The recipe of the pipeline that this project started from, as its README tells it.

`smp.Unet` with an EfficientNet-B0 encoder from ImageNet, whole images scaled to 512², flips and changes of brightness,
normalization, BCE + Dice, AdamW at 1e-4 with cosine annealing, batches of 16 in float32, no workers; the epoch with the
best Dice on the validation images is kept, and a pixel counts from a probability of 0.5 on.
"""

from __future__ import annotations

import copy
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import albumentations as A
import cv2
import numpy as np
import segmentation_models_pytorch as smp
import torch
from safetensors.torch import load_file
from torch.utils.data import DataLoader, Dataset

from scratchgui.core.images import as_rgb
from training.data import Images, read_entry
from training.evaluate import examine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.manifest import Manifest, ManifestEntry

SIDE = 512
_BATCH = 16
_RATE = 1e-4
_EPOCHS = 50
_THRESHOLD = 0.5


class Scaled(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """The original's images: read, scaled to the size, varied and normalized whenever one is needed."""

    def __init__(self, entries: Sequence[ManifestEntry], size: int, *, binary: bool) -> None:
        self._entries = entries
        self._binary = binary
        self._augment = A.Compose(
            [
                A.Resize(size, size),
                A.HorizontalFlip(p=0.5),
                A.VerticalFlip(p=0.5),
                A.RandomBrightnessContrast(p=0.2),
                A.Normalize(),
            ]
        )

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        image, mask = read_entry(self._entries[index], binary=self._binary)
        varied = self._augment(image=as_rgb(image), mask=mask)
        pixels = torch.from_numpy(np.ascontiguousarray(varied["image"].transpose(2, 0, 1)))
        return pixels, torch.from_numpy(varied["mask"][None].astype(np.float32))


class Original:
    """The original's network and its step: float32, the usual memory layout.

    Attributes:
        model: The network.
        optimizer: What changes it.
    """

    def __init__(self, encoder_weights: Path | None = None) -> None:
        """Begin with ImageNet weights of the encoder (safetensors), or with random ones."""
        torch.manual_seed(0)
        self.model: torch.nn.Module = smp.Unet("efficientnet-b0", encoder_weights=None, classes=1).train()
        if encoder_weights is not None:
            self.model.get_submodule("encoder").load_state_dict(load_file(encoder_weights))
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=_RATE)
        self._cross_entropy, self._dice = torch.nn.BCEWithLogitsLoss(), smp.losses.DiceLoss(mode="binary")

    def step(self, images: torch.Tensor, target: torch.Tensor) -> None:
        """Learn from one batch."""
        logits = self.model(images)
        loss = self._cross_entropy(logits, target) + self._dice(logits, target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        loss.item()

    def predict(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the probability of an image that is scaled to 512², uint8 (1, H, W)."""
        small = A.Normalize()(image=cv2.resize(as_rgb(image), (SIDE, SIDE)))["image"]
        self.model.eval()
        with torch.inference_mode():
            probability = torch.sigmoid(self.model(torch.from_numpy(small.transpose(2, 0, 1))[None]))[0, 0].numpy()
        self.model.train()
        height, width = image.shape[:2]
        return np.asarray(cv2.resize(probability, (width, height)) * 255, np.uint8)[None]


def learn_as_the_original(
    manifest: Manifest, examination: Images, minutes: float, encoder_weights: Path | None
) -> dict[str, float | int | None]:
    """Train by the original's recipe, and return the scores.

    Args:
        manifest: What is learned from, and what chooses the epoch.
        examination: What it is examined on.
        minutes: Time (min); as many of the 50 epochs as fit, with the annealing fitted to them.
        encoder_weights: ImageNet weights of the encoder (safetensors); random ones without.
    """
    began, learner = time.monotonic(), Original(encoder_weights)
    images = Scaled(manifest.part("train"), SIDE, binary=manifest.binary)
    loader = DataLoader(images, batch_size=_BATCH, shuffle=True, drop_last=True)
    validation = Images.of(manifest, "validation")
    best, epochs, done = (-1.0, learner.model.state_dict()), _EPOCHS, 0
    while done < epochs:
        for group in learner.optimizer.param_groups:
            group["lr"] = _RATE * 0.5 * (1 + np.cos(np.pi * done / epochs))
        for pixels, target in loader:
            learner.step(pixels, target)
        mark = examine(learner.predict, validation, _THRESHOLD).summary.dice or 0.0
        if mark > best[0]:
            best = mark, copy.deepcopy(learner.model.state_dict())
        done += 1
        if done == 1:
            epochs = max(1, min(_EPOCHS, int(minutes * 60 / (time.monotonic() - began))))
    learner.model.load_state_dict(best[1])
    scores = asdict(examine(learner.predict, examination, _THRESHOLD).summary)
    return scores | {"epochs": done, "seconds": round(time.monotonic() - began)}
