"""A running average of the weights: calmer than the weights themselves, and what is examined and kept."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor, nn


class Averaged:
    """Running average of a network's weights and statistics.

    The window grows with the steps, so that a short training is not held at where it began.

    Attributes:
        model: A network of its own with the averages, in evaluation mode.
        steps: Steps taken in.
    """

    def __init__(self, model: nn.Module, window: int) -> None:
        """Begin at the network's present weights.

        Args:
            model: The network that is trained; its tensors are remembered, and must stay the same ones.
            window: Steps that a long training's average reaches back.
        """
        self.model = copy.deepcopy(model).eval()
        self.steps = 0
        self._window = window
        mine, others = list(self.model.state_dict().values()), list(model.state_dict().values())
        self._floats = _chosen(mine, floating=True), _chosen(others, floating=True)
        self._counts = _chosen(mine, floating=False), _chosen(others, floating=False)

    def update(self) -> None:
        """Take in the network's present weights."""
        self.steps += 1
        new = 1 / min(self._window, 1 + self.steps / 4)
        with torch.no_grad():
            torch._foreach_lerp_(*self._floats, new)
            for mine, other in zip(*self._counts, strict=True):
                mine.copy_(other)


def _chosen(tensors: list[Tensor], *, floating: bool) -> list[Tensor]:
    return [tensor for tensor in tensors if tensor.is_floating_point() == floating]
