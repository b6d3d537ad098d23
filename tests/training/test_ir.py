"""OpenVINO's form of a network holds the numbers of the weights beside it, and folds in 32 bits."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import segmentation_models_pytorch as smp
import torch
from safetensors.torch import load_file

from scratchgui.core.errors import BundleError
from scratchgui.core.files import sha256_of
from scratchgui.core.model_card import Bundle, ModelCard, load_bundle
from scratchgui.inference.openvino_runtime import openvino_core
from training.export import write_bundle
from training.folding import fold_normalization
from training.renew import main, renew


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A small U-Net in 16 bits whose normalization does something."""
    torch.manual_seed(0)
    network = smp.Unet("resnet18", encoder_weights=None, encoder_depth=3, decoder_channels=(16, 8, 8)).eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for values, low, high in ((module.weight, 0.5, 2), (module.running_var, 0.1, 9), (module.bias, -1, 1)):
                torch.nn.init.uniform_(values, low, high)
    folder = tmp_path_factory.mktemp("bundle") / "b"
    card = ModelCard(id="b", name="B", created=datetime(2026, 1, 2, tzinfo=UTC))
    write_bundle(folder, network, card, half=True)
    return load_bundle(folder)


def read(bundle: Bundle) -> Any:
    return openvino_core().read_model(bundle.ir_path)


def test_every_weight_lies_unchanged_in_the_ir(written: Bundle) -> None:
    numbers = written.ir_path.with_suffix(".bin").read_bytes()
    weights = load_file(written.weights_path)
    unused = ("encoder.layer3", "encoder.layer4")  # smp keeps the encoder's parts that a shallow U-Net does not ask
    kept = [name for name, values in weights.items() if values.dtype == torch.float16 and not name.startswith(unused)]
    assert len(kept) > 40
    assert [name for name in kept if weights[name].numpy().tobytes() not in numbers] == []


def test_folding_changes_no_probability(written: Bundle) -> None:
    usual, folded = read(written), read(written)
    fold_normalization(folded)
    kinds = {step.get_type_name() for step in folded.get_ops()}
    assert "BatchNormInference" not in kinds
    image = np.random.default_rng(0).normal(0, 1, (1, 3, 64, 96)).astype(np.float32)
    options = {"INFERENCE_PRECISION_HINT": "f32"}
    one, other = (openvino_core().compile_model(network, "CPU", options)(image)[0] for network in (usual, folded))
    np.testing.assert_allclose(one, other, atol=1e-4)
    assert np.ptp(one) > 0.1


def test_what_is_named_stays_unfolded(written: Bundle) -> None:
    network = read(written)
    names = [step.get_friendly_name() for step in network.get_ops() if step.get_type_name() == "BatchNormInference"]
    fold_normalization(network, but=frozenset(names[:3]))
    left = [step.get_friendly_name() for step in network.get_ops() if step.get_type_name() == "BatchNormInference"]
    assert left == names[:3]


def test_renewing_a_model_restores_its_ir_and_keeps_its_weights(written: Bundle) -> None:
    before = {name: written.card.files[name] for name in sorted(written.card.files)}
    (written.folder / "README.md").write_text("about it")
    written.ir_path.with_suffix(".bin").write_bytes(b"other numbers")
    (written.folder / "model_int8.xml").write_text("a network on those numbers")
    files = {name: sha256_of(written.folder / name) for name in (*before, "model_int8.xml")}
    card = written.card.model_copy(update={"files": files})
    (written.folder / "card.json").write_text(card.model_dump_json())
    assert main([str(written.folder)]) == 0
    renewed = load_bundle(written.folder)
    assert {**renewed.card.files, "model.xml": ""} == {**before, "model.xml": ""}  # its names count on
    assert not (written.folder / "model_int8.xml").exists()
    assert renewed.card.key == written.card.key
    assert (written.folder / "README.md").read_text() == "about it"
    assert [path.name for path in written.folder.parent.iterdir()] == [written.folder.name]


def test_a_damaged_model_is_not_renewed(written: Bundle, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text(written.card.model_dump_json())
    with pytest.raises(BundleError):
        renew(tmp_path)
    assert main([str(tmp_path)]) == 2
