"""Batch normalization over the whole batch where several processes have a share of it each.

torch's SyncBatchNorm needs a graphics card; this one computes the same on processors, so that as many processes as one
likes make the model that one process makes.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, distributed, nn

_PIXELS = (0, 2, 3)


class _Sum(torch.autograd.Function):
    """Sum over the processes; so is its gradient."""

    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        total = values.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].clone()
        distributed.all_reduce(total)
        return total


class SharedBatchNorm(nn.BatchNorm2d):
    """Batch normalization whose statistics are those of all processes' shares, which are of one size."""

    @classmethod
    def of(cls, norm: nn.BatchNorm2d) -> SharedBatchNorm:
        """Return one with the same tensors as `norm`, not with copies of them."""
        shared = cls(norm.num_features, norm.eps, norm.momentum)
        shared.weight, shared.bias = norm.weight, norm.bias
        shared.running_mean, shared.running_var = norm.running_mean, norm.running_var
        shared.num_batches_tracked = norm.num_batches_tracked
        return shared.train(norm.training)

    def forward(self, images: Tensor) -> Tensor:
        """Normalize images (N, C, H, W)."""
        if not self.training:
            return super().forward(images)
        values, processes = images.float(), distributed.get_world_size()
        spread, center = torch.var_mean(values, _PIXELS, correction=0)
        mean = _Sum.apply(center) / processes
        variance = _Sum.apply(spread + (center - mean) ** 2) / processes
        self._follow(mean.detach(), variance.detach(), values.numel() // values.shape[1] * processes)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return ((values - _plane(mean)) * _plane(scale) + _plane(self.bias)).to(images.dtype)

    def _follow(self, mean: Tensor, variance: Tensor, count: int) -> None:
        assert self.running_mean is not None and self.running_var is not None and self.momentum is not None
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * (count / max(1, count - 1)), self.momentum)
        if self.num_batches_tracked is not None:
            self.num_batches_tracked += 1


def share_statistics(model: nn.Module) -> None:
    """Replace a network's batch normalizations, in place; those of another kind keep each process's own statistics."""
    for module in list(model.modules()):
        for name, child in module.named_children():
            if type(child) is nn.BatchNorm2d:
                setattr(module, name, SharedBatchNorm.of(child))


def _plane(values: Tensor) -> Tensor:
    return values[None, :, None, None]
