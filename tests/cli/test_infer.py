from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import odd_files
import pytest
import tifffile
from numpy.typing import NDArray
from tiny_model import make_bundle, scratched, write_png

from scratchgui.core.cutting import Cutting
from scratchgui.core.images import read_image
from scratchgui.inference.postprocess import cut
from scratchgui.inference.steady_predictor import open_predictor


def pixels(path: Path) -> NDArray[np.uint8]:
    image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    assert image is not None
    return image


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_masks_are_what_the_window_shows(run, images, tiny_bundle, tmp_path):
    out = tmp_path / "out"
    said = run("infer", "--source", images, "--model", tiny_bundle.folder, "--threshold", "0.4", "--out", out)
    assert said.status == 0, said.err
    predictor = open_predictor(tiny_bundle)
    for rel, name in {"a.png": "a", "line 2/ü.png": "line 2/ü", "clean.bmp": "clean"}.items():
        expected = cut(predictor.predict(read_image(images / rel)).probability, Cutting(0.4, 8))
        found = pixels(out / "masks" / f"{name}.png")
        assert found.dtype == np.uint8
        assert np.array_equal(found, expected)
        assert pixels(out / "overlays" / f"{name}.jpg").shape[:2] == expected.shape
    assert pixels(out / "masks" / "a.png").any()
    assert not (out / "probabilities").exists()


def test_tables_and_summary_agree(run, images, tiny_bundle, tmp_path):
    out = tmp_path / "out"
    said = run("infer", "--source", images, "--model", tiny_bundle.folder, "--out", out)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    table = {row["image"]: row for row in rows(out / "images.csv")}
    assert set(table) == {"a.png", "line 2/ü.png", "clean.bmp"}
    assert table["clean.bmp"]["verdict"] == "OK"
    assert summary["images"] == summary["judged"] == 3
    assert summary["verdicts"]["OK"] == 1
    assert summary["model"]["id"] == "tiny"
    assert sum(summary["verdicts"].values()) == 3
    assert summary["defects"] == len(rows(out / "defects.csv")) >= 2
    assert {row["image"]: row["verdict"] for row in summary["results"]} == {
        name: row["verdict"] for name, row in table.items()
    }
    assert said.out.startswith("3 images: 1 OK")
    assert str(out) in said.out


def test_the_limits_decide(run, images, tiny_bundle, tmp_path):
    limits = ["--review_area_ratio", "0.9", "--ng-area-ratio=0.95"]
    run("infer", "--source", images, "--model", tiny_bundle.folder, "--out", tmp_path / "out", *limits)
    assert {row["verdict"] for row in rows(tmp_path / "out" / "images.csv")} == {"OK"}
    wrong = run("infer", "--source", images, "--review-area-ratio", "0.5", "--ng-area-ratio", "0.1")
    assert wrong.status == 1
    assert "--ng-area-ratio" in wrong.err


def test_one_file(run, images, tiny_bundle, tmp_path):
    said = run("infer", "--source", images / "a.png", "--model", tiny_bundle.folder, "--out", tmp_path / "out")
    assert said.status == 0
    assert [path.name for path in (tmp_path / "out" / "masks").iterdir()] == ["a.png"]
    assert said.out.startswith("1 image: ")


def test_damaged_images_are_listed_and_skipped(run, images, tiny_bundle, tmp_path):
    (images / "cut.png").write_bytes((images / "a.png").read_bytes()[:100])
    (images / "empty.jpg").write_bytes(b"")
    out = tmp_path / "out"
    said = run("infer", "--source", images, "--model", tiny_bundle.folder, "--out", out)
    assert said.status == 2
    assert "cut.png" in said.err and "empty.jpg" in said.err
    assert "2 failed" in said.out
    failed = {row["image"]: row["problem"] for row in rows(out / "images.csv") if row["problem"]}
    assert set(failed) == {"cut.png", "empty.jpg"}
    reasons = [row for row in json.loads((out / "summary.json").read_text())["results"] if row["verdict"] is None]
    assert {row["image"] for row in reasons} == set(failed)
    assert not (out / "masks" / "cut.png").exists()


