"""The loss: binary cross-entropy for every pixel, Dice for the small share that is defect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segmentation_models_pytorch as smp
import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

IGNORED = -1
"""In a target: nobody looked here, so nothing is learned from it."""


class BceDice(nn.Module):
    """Sum of both, on logits and targets (N, C, H, W) of 0, 1 and `IGNORED`.

    The Dice part of a class is left out where a batch has none of it (smp does so): a batch of clean images is judged
    by its cross-entropy alone. Cross-entropy is divided by all pixels, ignored ones too, so that a pixel counts the
    same whatever else was looked at.
    """

    def __init__(self, class_weights: Sequence[float] | None = None) -> None:
        """Make both parts.

        Args:
            class_weights: How much each class counts; only their ratios matter. None counts all the same.
        """
        super().__init__()
        weights = None if class_weights is None else torch.tensor(class_weights, dtype=torch.float32)
        planes = None if weights is None else (weights / weights.mean())[:, None, None]
        self.cross_entropy = smp.losses.SoftBCEWithLogitsLoss(weight=planes, ignore_index=IGNORED)
        self.dice = smp.losses.DiceLoss(
            mode="multilabel", from_logits=True, smooth=1.0, ignore_index=IGNORED, class_weights=class_weights
        )

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        """Return the loss, a scalar."""
        # In float32: sums over a crop's pixels overflow the precision of half types.
        logits = logits.float()
        total: Tensor = self.cross_entropy(logits, target) + self.dice(logits, target)
        return total
