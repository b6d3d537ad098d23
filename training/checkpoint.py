"""The state of a training on disk, from which it goes on after a crash: safetensors and JSON, nothing pickled."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.files import atomic_write_json, read_json, sha256_of
from scratchgui.core.run_folder import CHECKPOINT_STATE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

# Writing may take at most this share of the time, on slow disks too.
_LARGEST_SHARE = 0.05
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Checkpoint:
    """What was read.

    Attributes:
        tensors: By name.
        state: All else.
    """

    tensors: dict[str, Tensor]
    state: dict[str, Any]


class CheckpointFolder:
    """Keeps the newest state of one training; there is always a whole one once there was one."""

    def __init__(self, folder: Path, fingerprint: str, seconds: float) -> None:
        """Remember where and how often.

        Args:
            folder: Made when the first state is written.
            fingerprint: Of what the training was told; a state of other settings is not gone on from.
            seconds: Time between two states (s); more where the disk is slow.
        """
        self._folder = folder
        self._fingerprint = fingerprint
        self._seconds = seconds
        self._due = time.monotonic() + seconds

    @property
    def is_due(self) -> bool:
        """Tell whether it is time for the next state."""
        return time.monotonic() >= self._due

    def save(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Write a state; the one before stays until this one is whole.

        Raises:
            OSError: The disk is full, or the folder cannot be written. The state before is untouched.
        """
        began = time.monotonic()
        name = f"{time.time_ns():x}.safetensors"
        try:
            self._write(name, tensors, state)
        except (OSError, SafetensorError) as error:
            (self._folder / name).unlink(missing_ok=True)
            raise OSError(*getattr(error, "args", ())) from error
        finally:
            took = time.monotonic() - began
            self._due = time.monotonic() + max(self._seconds, took / _LARGEST_SHARE)
        for path in self._folder.glob("*.safetensors"):
            if path.name != name:
                path.unlink(missing_ok=True)

    def _write(self, name: str, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / name
        # The format knows the usual layout of memory alone, and nothing that two tensors share.
        copies = {key: tensor.detach().to("cpu", copy=True).contiguous() for key, tensor in tensors.items()}
        save_file(copies, path)
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        card = {"schema_version": SCHEMA_VERSION, "fingerprint": self._fingerprint, "tensors": name}
        atomic_write_json(
            self._folder / CHECKPOINT_STATE, {**card, "sha256": _digest(path, state), "state": dict(state)}
        )

    def load(self) -> Checkpoint | None:
        """Return the newest state; None where there is none.

        Raises:
            TrainingError: It is damaged, or of other settings.
        """
        path = self._folder / CHECKPOINT_STATE
        if not path.exists():
            return None
        try:
            card = read_json(path)
            if (card["schema_version"], card["fingerprint"]) != (SCHEMA_VERSION, self._fingerprint):
                raise TrainingError("The saved state is that of a training with other settings", path=path)
            tensors = self._folder / str(card["tensors"])
            if _digest(tensors, card["state"]) != card["sha256"]:
                raise TrainingError("The saved state of the training is damaged", path=tensors)
            return Checkpoint(load_file(tensors), dict(card["state"]))
        except TrainingError:
            raise
        except (UserError, OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise TrainingError("The saved state of the training is damaged", path=path) from error

    def remove(self) -> None:
        """Delete it: the training has ended, and its model is on disk."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _digest(tensors: Path, state: Mapping[str, Any]) -> str:
    text = json.dumps(state, sort_keys=True)
    return sha256(f"{sha256_of(tensors)} {text}".encode()).hexdigest()


def part_of(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the tensors whose names begin with `prefix` and a dot, without it."""
    start = f"{prefix}."
    return {name.removeprefix(start): value for name, value in tensors.items() if name.startswith(start)}


def named(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the tensors under names that begin with `prefix` and a dot."""
    return {f"{prefix}.{name}": value for name, value in tensors.items()}
