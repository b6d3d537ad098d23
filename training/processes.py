"""Where a training computes: device, precision and, under `torchrun` or `fabric run`, several processes.

Each process takes its share of every batch. The loss and batch normalization see the whole batch, and gradients are
summed: the model is that of one process. The first process alone decides, examines, writes and speaks.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies.ddp import DDPStrategy
from torch import distributed

from scratchgui.core.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from torch import Tensor, nn

    from training.config import TrainConfig

# The others wait while the first one examines, and while the user lets it wait.
_LONGEST_WAIT = timedelta(days=30)
# What `fabric run` was told. The run folder's settings say it too, and two voices are refused; without these it is a
# `torchrun`, which it starts itself.
_OF_FABRIC_RUN = ("LT_CLI_USED", "LT_ACCELERATOR", "LT_STRATEGY", "LT_DEVICES", "LT_NUM_NODES", "LT_PRECISION")


class Processes:
    """The processes of one training, this one among them.

    Attributes:
        device: What this one computes on.
        rank: Its number, from 0.
        count: How many there are.
    """

    def __init__(self, config: TrainConfig) -> None:
        """Find the device and, where there are others, join them.

        Raises:
            TrainingError: The device is not there, or a batch cannot be shared among so many.
        """
        device = _device(config.device)
        self.count, here = _processes()
        if config.batch_size % self.count:
            raise TrainingError(f"A batch of {config.batch_size} cannot be shared among {self.count} processes")
        for name in _OF_FABRIC_RUN:
            os.environ.pop(name, None)
        self._fabric = Fabric(
            accelerator=device.type,
            devices=here,
            num_nodes=self.count // here,
            strategy=DDPStrategy(timeout=_LONGEST_WAIT) if self.count > 1 else "auto",
            precision="bf16-mixed" if _is_mixed(config, device) else "32-true",
        )
        self._fabric.launch()
        self.device = self._fabric.device
        self.rank = self._fabric.global_rank

    @property
    def is_first(self) -> bool:
        """Tell whether this process decides, examines, writes and speaks."""
        return self.rank == 0

    def autocast(self) -> AbstractContextManager[None]:
        """Compute in the training's precision inside the block."""
        return self._fabric.autocast()

    def agree(self, *numbers: float) -> list[float]:
        """Return what the first process says."""
        if self.count == 1:
            return list(numbers)
        said = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        distributed.broadcast(said, 0)
        return said.tolist()

    def make_equal(self, model: nn.Module) -> None:
        """Give a network the first process's weights."""
        if self.count > 1:
            for tensor in model.state_dict().values():
                distributed.broadcast(tensor, 0)

    def whole(self, share: Tensor) -> Tensor:
        """Return the whole batch, of which each process has a share; gradients flow into this one's share alone."""
        if self.count == 1:
            return share
        own = share.contiguous()
        parts = [torch.empty_like(own) for _ in range(self.count)]
        distributed.all_gather(parts, own.detach())
        parts[self.rank] = own
        return torch.cat(parts)

    def sum_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Give all processes the sum of their gradients."""
        if self.count == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        total = torch.cat([gradient.reshape(-1) for gradient in gradients])
        distributed.all_reduce(total)
        for gradient, part in zip(gradients, torch.split(total, [item.numel() for item in gradients]), strict=True):
            gradient.copy_(part.view(gradient.shape))

    def close(self) -> None:
        """Part from the others."""
        if self.count > 1:
            distributed.destroy_process_group()


def _processes() -> tuple[int, int]:
    """Return how many processes there are, and how many of them on this machine."""
    if not distributed.is_available() or not distributed.is_torchelastic_launched():
        return 1, 1
    return int(os.environ["WORLD_SIZE"]), int(os.environ["LOCAL_WORLD_SIZE"])


def _device(name: str) -> torch.device:
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(device for device, there in available.items() if there)
    if not available[name]:
        raise TrainingError(f"This machine has no {name} device", hint="Choose another in the settings.")
    return torch.device(name)


def _is_mixed(config: TrainConfig, device: torch.device) -> bool:
    if config.precision != "auto":
        return config.precision == "bfloat16"
    return not config.deterministic and _is_fast_in_bfloat16(device)


def _is_fast_in_bfloat16(device: torch.device) -> bool:
    """Tell whether the device computes in bfloat16 faster than in float32 (twice as fast on processors that can)."""
    if device.type == "cpu":
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return device.type == "cuda" and torch.cuda.is_bf16_supported()
