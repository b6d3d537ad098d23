"""The batches of a training, prepared while the step before is computed."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, Sampler

from training.data import Crops

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from training.config import TrainConfig
    from training.data import Images
    from training.network import Start
    from training.processes import Processes

_AHEAD = 2
# Each of them decodes the images for itself.
_MOST_WORKERS = 4


class Batches:
    """Batch after batch, epoch after epoch; number `n` depends on nothing but the crops' seed and `n`.

    Attributes:
        crops: What they are made of.
        per_epoch: Batches of an epoch; crops that fill no batch are left out.
    """

    def __init__(self, crops: Crops, *, size: int, rank: int = 0, processes: int = 1, workers: int = 0) -> None:
        """Share batches out.

        Args:
            crops: What they are made of.
            size: Crops of a whole batch.
            rank: Number of this process, from 0.
            processes: How many share each batch.
            workers: Processes that prepare crops; 0 does it on a thread of this one.
        """
        self.per_epoch = max(1, len(crops) // size)
        self.crops = crops
        self._size = size
        self._share = (rank * size // processes, (rank + 1) * size // processes)
        self._workers = workers

    @classmethod
    def of(cls, start: Start, config: TrainConfig, train: Images, count: int, processes: Processes) -> Batches:
        """Return the batches of a training, of `count` crops an epoch."""
        crops = Crops(
            train,
            size=config.crop,
            count=count,
            classes=start.classes,
            mean=start.mean,
            std=start.std,
            seed=config.seed,
            augmentation=config.augmentation,
            transplanted=config.transplanted,
            pasted=config.synthetic if len(train.with_defect) < config.synthetic_until else 0.0,
        )
        workers = _usual_workers(processes.device) if config.workers is None else config.workers
        return cls(crops, size=config.batch_size, rank=processes.rank, processes=processes.count, workers=workers)

    @contextmanager
    def following(self, step: int) -> Iterator[Iterator[tuple[Tensor, Tensor]]]:
        """Give the batches from number `step` (from 0) on, without end: this process's share of each."""
        loader = DataLoader(
            _Numbered(self.crops),
            batch_sampler=_Places(self, step),
            num_workers=self._workers,
            collate_fn=_stacked,
            pin_memory=False,
        )
        batches = iter(loader)
        if self._workers:
            yield batches
            return
        with ThreadPoolExecutor(1, thread_name_prefix="crops") as pool:
            waiting = deque(pool.submit(next, batches) for _ in range(_AHEAD))

            def ahead() -> Iterator[tuple[Tensor, Tensor]]:
                while True:
                    batch = waiting.popleft().result()
                    waiting.append(pool.submit(next, batches))
                    yield batch

            yield ahead()

    def places(self, step: int) -> list[tuple[int, int]]:
        """Return epoch (from 1) and number in it of each crop of this process's share of a batch."""
        epoch, batch = divmod(step, self.per_epoch)
        first, end = (batch * self._size + place for place in self._share)
        return [(epoch + 1, number % len(self.crops)) for number in range(first, end)]


def _usual_workers(device: torch.device) -> int:
    """Return how many processes prepare crops.

    None beside a processor: a thread needs 2% of the time of a step. A graphics card would wait for it.
    """
    return 0 if device.type == "cpu" else max(0, min(_MOST_WORKERS, (os.cpu_count() or 1) - 1))


def _stacked(crops: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """Put crops into a batch with NumPy: torch would start a second team of threads beside that of the steps."""
    images, targets = (
        torch.from_numpy(np.stack([part.numpy() for part in parts])) for parts in zip(*crops, strict=True)
    )
    return images, targets


class _Places(Sampler[list[tuple[int, int]]]):
    """Where the crops of each batch are, from one batch on."""

    def __init__(self, batches: Batches, step: int) -> None:
        self._batches = batches
        self._step = step

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        step = self._step
        while True:
            yield self._batches.places(step)
            step += 1


class _Numbered(Dataset["tuple[Tensor, Tensor]"]):
    """Crops of any epoch, by epoch and number; processes that prepare crops have a copy each."""

    def __init__(self, crops: Crops) -> None:
        self._crops = crops
        self._epoch = 0

    def __getitem__(self, place: tuple[int, int]) -> tuple[Tensor, Tensor]:
        epoch, number = place
        if epoch != self._epoch:
            self._epoch = epoch
            self._crops.set_epoch(epoch)
        return self._crops[number]
