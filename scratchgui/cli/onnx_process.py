"""Writing a model as ONNX in a process of its own, where torch is."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from scratchgui import paths
from scratchgui.core.errors import BundleError

if TYPE_CHECKING:
    from pathlib import Path


def write_onnx(folder: Path, out: Path) -> None:
    """Write a bundle as ONNX file.

    Raises:
        BundleError: The file cannot be written, or computes something else.
    """
    command = [*paths.training_command(), "--onnx", os.path.abspath(folder), "--out", os.path.abspath(out)]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=paths.training_environment() | {"PYTHONUTF8": "1"},
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BundleError(said[-1].rstrip(".") if said else "The model cannot be written as ONNX")
