"""`shared_step.py FILE`: one step of the optimizer on a fixed batch; under torchrun each process takes its share."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from training_runs import small_start

from training.config import TrainConfig
from training.learner import Learner
from training.loss import IGNORED
from training.processes import Processes

BATCH = 4


def main(target: Path) -> None:
    torch.set_num_threads(1)
    config = TrainConfig(batch_size=BATCH, lr=1e-3, device="cpu", deterministic=True)
    processes = Processes(config)
    model = small_start().model
    # Each process starts with other weights, and learns with those of the first.
    for parameter in model.parameters():
        parameter.data.mul_(1 + processes.rank)
    learner = Learner(model, config, processes, print)
    learner.freeze_encoder(False)
    random = torch.Generator().manual_seed(5)
    images = torch.randn(BATCH, 3, 64, 64, generator=random)
    # The defect lies in the second half, and so do the pixels that nobody looked at.
    marked = torch.zeros(BATCH, 1, 64, 64)
    marked[2:, :, 20:30], marked[3, :, 40:] = 1, IGNORED
    share = BATCH // processes.count
    own = slice(processes.rank * share, (processes.rank + 1) * share)
    loss = learner.learn(images[own] + marked[own], marked[own], rate=1.0, step=0)
    gradients = {f"gradient.{name}": item.grad for name, item in model.named_parameters() if item.grad is not None}
    found = {**gradients, **model.state_dict(), "loss": loss}
    save_file({name: tensor.contiguous() for name, tensor in found.items()}, f"{target}{processes.rank}")
    processes.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
