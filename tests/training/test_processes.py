"""Device and precision; a training of one process talks to nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from scratchgui.core.errors import TrainingError
from training.config import TrainConfig
from training.processes import Processes

ROOT = Path(__file__).resolve().parents[2]
# Written down is every connection and every look-up of a name, from the import on.
LISTEN = """
import sys
seen = []
sys.addaudithook(lambda event, _: seen.append(event) if event.startswith("socket.") else None)
from training.config import TrainConfig
from training.processes import Processes
processes = Processes(TrainConfig(device="cpu"))
with processes.autocast():
    pass
processes.close()
print(sorted(set(seen) - {"socket.__new__", "socket.gethostname"}))
"""


def test_lightning_makes_no_connection() -> None:
    done = subprocess.run([sys.executable, "-c", LISTEN], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a graphics card")
def test_a_device_that_is_not_there_is_told() -> None:
    with pytest.raises(TrainingError, match="no cuda device"):
        Processes(TrainConfig(device="cuda"))


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"precision": "bfloat16"}, torch.bfloat16),
        ({"precision": "float32"}, torch.float32),
        ({"deterministic": True}, torch.float32),
    ],
)
def test_what_it_computes_in_is_what_was_asked_for(settings: dict[str, object], kind: torch.dtype) -> None:
    processes = Processes(TrainConfig.model_validate({"device": "cpu", **settings}))
    with processes.autocast():
        assert torch.nn.Linear(2, 2)(torch.ones(1, 2)).dtype == kind
    assert processes.is_first and processes.count == 1 and processes.agree(1.0, 0.5) == [1.0, 0.5]
