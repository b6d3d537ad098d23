"""The loss: binary cross-entropy for every pixel, Dice for the small share that is defect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segmentation_models_pytorch as smp
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor


class BceDice(nn.Module):
    """Sum of both, on logits and targets (N, C, H, W).

    The Dice part of a class is left out where a batch has none of it (smp does so): a batch of clean images is judged
    by its cross-entropy alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cross_entropy = nn.BCEWithLogitsLoss()
        self.dice = smp.losses.DiceLoss(mode="multilabel", from_logits=True, smooth=1.0)

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        """Return the loss, a scalar."""
        # In float32: sums over a crop's pixels overflow the precision of half types.
        logits = logits.float()
        total: Tensor = self.cross_entropy(logits, target) + self.dice(logits, target)
        return total
