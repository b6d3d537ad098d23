"""Models that cannot be used, with what is said of them."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from tiny_model import make_bundle

from scratchgui.core.model_card import ModelCard, load_card, save_card
from scratchgui.inference.openvino_runtime import load_openvino
from scratchgui.paths import starter_bundle


def network(folder: Path, shape: list[int], classes: int) -> None:
    """Write a bundle of a network that takes (N, channels, H, W) and gives that many classes."""
    openvino = load_openvino()
    from openvino import opset13 as ops

    folder.mkdir(parents=True)
    image = ops.parameter(shape, np.float32, name="image")
    kernel = ops.constant(np.zeros((classes, shape[1], 3, 3), np.float32))
    marks = ops.sigmoid(ops.convolution(image, kernel, [1, 1], [1, 1], [1, 1], [1, 1]))
    openvino.save_model(openvino.Model([marks], [image]), folder / "model.xml")
    save_card(folder, ModelCard(id="odd", name="Odd", created=datetime(2026, 1, 2, tzinfo=UTC)))


def cut_off(folder: Path, name: str, *, card_agrees: bool = True) -> None:
    if name.endswith("safetensors"):
        copy_starter(folder)
    else:
        make_bundle(folder)
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    if card_agrees:
        save_card(folder, load_card(folder))


def copy_starter(folder: Path) -> None:
    folder.mkdir()
    for path in starter_bundle().iterdir():
        (folder / path.name).write_bytes(path.read_bytes())


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.path,)


def pickled(folder: Path) -> None:
    copy_starter(folder)
    (folder / "model.safetensors").write_bytes(pickle.dumps(Trap(folder / "sprung")))
    save_card(folder, load_card(folder))


def pickled_beside(folder: Path) -> None:
    copy_starter(folder)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Trap(folder / "sprung")))
    save_card(folder, load_card(folder))


def more_classes(folder: Path) -> None:
    copy_starter(folder)
    save_card(folder, load_card(folder).model_copy(update={"classes": ["scratch", "dent"]}))


MODELS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "another class count": (lambda folder: network(folder, [-1, 3, -1, -1], 2), "cpu", "number of classes"),
    "images of one size": (lambda folder: network(folder, [1, 3, 256, 320], 1), "cpu", "320 × 256 px alone"),
    "gray images": (lambda folder: network(folder, [-1, 1, -1, -1], 1), "cpu", "cannot be loaded"),
    "IR cut off": (lambda folder: cut_off(folder, "model.xml"), "cpu", "cannot be loaded"),
    "IR's weights cut off": (lambda folder: cut_off(folder, "model.bin"), "cpu", "cannot be loaded"),
    "hash mismatch": (lambda folder: cut_off(folder, "model.bin", card_agrees=False), "cpu", "model.bin is damaged"),
    "no model": (lambda folder: folder.mkdir(), "cpu", "no complete model"),
    "torch: another class count": (more_classes, "torch", "number of classes"),
    "torch: safetensors cut off": (lambda folder: cut_off(folder, "model.safetensors"), "torch", "cannot be loaded"),
    "torch: a pickle for safetensors": (pickled, "torch", "cannot be loaded"),
    "torch: a pickle beside": (pickled_beside, "torch", "cannot be loaded"),
    "torch: hash mismatch": (
        lambda folder: cut_off(folder, "model.safetensors", card_agrees=False),
        "torch",
        "model.safetensors is damaged",
    ),
}
"""How each is made, the device on which it is opened, and a part of the sentence."""
