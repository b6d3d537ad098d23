from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import segmentation_models_pytorch as smp
import torch
from safetensors.torch import save_file
from tiny_model import make_bundle
from torch import nn
from training_files import ENCODER

from scratchgui.core.errors import BundleError, TrainingError
from scratchgui.core.model_card import ModelCard
from training.config import TrainConfig
from training.export import write_bundle
from training.network import DECODERS, adapt_batch_norm, build


def test_statistics_follow_the_weights_within_tens_of_steps() -> None:
    """smp's EfficientNet-B0 has a momentum of 0.01: after 40 steps its statistics are two thirds the old ones."""
    model = smp.Unet("efficientnet-b0", encoder_weights=None)
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    assert min(norm.momentum or 0 for norm in norms) == pytest.approx(0.01)
    adapt_batch_norm(model)
    assert all(norm.momentum == 0.1 for norm in norms)


@pytest.mark.parametrize("classes", [1, 3])
def test_a_network_from_nothing_has_one_channel_a_class(classes: int) -> None:
    start = build(TrainConfig(), classes)
    with torch.inference_mode():
        assert start.model.eval()(torch.zeros(1, 3, 64, 32)).shape == (1, classes, 64, 32)
    assert start.parent is None and start.mean == (0.485, 0.456, 0.406)


def test_encoder_weights_come_from_a_local_file() -> None:
    if not ENCODER.is_file():
        pytest.skip(f"the pretrained encoder is not here: {ENCODER}")
    stem = build(TrainConfig(encoder_weights=str(ENCODER)), 1).model.get_submodule("encoder._conv_stem")
    from safetensors.torch import load_file

    assert torch.equal(stem.weight, load_file(ENCODER)["_conv_stem.weight"])


def test_weights_of_another_encoder_are_refused(tmp_path: Path) -> None:
    save_file({"conv1.weight": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(TrainingError, match="another encoder"):
        build(TrainConfig(encoder_weights=str(tmp_path / "other.safetensors")), 1)


def test_a_file_that_is_no_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.safetensors").write_bytes(b"\x80\x04 a pickle, say")
    for path in (tmp_path / "no.safetensors", tmp_path / "missing.safetensors"):
        with pytest.raises(TrainingError, match="cannot be read"):
            build(TrainConfig(encoder_weights=str(path)), 1)


def test_an_unknown_encoder_is_named() -> None:
    with pytest.raises(TrainingError, match="no encoder resnet-x"):
        build(TrainConfig(encoder="resnet-x"), 1)


def test_a_parent_with_fewer_classes_learns_the_new_ones_and_keeps_the_old(tmp_path: Path) -> None:
    torch.manual_seed(1)
    old = smp.Unet("efficientnet-b0", encoder_weights=None, classes=1).eval()
    parent = make_bundle(tmp_path / "parent").folder
    old.save_pretrained(str(parent))
    start = build(TrainConfig(parent=str(parent)), 3)
    model = start.model.eval()
    image = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        before, now = old(image), model(image)
    assert now.shape == (1, 3, 64, 64)
    assert torch.allclose(now[:, :1], before, atol=1e-4)
    assert (now[:, 1:].sigmoid() < 0.02).all()
    model.save_pretrained(str(tmp_path / "child"))  # type: ignore[operator]
    with torch.inference_mode():
        assert torch.allclose(smp.from_pretrained(str(tmp_path / "child")).eval()(image), now, atol=1e-4)


def test_a_parent_with_more_classes_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    parent = make_bundle(tmp_path / "parent", classes=("scratch", "dent"))
    with pytest.raises(TrainingError, match="2 classes, the project has 1"):
        build(TrainConfig(parent=str(parent.folder)), 1)
    parent.ir_path.write_bytes(b"<?xml")
    with pytest.raises(BundleError, match=r"model\.xml is damaged"):
        build(TrainConfig(parent=str(parent.folder)), 1)


@pytest.mark.parametrize(
    "decoder", [pytest.param(name, marks=[] if name == "FPN" else pytest.mark.slow) for name in DECODERS]
)
def test_each_decoder_makes_a_network_that_opens_in_the_program(decoder: str, tmp_path: Path) -> None:
    start = build(TrainConfig(encoder="resnet18", decoder=decoder), 2)
    assert start.architecture == decoder
    card = ModelCard(id="m1", name="M", created=datetime.now(UTC), encoder="resnet18", classes=["a", "b"])
    write_bundle(tmp_path / "m1", start.model.eval(), card)
    again = build(TrainConfig(parent=str(tmp_path / "m1")), 3).model.eval()
    image = torch.rand(1, 3, 64, 96)
    with torch.inference_mode():
        assert torch.allclose(again(image)[:, :2], start.model(image), atol=1e-4)


def test_an_unknown_decoder_is_named_with_those_there_are() -> None:
    with pytest.raises(TrainingError, match=r"no decoder Net\. There are Unet, UnetPlusPlus"):
        build(TrainConfig(decoder="Net"), 1)


def test_an_encoder_that_does_not_go_with_a_decoder_is_told() -> None:
    with pytest.raises(TrainingError, match="mit_b0 does not go with the decoder UnetPlusPlus"):
        build(TrainConfig(encoder="mit_b0", decoder="UnetPlusPlus"), 1)


def test_each_class_needs_its_weight() -> None:
    with pytest.raises(TrainingError, match="2 weights of classes for 3 classes"):
        build(TrainConfig(class_weights=[1, 2]), 3)
