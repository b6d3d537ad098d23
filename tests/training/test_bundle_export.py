from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import segmentation_models_pytorch as smp
import torch

from scratchgui.core.errors import TrainingError
from scratchgui.core.model_card import BUNDLE_FILES, ModelCard, load_bundle
from scratchgui.inference.engine import open_engine
from training import export, ir
from training.export import write_bundle


def card(model_id: str) -> ModelCard:
    return ModelCard(id=model_id, name="U-Net · v2", created=datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture
def network() -> torch.nn.Module:
    """A small U-Net: what is tested here does not depend on the encoder."""
    torch.manual_seed(0)
    return smp.Unet("resnet18", encoder_weights=None, encoder_depth=3, decoder_channels=(16, 8, 8)).eval()


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def torch_probability(network: torch.nn.Module, tiles: np.ndarray, described: ModelCard) -> np.ndarray:
    pixels = (tiles / 255 - np.array(described.mean)) / np.array(described.std)
    with torch.inference_mode():
        return torch.sigmoid(network(torch.from_numpy(pixels.transpose(0, 3, 1, 2)).float())).numpy()


def check_that_engine_and_torch_agree(folder: Path, network: torch.nn.Module, half: bool) -> None:
    complete = write_bundle(folder, network, card("a"), half=half)
    assert set(complete.files) == set(BUNDLE_FILES)
    bundle = load_bundle(folder)
    engine = open_engine(bundle, device="cpu", precision="f32")
    tiles = np.random.default_rng(0).integers(0, 256, (3, 64, 96, 3), np.uint8)
    expected = torch_probability(network, tiles, bundle.card)
    reloaded = torch_probability(smp.from_pretrained(str(folder)).eval(), tiles, bundle.card)
    assert np.abs(engine.infer(tiles) - expected).max() < 1e-3
    assert np.abs(reloaded - expected).max() < 1e-3


@pytest.mark.parametrize("half", [False, True])
def test_the_programs_engine_computes_what_torch_does(tmp_path: Path, network: torch.nn.Module, half: bool) -> None:
    check_that_engine_and_torch_agree(tmp_path / "bundle", network, half)


@pytest.mark.slow
@pytest.mark.parametrize(("half", "largest_size"), [(False, 53e6), (True, 27e6)])
def test_the_usual_encoder_does_too(tmp_path: Path, half: bool, largest_size: float) -> None:
    torch.manual_seed(0)
    network = smp.Unet("efficientnet-b0", encoder_weights=None, classes=1).eval()
    check_that_engine_and_torch_agree(tmp_path / "bundle", network, half)
    assert sum(path.stat().st_size for path in (tmp_path / "bundle").iterdir()) < largest_size


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_export_that_fails_leaves_the_old_model_and_nothing_else(
    tmp_path: Path, network: torch.nn.Module, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    folder = tmp_path / "models" / "m1"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text("old")

    def fail(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(export, "save_card", fail)
    monkeypatch.setattr(export, "write_ir", lambda *_, **__: None)
    expected = TrainingError if isinstance(trouble, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write_bundle(folder, network, card("m1"))
    assert written(folder) == {"card.json": b"old"}
    assert [path.name for path in folder.parent.iterdir()] == ["m1"]


def test_a_conversion_that_computes_something_else_is_not_kept(
    tmp_path: Path, network: torch.nn.Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ir, "_LARGEST_DIFFERENCE", -1.0)
    with pytest.raises(TrainingError, match="differs from the original"):
        write_bundle(tmp_path / "bundle", network, card("a"))
    assert not list(tmp_path.iterdir())
