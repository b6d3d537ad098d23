from __future__ import annotations

import platform
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from training.memory import used_mb

if TYPE_CHECKING:
    from pathlib import Path

COUNT = """
import resource, torch
from training.memory import keep_memory

def faults() -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(5):
        torch.zeros(25_000_000)  # 100 MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
usual = faults()
keep_memory()
faults()
print(usual, faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries cannot be told to keep memory")
def test_memory_is_kept_for_the_next_tensor() -> None:
    told = subprocess.run([sys.executable, "-c", COUNT], check=True, capture_output=True, text=True, timeout=120)
    usual, kept = map(int, told.stdout.split())
    assert usual > 50, "large blocks are not given back: keep_memory has nothing to do"
    assert kept < usual / 10


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not tell mapped files from memory")
def test_memory_in_use_is_that_of_tensors_and_not_that_of_mapped_files(tmp_path: Path) -> None:
    processor, size = torch.device("cpu"), 100_000_000
    path = tmp_path / "spilled"
    path.write_bytes(bytes(size))
    began = used_mb(processor)
    mapped = np.memmap(path, np.uint8, "r")
    assert int(mapped.sum()) == 0  # every page was read
    assert used_mb(processor) - began < 30
    tensor = torch.ones(size, dtype=torch.uint8)
    assert used_mb(processor) - began > 80
    assert tensor.numel() == mapped.size == size
