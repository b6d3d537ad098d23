"""The faster version of a model: which tiles it is calibrated on, when it is kept, and what a failure leaves behind."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_model import make_bundle
from training_files import write_entry

from scratchgui.core.manifest import ManifestEntry
from scratchgui.core.metrics import ImageScores
from scratchgui.core.model_card import INT8_IR_FILE, Bundle, load_bundle, load_card, save_card
from scratchgui.inference.openvino_runtime import load_openvino, openvino_core
from training import quantize
from training.data import Images
from training.evaluate import Examination
from training.int8_network import Job
from training.quantize import Quantizer, calibration_tiles, decide


@pytest.fixture
def validation(manifest) -> Images:
    return Images(manifest.part("validation"), binary=False)


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return make_bundle(tmp_path / "bundle")


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "card.json"}


def say_that_the_result_is(monkeypatch: pytest.MonkeyPatch, bias: float) -> None:
    """Let the other process make a network like the tiny one whose logits are larger by `bias`."""
    from openvino import opset13 as ops

    def make(job: Job) -> None:
        network = openvino_core().read_model(job.source)
        (addition,) = (operation for operation in network.get_ops() if operation.get_type_name() == "Add")
        more = ops.add(addition.output(0), ops.constant(np.full((1, 1, 1, 1), bias, np.float32)))
        sigmoid = next(operation for operation in network.get_ops() if operation.get_type_name() == "Sigmoid")
        sigmoid.input(0).replace_source_output(more.output(0))
        job.result.parent.mkdir()
        load_openvino().save_model(network, str(job.result), compress_to_fp16=False)

    monkeypatch.setattr(quantize, "_run_apart", make)


def test_an_equal_version_is_kept_with_its_numbers(
    bundle: Bundle, images: Images, validation: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    say_that_the_result_is(monkeypatch, 0.0)
    note = save_card(bundle.folder, Quantizer(images, validation)(bundle.folder, bundle.card)).int8
    assert note is not None and note.accepted
    assert note.dice_before == note.dice_after and note.agreement == 1.0 and note.tiles == 2
    assert note.reason.startswith("The faster version finds as much: Dice on the validation images 0.")
    again = load_bundle(bundle.folder)
    assert again.has_int8 and INT8_IR_FILE in again.card.files
    openvino_core().read_model(again.int8_ir_path, again.ir_weights_path)


def test_a_version_that_misses_defects_is_refused(
    bundle: Bundle, images: Images, validation: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written(bundle.folder)
    say_that_the_result_is(monkeypatch, -4.0)
    note = save_card(bundle.folder, Quantizer(images, validation)(bundle.folder, bundle.card)).int8
    assert note is not None and not note.accepted
    assert note.reason.startswith("The faster version finds too little: Dice on the validation images 0.")
    assert note.dice_after == 0.0 and (note.dice_before or 0) > 0.7
    assert written(bundle.folder) == before and not load_bundle(bundle.folder).has_int8


def test_a_version_with_false_alarms_is_refused(
    bundle: Bundle, images: Images, validation: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantize, "LARGEST_FALL", 1.0)
    say_that_the_result_is(monkeypatch, 9.0)
    note = Quantizer(images, validation)(bundle.folder, bundle.card).int8
    assert note is not None and not note.accepted
    assert note.reason == "The faster version has more false alarms on good images: 0 → 1."


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("raise MemoryError", "NNCF ended with the exit status 1; the log says why."),
        pytest.param(
            "import os; os.abort()",
            "Signal 6 ended it; there may be too little memory.",
            marks=pytest.mark.skipif(os.name == "nt", reason="signals end processes on POSIX"),
        ),
        ("pass", "NNCF ended with the exit status 0; the log says why."),
        ("import time; time.sleep(60)", "It took too long."),
    ],
)
def test_whatever_happens_to_nncf_the_model_stays(
    bundle: Bundle,
    images: Images,
    validation: Images,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    program: str,
    says: str,
) -> None:
    before = written(bundle.folder)
    monkeypatch.setattr(quantize.paths, "training_command", lambda: [sys.executable, "-S", "-c", program])
    monkeypatch.setattr(quantize, "_LONGEST", 1.0 if "sleep" in program else 60.0)
    with caplog.at_level(logging.ERROR):
        note = save_card(bundle.folder, Quantizer(images, validation)(bundle.folder, bundle.card)).int8
    assert note is not None and not note.accepted and note.dice_before is None
    assert note.reason.startswith(f"The faster version could not be made. {says}"), note.reason
    assert "Traceback" in caplog.text
    assert written(bundle.folder) == before
    assert not load_bundle(bundle.folder).has_int8


def test_a_disk_that_is_full_leaves_the_usual_version(
    bundle: Bundle, images: Images, validation: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written(bundle.folder)
    say_that_the_result_is(monkeypatch, 0.0)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(quantize, "share_weights", full)
    note = Quantizer(images, validation)(bundle.folder, bundle.card).int8
    assert note is not None and not note.accepted and "No space left on device" in note.reason
    assert written(bundle.folder) == before


def test_an_old_card_has_no_faster_version(bundle: Bundle) -> None:
    assert load_card(bundle.folder).int8 is None and not bundle.has_int8


def scored(dice: float | None = None, alarm: bool | None = None) -> ImageScores:
    return ImageScores(dice, dice, alarm, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("before", "after", "accepted"),
    [
        ([scored(0.8), scored(0.6)], [scored(0.8), scored(0.5901)], True),
        ([scored(0.8), scored(0.6)], [scored(0.8), scored(0.5899)], False),
        ([scored(0.8)], [scored(0.9)], True),
        ([scored(0.8), scored(alarm=True)], [scored(0.8), scored(alarm=False)], True),
        ([scored(0.8), scored(alarm=False)], [scored(0.8), scored(alarm=True)], False),
        ([scored(alarm=False)], [scored(alarm=False)], False),
    ],
)
def test_the_rule(before: list[ImageScores], after: list[ImageScores], accepted: bool) -> None:
    verdict, reason = decide(Examination(tuple(before)), Examination(tuple(after)))
    assert verdict is accepted and reason.endswith(".") and "\n" not in reason


def large_entry(folder: Path, name: str, spot: tuple[int, int]) -> ManifestEntry:
    """An image of 3 × 2 tiles with a defect of 20 px at a place (x, y)."""
    entry = write_entry(folder, name, "train", 1, clean=True, size=(900, 1300))
    mask = np.zeros((900, 1300), np.uint8)
    mask[spot[1] : spot[1] + 20, spot[0] : spot[0] + 20] = 1
    image = np.full(mask.shape, 150, np.uint8)
    image[mask > 0] = 0
    path = folder / f"{name}.mask.png"
    for place, pixels in ((path, mask), (Path(entry.image), image)):
        place.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return entry.model_copy(update={"mask": str(path)})


def darkest(tiles: list[NDArray[np.uint8]]) -> list[int]:
    return [int(tile.min()) for tile in tiles]


def test_tiles_are_spread_over_the_images_and_hold_their_defects(tmp_path: Path) -> None:
    spots = [(10, 10), (700, 20), (1270, 870)]
    images = Images([large_entry(tmp_path, f"i{n}", spot) for n, spot in enumerate(spots)], binary=False)
    tiles = calibration_tiles(images, 6, seed=3)
    assert len(tiles) == 6 and all(tile.shape[0] % 32 == tile.shape[1] % 32 == 0 for tile in tiles)
    assert darkest(tiles) == [0, 150] * 3
    again = calibration_tiles(images, 6, seed=3)
    assert all(np.array_equal(one, other) for one, other in zip(tiles, again, strict=True))
    assert len(calibration_tiles(images, 100)) == 18  # no tile twice


def test_of_many_images_some_are_looked_at(tmp_path: Path) -> None:
    entries = [write_entry(tmp_path, f"i{number}", "train", number) for number in range(9)]
    assert len(calibration_tiles(Images(entries, binary=False), 4)) == 4


def test_a_model_that_is_there_gets_its_faster_version_later(
    bundle: Bundle, tmp_path: Path, entries: list[ManifestEntry], monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    data = tmp_path / "data"
    for kind in ("images", "masks"):
        (data / kind).mkdir(parents=True)
    for entry in entries:
        name = Path(entry.image).name
        shutil.copy(entry.image, data / "images" / name)
        empty = np.zeros((64, 64), np.uint8)
        mask = Path(entry.mask).read_bytes() if entry.mask else cv2.imencode(".png", empty)[1].tobytes()
        (data / "masks" / name).write_bytes(mask)
    (data / "val.txt").write_text("c.png\nd.png\n")
    say_that_the_result_is(monkeypatch, 0.0)
    sizes = []
    for _ in range(2):
        assert quantize.main([str(bundle.folder), "--data", str(data)]) == 0
        assert load_bundle(bundle.folder).has_int8
        sizes.append(bundle.ir_weights_path.stat().st_size)
    assert sizes[0] == sizes[1]  # the one before is replaced
    assert "The faster version finds as much" in capsys.readouterr().out
    say_that_the_result_is(monkeypatch, -4.0)
    assert quantize.main([str(bundle.folder), "--data", str(data)]) == 1
    assert not load_bundle(bundle.folder).has_int8 and not bundle.int8_ir_path.exists()
    assert quantize.main([str(bundle.folder), "--data", str(tmp_path / "nowhere")]) == 2
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".bundle")] == []
