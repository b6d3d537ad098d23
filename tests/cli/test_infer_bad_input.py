"""What is wrong with a model or an image is one sentence, and the images after it are judged."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import odd_files
import pytest
import tifffile
from odd_models import MODELS
from tiny_model import scratched, write_png


@pytest.mark.parametrize("what", MODELS)
def test_a_model_that_does_not_fit_is_one_sentence(run, tmp_path, what):
    make, device, sentence = MODELS[what]
    folder, out = tmp_path / "model", tmp_path / "out"
    make(folder)
    image = write_png(tmp_path / "a.png", scratched(60, 80))
    said = run("infer", "--source", image, "--model", folder, "--device", device, "--out", out)
    assert (said.status, said.out) == (1, "")
    assert sentence in said.err and str(folder) in said.err
    assert len(said.err.splitlines()) == 1
    assert not out.exists()
    assert not (folder / "sprung").exists(), "it was unpickled"


def huge(folder: Path) -> None:
    cv2.imwrite(str(folder / "b huge.png"), np.zeros((20_000, 30_000), np.uint8), [cv2.IMWRITE_PNG_COMPRESSION, 1])


def headed(folder: Path) -> None:
    """More pixels in its header than can be read."""
    data = bytearray(odd_files.COLOR_FILES["alpha.png"]())
    data[16:24] = (90_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    (folder / "c header.png").write_bytes(data)


@pytest.mark.skipif(sys.platform != "linux", reason="memory cannot be limited there")
def test_images_that_cannot_be_judged_are_listed_and_the_others_are_judged(tiny_bundle, tmp_path):
    folder, out = tmp_path / "images", tmp_path / "out"
    write_png(folder / "a.png", scratched(60, 80, (10, 30, 60, 30)))
    huge(folder)
    headed(folder)
    tifffile.imwrite(folder / "d nan.tif", np.full((50, 60), np.nan, np.float32))
    (folder / "e cut.png").write_bytes((folder / "a.png").read_bytes()[:100])
    (folder / "f empty.jpg").write_bytes(b"")
    odd_files.write_thin(folder, "one pixel.png")
    write_png(folder / "z.png", scratched(60, 80))
    words = ["infer", "--source", folder, "--model", tiny_bundle.folder, "--out", out]
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1_400_000_000,) * 2)\n"
    code = f"{limit}from scratchgui.__main__ import main; sys.exit(main(sys.argv[1:]))"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], cwd=root, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    with (out / "images.csv").open(encoding="utf-8-sig", newline="") as file:
        table = {row["image"]: row for row in csv.DictReader(file)}
    verdicts = {name: row["verdict"] for name, row in table.items()}
    assert {name for name, verdict in verdicts.items() if verdict == "not judged"} == {
        "b huge.png",
        "c header.png",
        "d nan.tif",
        "e cut.png",
        "f empty.jpg",
    }
    assert (verdicts["a.png"], verdicts["one pixel.png"], verdicts["z.png"]) == ("NG", "OK", "OK")
    problems = {name: row["problem"] for name, row in table.items() if row["problem"]}
    for name, words_of_it in {
        "b huge.png": "memory",
        "c header.png": "too large to be read",
        "d nan.tif": "holds no numbers",
        "e cut.png": "damaged",
        "f empty.jpg": "empty",
    }.items():
        assert words_of_it in problems[name] and name in problems[name]
    # libpng says by itself that a file is cut off.
    said = [line for line in done.stderr.splitlines() if not line.startswith(("Memory is short", "libpng "))]
    assert said == [problems[name] for name in sorted(problems)]
    reasons = [row for row in json.loads((out / "summary.json").read_text())["results"] if row["verdict"] is None]
    assert {row["image"]: row["reason"] for row in reasons} == problems


def test_all_images_failed(run, tiny_bundle, tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    said = run("infer", "--source", tmp_path / "a.png", "--model", tiny_bundle.folder, "--out", tmp_path / "out")
    assert said.status == 1
    assert said.out.startswith("1 image: 0 OK, 0 REVIEW, 0 NG, 1 failed; ")


@pytest.mark.parametrize("roi", ["1,2,3", "a,b,c,d", "0,0,0,5", "-1,0,5,5", ""])
def test_a_part_that_is_none(run, tmp_path, roi):
    image = write_png(tmp_path / "a.png", scratched(60, 80))
    said = run("infer", "--source", image, f"--roi={roi}", "--out", tmp_path / "out")
    assert said.status == 1 and len(said.err.splitlines()) == 1
    assert "part of an image" in said.err or "X,Y,W,H" in said.err


@pytest.mark.parametrize(
    "zone", ["1,2,3", "a,b,c,d", "0,0,0,5", "1,2 3,4", "1,2 3,4 5", "1,2,3 4,5,6 7,8,9", "0,0,99999999999,5", ""]
)
def test_a_zone_that_is_none(run, tmp_path, zone):
    image = write_png(tmp_path / "a.png", scratched(60, 80))
    said = run("infer", "--source", image, f"--ignore={zone}", "--out", tmp_path / "out")
    assert said.status == 1 and len(said.err.splitlines()) == 1
    assert "part of an image" in said.err or "--ignore" in said.err


def test_nothing_is_found_in_what_is_ignored(run, tiny_bundle, tmp_path):
    lines = [(10, y, 60, y) for y in (10, 30, 50)]
    image = write_png(tmp_path / "a.png", scratched(60, 80, *lines))
    out = tmp_path / "out"
    zones = ["--ignore", "0,0,80,20", "--ignore", "0,59 79,59 79,42 0,42"]
    run("infer", "--source", image, "--model", tiny_bundle.folder, *zones, "--out", out)
    mask = cv2.imread(str(out / "masks" / "a.png"), cv2.IMREAD_UNCHANGED)
    assert mask[30].any()
    assert not mask[:20].any() and not mask[42:].any()


def test_a_part_alone_is_judged(run, tiny_bundle, tmp_path):
    image = write_png(tmp_path / "a.png", scratched(60, 80, (10, 10, 60, 10), (10, 40, 60, 40)))
    out = tmp_path / "out"
    run("infer", "--source", image, "--model", tiny_bundle.folder, "--roi", "0,30,80,20", "--out", out)
    mask = cv2.imread(str(out / "masks" / "a.png"), cv2.IMREAD_UNCHANGED)
    assert mask.shape == (60, 80)
    assert mask[40].any() and not mask[:30].any()


def test_an_unknown_precision_is_one_sentence(run, tmp_path, tiny_bundle):
    image = write_png(tmp_path / "a.png", scratched(60, 80))
    said = run("infer", "--source", image, "--model", tiny_bundle.folder, "--precision", "f64", "--out", tmp_path / "o")
    assert said.status == 1 and "f64" in said.err and len(said.err.splitlines()) == 1


def test_a_lower_threshold_above_the_threshold_is_one_sentence(run, tmp_path, tiny_bundle):
    image = write_png(tmp_path / "a.png", scratched(60, 80))
    said = run("infer", "--source", image, "--model", tiny_bundle.folder, "--low-threshold", "0.5")
    assert said.status == 1 and "below --threshold" in said.err and len(said.err.splitlines()) == 1


def test_int8_of_a_model_without_it_is_one_sentence(run, tmp_path, tiny_bundle):
    image = write_png(tmp_path / "a.png", scratched(60, 80))
    said = run(
        "infer", "--source", image, "--model", tiny_bundle.folder, "--precision", "int8", "--out", tmp_path / "o"
    )
    assert said.status == 1 and len(said.err.splitlines()) == 1
    assert not (tmp_path / "o").exists()
