from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tiny_model import DARK, scratched, write_png

LINE = (10, 30, 60, 30)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two scratched images, one with a wrong truth, and a clean one."""
    folder = tmp_path / "data"
    image = scratched(64, 80, LINE, thickness=5)
    truth = np.where(image == DARK, 255, 0).astype(np.uint8)
    for name, pixels, mask in (
        ("good.png", image, truth),
        ("bad.png", image, np.roll(truth, 25, axis=0)),
        ("clean.jpg", scratched(64, 80), np.zeros((64, 80), np.uint8)),
    ):
        write_png(folder / "images" / name, pixels)
        write_png((folder / "masks" / name).with_suffix(".png"), mask)
    return folder


def test_scores_on_paper_and_on_disk(run, data, tiny_bundle, tmp_path):
    said = run("evaluate", "--model", tiny_bundle.folder, "--data", data, "--out", tmp_path / "m.json")
    assert said.status == 0, said.err
    scores = json.loads((tmp_path / "m.json").read_text())
    good, bad = scores["results"]["good.png"]["dice"], scores["results"]["bad.png"]["dice"]
    assert good > 0.7 and bad == 0
    assert scores["dice"] == pytest.approx((good + bad) / 2)
    assert scores["false_alarm_rate"] == 0
    assert scores["region_recall"] == scores["region_precision"] == 0.5
    assert scores["threshold"] == 0.5
    assert scores["intervals"]["dice"] == pytest.approx([bad, good]) and scores["intervals"]["auroc"] is None
    assert scores["auroc"] == 1 and 0 < scores["aupro"] < 1
    assert scores["results"]["good.png"]["score"] > 0.9 > 0.1 > scores["results"]["clean.jpg"]["score"]
    (line,) = [line for line in said.out.splitlines() if line.startswith("dice")]
    assert f"{bad:.4f} … {good:.4f}" in line
    assert f"{scores['dice']:.4f}" in said.out
    assert "3 images, 2 with a defect, 1 clean" in said.out


def test_a_list_and_what_it_leaves_undefined(run, data, tiny_bundle, tmp_path):
    (data / "val.txt").write_text("clean.jpg\n\n")
    words = ["--model", tiny_bundle.folder, "--data", data, "--list", "val.txt", "--out", tmp_path / "m.json"]
    said = run("evaluate", *words)
    assert said.status == 0, said.err
    assert json.loads((tmp_path / "m.json").read_text())["dice"] is None
    (dice,) = [line for line in said.out.splitlines() if line.startswith("dice")]
    assert "undefined" in dice


def test_images_without_truth_are_named(run, data, tiny_bundle):
    (data / "masks" / "bad.png").unlink()
    write_png(data / "masks" / "good.png", np.zeros((5, 5), np.uint8))
    said = run("evaluate", "--model", tiny_bundle.folder, "--data", data)
    assert said.status == 2
    assert "bad.png" in said.err and "differ in size" in said.err
    assert "1 image, 0 with a defect, 1 clean, 2 failed" in said.out


def test_another_layout_is_one_sentence(run, tiny_bundle, tmp_path):
    said = run("evaluate", "--model", tiny_bundle.folder, "--data", tmp_path)
    assert said.status == 1
    assert "images and masks" in said.err