def test_odd_images_are_judged_or_skipped_as_in_the_window(run, tiny_bundle, tmp_path):
    folder = tmp_path / "odd"
    folder.mkdir()
    readable = odd_files.COLOR_FILES | odd_files.RISING_FILES
    for name, make in (readable | odd_files.REFUSED_FILES).items():
        (folder / name).write_bytes(make())
    for orientation in range(1, 9):
        (folder / f"turned {orientation}.jpg").write_bytes(odd_files.turned(orientation))
    odd_files.write_thin(folder, "one pixel.png")
    tifffile.imwrite(folder / "more pages.tif", np.zeros((2, 120, 160), np.uint8), photometric="minisblack")
    out = tmp_path / "out"
    said = run("infer", "--source", folder, "--model", tiny_bundle.folder, "--out", out)
    assert said.status == 2
    problems = {row["image"]: row["problem"] for row in rows(out / "images.csv") if row["problem"]}
    assert set(problems) == set(odd_files.REFUSED_FILES)
    for name, problem in problems.items():
        assert problem.startswith("The image ") and name in problem
        assert said.err.count(problem) == 1
    assert said.err.count("pictures: the first one of each file") == 1
    assert "Traceback" not in said.err
    masks = {path.name: cv2.imread(str(path), cv2.IMREAD_UNCHANGED) for path in (out / "masks").iterdir()}
    assert len(masks) == len(readable) + 8 + 2
    assert {mask.shape for mask in masks.values()} == {(120, 160), (1, 1)}
    # Upright all of them say the same, wherever the camera was held.
    turned = [mask for name, mask in masks.items() if name.startswith("turned") and name[7].isdigit()]
    assert len(turned) == 8
    assert all((mask != turned[0]).mean() < 0.02 for mask in turned)


@pytest.mark.parametrize("content", ["nothing", "text", "damaged"])
def test_nothing_to_judge(run, tiny_bundle, tmp_path, content):
    folder = tmp_path / "images"
    folder.mkdir()
    if content != "nothing":
        (folder / ("a.txt" if content == "text" else "a.png")).write_text("no image")
    said = run("infer", "--source", folder, "--model", tiny_bundle.folder, "--out", tmp_path / "out")
    assert said.status == 1
    assert len(said.err.splitlines()) == 1


def test_probabilities_of_each_class(run, images, tmp_path):
    bundle = make_bundle(tmp_path / "two", classes=("scratch", "dent"))
    out = tmp_path / "out"
    run("infer", "--source", images / "a.png", "--model", bundle.folder, "--out", out, "--probabilities")
    assert sorted(path.name for path in (out / "probabilities").iterdir()) == ["a.1.png", "a.2.png"]
    assert pixels(out / "probabilities" / "a.1.png").max() > 128


def test_earlier_results_and_projects_are_no_images(run, images, tiny_bundle):
    project = images / "scratchgui"
    write_png(project / "annotations" / "a.png.png", scratched(60, 80))
    (project / "project.json").write_text("{}")
    words = ["infer", "--source", images, "--model", tiny_bundle.folder, "--out", images / "results"]
    assert run(*words).out.startswith("3 images")
    assert run(*words).out.startswith("3 images")


def test_no_recursive(run, images, tiny_bundle, tmp_path):
    words = ["--model", tiny_bundle.folder, "--out", tmp_path / "out", "--no-recursive"]
    assert run("infer", "--source", images, *words).out.startswith("2 images")


def test_min_area_drops_small_regions(run, images, tiny_bundle, tmp_path):
    words = ["infer", "--source", images / "a.png", "--model", tiny_bundle.folder, "--out", tmp_path / "out"]
    run(*words, "--min-area", "4000")
    assert not pixels(tmp_path / "out" / "masks" / "a.png").any()


def test_a_folder_that_cannot_be_written(run, images, tiny_bundle, tmp_path):
    (tmp_path / "file").write_text("")
    said = run("infer", "--source", images, "--model", tiny_bundle.folder, "--out", tmp_path / "file" / "out")
    assert said.status == 1
    assert "cannot be written" in said.err
    assert len(said.err.splitlines()) == 1


def test_a_damaged_model_is_one_sentence(run, images, tmp_path):
    bundle = make_bundle(tmp_path / "model")
    bundle.ir_path.write_text("nonsense")
    said = run("infer", "--source", images, "--model", bundle.folder, "--out", tmp_path / "out")
    assert said.status == 1
    assert "damaged" in said.err
    assert not (tmp_path / "out").exists()


PROBE = """
import sys
from scratchgui.__main__ import main
status = main(sys.argv[1:])
heavy = [name for name in ("PySide6", "torch", "training") if name in sys.modules]
assert not heavy, heavy
sys.exit(status)
"""


def test_qt_and_torch_stay_out(images, tiny_bundle, tmp_path):
    words = ["infer", "--source", str(images), "--model", str(tiny_bundle.folder), "--device", "cpu"]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "scratchgui-results" / "masks" / "a.png").is_file()
