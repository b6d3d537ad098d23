"""The quantization itself, by NNCF in a process of its own; and that nothing of it reaches the network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import segmentation_models_pytorch as smp
import torch
from tiny_model import make_bundle

from scratchgui.core.manifest import Manifest, write_run
from scratchgui.core.model_card import load_bundle
from scratchgui.core.protocol import Finished, Stage
from scratchgui.core.run_folder import Follower
from scratchgui.inference.openvino_runtime import openvino_core
from training.int8_network import before_decoder
from training.ir import write_ir

ROOT = Path(__file__).resolve().parents[2]

# Python imports a module of this name at its start, in each process that is started.
GUARD = """
import os, socket
def told(*args, **kwargs):
    with open(os.environ["ATTEMPTS"], "a") as log:
        log.write(repr(args) + "\\n")
    raise OSError("there is no network in this test")
class Denied(socket.socket):
    def __init__(self, family=-1, *args, **kwargs):
        if family in (-1, socket.AF_INET, socket.AF_INET6):
            told(family)
        super().__init__(family, *args, **kwargs)
socket.socket = Denied
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = told
"""

INFER = """
import sys
from pathlib import Path
import numpy as np
from scratchgui.core.images import read_image
from scratchgui.core.model_card import load_bundle
from scratchgui.inference.openvino_runtime import load_openvino, openvino_core
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
bundle = load_bundle(Path(sys.argv[1]))
image = read_image(Path(sys.argv[2]))
probability = open_predictor(bundle, PredictSettings(), device="cpu").predict(image).probability
core = openvino_core()
faster = core.compile_model(core.read_model(bundle.int8_ir_path, bundle.ir_weights_path), "CPU")
tile = (np.stack([image] * 3)[None] / 255 - np.reshape(bundle.card.mean, (1, 3, 1, 1)))
tile /= np.reshape(bundle.card.std, (1, 3, 1, 1))
marked = faster(tile.astype(np.float32))[0][0] >= 0.5
usual = probability >= 128
print(2 * (marked & usual).sum() / (marked.sum() + usual.sum()))
"""


class Offline:
    """Starts Python where the network is denied, and knows who tried to use it."""

    def __init__(self, folder: Path) -> None:
        (folder / "guard").mkdir()
        (folder / "guard" / "sitecustomize.py").write_text(GUARD)
        self.home = folder / "home"
        self.home.mkdir()
        self._attempts = folder / "attempts"
        homes = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(self.home))
        search = os.pathsep.join([str(folder / "guard"), str(ROOT)])
        self._environment = {**os.environ, **homes, "PYTHONPATH": search, "ATTEMPTS": str(self._attempts)}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )

    @property
    def attempts(self) -> str:
        """What was tried."""
        return self._attempts.read_text() if self._attempts.exists() else ""


def test_the_denial_works(tmp_path: Path) -> None:
    offline = Offline(tmp_path)
    done = offline.run("-c", "import urllib.request; urllib.request.urlopen('http://localhost:9')")
    assert done.returncode == 1 and "there is no network in this test" in done.stderr and offline.attempts


@pytest.mark.slow
def test_train_export_quantize_and_infer_without_a_network(tmp_path: Path, manifest: Manifest) -> None:
    offline = Offline(tmp_path)
    run = tmp_path / "run"
    settings = {"encoder": "resnet18", "epochs": 3, "batch_size": 2, "crop": 64, "lr": 3e-3, "device": "cpu"}
    write_run(run, manifest, settings)
    trained = offline.run("-P", "-m", "training", "--run", str(run))
    assert trained.returncode == 0, trained.stderr
    events = Follower(run).read()
    stages = [event.name for event in events if isinstance(event, Stage)]
    assert isinstance(events[-1], Finished) and stages == ["start", "export", "int8", "compare"]
    bundle = load_bundle(run / "bundle")
    note = bundle.card.int8
    assert note is not None and note.accepted, note
    assert (note.dice_before or 0) > 0.5 and note.tiles == 2 and note.agreement is not None and note.agreement > 0.95
    # Weights of the decoder take a byte each, those of the encoder are the usual version's.
    assert bundle.ir_weights_path.stat().st_size < 1.1 * bundle.weights_path.stat().st_size
    told = offline.run("-P", "-c", INFER, str(bundle.folder), manifest.part("validation")[0].image)
    assert told.returncode == 0, told.stderr
    assert float(told.stdout) > 0.95
    assert offline.attempts == ""
    assert not [path for path in offline.home.rglob("*") if "telemetry" in path.name or "intel" in path.name.lower()]


def test_only_the_decoder_is_quantized(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = smp.Unet("resnet18", encoder_weights=None, encoder_depth=3, decoder_channels=(16, 8, 8)).eval()
    write_ir(tmp_path / "model.xml", model, half=False)
    network = openvino_core().read_model(tmp_path / "model.xml")
    kept = set(before_decoder(network))
    convolutions = [
        operation.get_friendly_name() in kept
        for operation in network.get_ordered_ops()
        if operation.get_type_name() == "Convolution"
    ]
    assert convolutions.count(False) == 7  # two a block, and the head
    assert convolutions.count(True) == 10
    assert convolutions == sorted(convolutions, reverse=True)


def test_a_network_without_an_encoder_is_quantized_as_a_whole(tmp_path: Path) -> None:
    network = openvino_core().read_model(make_bundle(tmp_path / "bundle").ir_path)
    assert before_decoder(network) == []
