from __future__ import annotations

import platform
import subprocess
import sys

import pytest

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
