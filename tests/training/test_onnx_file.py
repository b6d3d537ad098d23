from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
import pytest
import segmentation_models_pytorch as smp
import torch
from tiny_model import make_bundle

from scratchgui import cli
from scratchgui.core.errors import TrainingError
from scratchgui.core.model_card import Bundle, ModelCard, load_bundle
from scratchgui.inference.openvino_runtime import openvino_core
from training import onnx_file
from training.export import write_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Two classes, random weights."""
    torch.manual_seed(0)
    model = smp.Unet("resnet18", encoder_weights=None, encoder_depth=3, decoder_channels=(32, 16, 16), classes=2).eval()
    card = ModelCard(id="m1", name="Two · v1", created=datetime(2026, 1, 2, tzinfo=UTC), classes=["scratch", "dent"])
    folder = tmp_path_factory.mktemp("bundle") / "m1"
    write_bundle(folder, model, card)
    return load_bundle(folder)


def test_the_command_writes_a_file_that_computes_the_same_at_any_size(
    bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new folder" / "ü.onnx"
    assert cli.main(["model", "export", "--onnx", str(out), "--model", str(bundle.folder)]) == 0, (
        capsys.readouterr().err
    )
    assert capsys.readouterr().out == f"Two · v1 (m1) is written to {out}\n"
    assert [path.name for path in out.parent.iterdir()] == ["ü.onnx"]
    core = openvino_core()
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    both = [core.compile_model(str(path), "CPU", exact) for path in (out, bundle.ir_path)]
    for shape in ((1, 3, 64, 64), (3, 3, 32, 160)):
        image = np.random.default_rng(1).normal(size=shape).astype(np.float32)
        written, own = (network(image)[0] for network in both)
        assert written.shape == (shape[0], 2, *shape[2:])
        np.testing.assert_allclose(written, own, atol=1e-4)
    told = {item.key: item.value for item in onnx.load(str(out)).metadata_props}
    assert json.loads(told["classes"]) == ["scratch", "dent"] and json.loads(told["mean"]) == [0.485, 0.456, 0.406]
    onnx.checker.check_model(str(out))


def test_a_file_that_computes_something_else_is_not_kept(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "m.onnx"
    out.write_bytes(b"the one before")
    export = onnx_file._export

    def other(network: torch.nn.Module, path: Path) -> None:
        export(
            smp.Unet("resnet18", encoder_weights=None, encoder_depth=3, decoder_channels=(32, 16, 16), classes=2), path
        )

    monkeypatch.setattr(onnx_file, "_export", other)
    with pytest.raises(TrainingError, match="differs from the original"):
        onnx_file.write_onnx(bundle.folder, out)
    assert out.read_bytes() == b"the one before" and list(tmp_path.iterdir()) == [out]


def test_what_cannot_be_written_is_one_sentence(
    bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    out = tmp_path / "file" / "m.onnx"
    assert cli.main(["model", "export", "--onnx", str(out), "--model", str(bundle.folder)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and said[0].startswith("The ONNX file cannot be written")
    broken = make_bundle(tmp_path / "broken")
    broken.ir_path.unlink()
    assert cli.main(["model", "export", "--onnx", str(out), "--model", str(broken.folder)]) == 1
    assert "lacks model.xml" in capsys.readouterr().err
