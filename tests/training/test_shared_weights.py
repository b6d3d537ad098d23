from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scratchgui.inference.openvino_runtime import load_openvino, openvino_core
from training.shared_weights import share_weights

KERNEL = np.random.default_rng(0).normal(size=(8, 3, 3, 3)).astype(np.float32)


def write(path: Path, second: np.ndarray) -> Path:
    """Write a network of two layers, the first of which is always the same."""
    openvino = load_openvino()
    from openvino import opset13 as ops

    image = ops.parameter([-1, 3, -1, -1], np.float32)
    layer: Any = image
    for kernel in (KERNEL, second):
        layer = ops.convolution(layer, ops.constant(kernel), [1, 1], [1, 1], [1, 1], [1, 1])
    path.parent.mkdir()
    openvino.save_model(openvino.Model([layer], [image]), str(path), compress_to_fp16=False)
    return path


def answer(path: Path, numbers: Path) -> np.ndarray:
    core = openvino_core()
    compiled = core.compile_model(core.read_model(path, numbers), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return np.array(compiled(np.linspace(-1, 1, 3 * 16 * 16, dtype=np.float32).reshape(1, 3, 16, 16))[0])


@pytest.fixture
def networks(tmp_path: Path) -> tuple[Path, Path]:
    rng = np.random.default_rng(1)
    usual, faster = (rng.normal(size=(1, 8, 3, 3)).astype(np.float32) for _ in range(2))
    return write(tmp_path / "usual" / "model.xml", usual), write(tmp_path / "faster" / "model.xml", faster)


def test_both_networks_compute_what_they_did(networks: tuple[Path, Path]) -> None:
    usual, faster = networks
    expected = [answer(path, path.with_suffix(".bin")) for path in networks]
    assert not np.allclose(*expected)
    before, own = (path.with_suffix(".bin").stat().st_size for path in networks)
    target = usual.with_name("model_int8.xml")
    for _ in range(2):  # once more adds nothing
        share_weights(faster, usual, target)
        numbers = usual.with_suffix(".bin")
        assert np.array_equal(answer(usual, numbers), expected[0])
        assert np.array_equal(answer(target, numbers), expected[1])
        assert numbers.stat().st_size < before + own - KERNEL.nbytes + 200


def test_a_description_that_is_not_understood_changes_nothing(networks: tuple[Path, Path]) -> None:
    usual, faster = networks
    faster.write_text(faster.read_text().replace(' size="', ' length="'))
    before = usual.with_suffix(".bin").read_bytes()
    with pytest.raises(ValueError, match="where a network's numbers lie"):
        share_weights(faster, usual, usual.with_name("model_int8.xml"))
    assert usual.with_suffix(".bin").read_bytes() == before and not usual.with_name("model_int8.xml").exists()
