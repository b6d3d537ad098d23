from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from children import eventually
from tiny_model import make_bundle, scratched, write_png

from scratchgui.cli.progress import Bar


@pytest.fixture
def words(images: Path, tiny_bundle, tmp_path: Path) -> list[object]:
    return ["infer", "--source", images, "--model", tiny_bundle.folder, "--out", tmp_path / "out"]


def records(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def summary(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return found


def judged(out: Path) -> list[str]:
    return [record["image"] for record in records(out)]


def test_each_image_is_a_line_with_all_that_is_known(run, words, images, tmp_path):
    run(*words, "--threshold", "0.4")
    found = {record["image"]: record for record in records(tmp_path / "out")}
    assert list(found) == ["a.png", "clean.bmp", "line 2/ü.png"]
    first = found["a.png"]
    assert (first["name"], first["model"], first["threshold"], first["settings"]) == ("a", "tiny", 0.4, "t512-o64")
    assert (first["width"], first["height"]) == (80, 60)
    assert first["verdict"] == "NG" and first["rule"].startswith("Defect area")
    assert first["bytes"] == (images / "a.png").stat().st_size
    mask = cv2.imread(str(tmp_path / "out" / "masks" / "a.png"), cv2.IMREAD_UNCHANGED)
    [defect] = first["defects"]
    assert first["area"] == defect["area"] == int((mask > 0).sum())
    assert first["area_ratio"] == pytest.approx(first["area"] / mask.size)
    x, y, width, height = defect["box"]
    assert (x, y, width, height) == cv2.boundingRect(mask)
    corners = np.array(defect["polygon"])
    assert corners.min(axis=0).tolist() == [x, y] and corners.max(axis=0).tolist() == [x + width, y + height]
    assert (defect["number"], defect["class"], defect["holes"]) == (1, "scratch", [])
    assert found["clean.bmp"]["defects"] == []


def test_a_second_run_judges_nothing_twice(run, words, tmp_path):
    out = tmp_path / "out"
    first = run(*words)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file() and path.name != "summary.json"}
    times = {path: path.stat().st_mtime_ns for path in (out / "masks").rglob("*.png")}
    second = run(*words)
    assert (first.status, second.status) == (0, 0)
    assert second.out.split(";")[0] == first.out.split(";")[0]
    assert "3 judged before" in second.out
    assert {path: path.read_bytes() for path in before} == before
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert summary(out)["judged_before"] == 3
    assert summary(out)["images_per_second"] is None


def test_progress_is_that_of_what_is_left_to_judge(run, words, images, monkeypatch):
    run(*words)
    write_png(images / "b.png", scratched(30, 30))
    write_png(images / "z.png", scratched(30, 30))
    shown: list[tuple[int, int | None]] = []
    show = Bar.show

    def heard(bar: Bar, done: int, total: int | None, note: str = "") -> None:
        shown.append((done, total))
        show(bar, done, total, note)

    monkeypatch.setattr(Bar, "show", heard)
    assert run(*words).status == 0
    assert shown[-1] == (2, 2)
    assert all(total is not None and done <= total for done, total in shown)
    assert [done for done, _ in shown] == sorted(done for done, _ in shown)


def test_what_changed_or_lost_its_mask_is_judged_anew_and_what_is_new_too(run, words, images, tmp_path):
    out = tmp_path / "out"
    run(*words)
    write_png(images / "a.png", scratched(60, 80))
    (out / "masks" / "clean.png").write_bytes(b"")
    write_png(images / "new.png", scratched(30, 30))
    said = run(*words)
    assert judged(out)[3:] == ["a.png", "clean.bmp", "new.png"]
    assert said.out.startswith("4 images: 3 OK, 0 REVIEW, 1 NG; 1 judged before")
    table = (out / "images.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[:2] for line in table[1:]] == [
        ["a.png", "OK"],
        ["clean.bmp", "OK"],
        ["line 2/ü.png", "NG"],
        ["new.png", "OK"],
    ]
    assert cv2.imread(str(out / "masks" / "clean.png"), cv2.IMREAD_UNCHANGED).shape == (40, 50)


def test_what_failed_is_tried_again(run, words, images, tmp_path):
    good = (images / "a.png").read_bytes()
    (images / "a.png").write_bytes(good[:100])
    assert run(*words).status == 2
    assert run(*words).status == 2
    (images / "a.png").write_bytes(good)
    said = run(*words)
    assert said.status == 0
    assert judged(tmp_path / "out") == ["a.png", "clean.bmp", "line 2/ü.png", "a.png", "a.png"]
    assert summary(tmp_path / "out")["failed"] == 0


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--threshold", "0.4"], "threshold: 0.5, now 0.4"),
        (["--low-threshold", "0.2"], "lower threshold: none, now 0.2"),
        (["--min-area", "9"], "smallest area: 8, now 9"),
        (["--fill-holes", "9"], "holes filled: 0, now 9"),
        (["--close-gaps", "9"], "gaps closed: 0, now 9"),
        (["--ng-area-ratio", "0.4"], "limit to NG: 0.005, now 0.4"),
        (["--tile", "64"], "tiles and scaling: t512-o64, now t64-o64"),
        (["--flips"], "tiles and scaling: t512-o64, now t512-o64-f4"),
        (["--roi", "0,0,30,30"], "tiles and scaling: t512-o64, now t512-o64-z"),
        (["--no-overlays"], "overlays: yes, now no"),
        (["--probabilities"], "probabilities: no, now yes"),
    ],
)
def test_other_settings_are_a_sentence_that_says_what_to_do(run, words, tmp_path, more, sentence):
    run(*words)
    before = (tmp_path / "out" / "results.jsonl").read_bytes()
    said = run(*words, *more)
    assert said.status == 1 and said.out == ""
    assert sentence in said.err and "--out" in said.err and "--fresh" in said.err
    assert len(said.err.splitlines()) == 1
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == before
    again = run(*words, *more, "--fresh")
    assert again.status == 0 and "judged before" not in again.out
    assert sorted(judged(tmp_path / "out")) == ["a.png", "clean.bmp", "line 2/ü.png"]


def test_another_model_or_another_folder_of_images(run, words, images, tmp_path):
    run(*words)
    other = make_bundle(tmp_path / "other", model_id="other")
    assert "model: tiny, now other" in run(*words, "--model", other.folder).err
    write_png(tmp_path / "elsewhere" / "a.png", scratched(30, 30))
    said = run(*words[:2], tmp_path / "elsewhere", *words[3:])
    assert said.status == 1 and f"images of: {images}, now {tmp_path / 'elsewhere'}" in said.err


@pytest.mark.parametrize("tail", [b'{"image": "clean.bmp", "na', b'{"image"', b"\x00\x00\x00", b"\xff"])
def test_a_line_that_was_not_finished_is_judged_anew(run, words, tmp_path, tail):
    out = tmp_path / "out"
    run(*words)
    lines = (out / "results.jsonl").read_bytes().splitlines(keepends=True)
    (out / "results.jsonl").write_bytes(lines[0] + lines[2] + tail)
    said = run(*words)
    assert said.status == 0
    assert judged(out) == ["a.png", "line 2/ü.png", "clean.bmp"]


def test_a_damaged_line_in_the_middle_costs_its_image_alone(run, words, tmp_path):
    out = tmp_path / "out"
    run(*words)
    lines = (out / "results.jsonl").read_bytes().splitlines(keepends=True)
    (out / "results.jsonl").write_bytes(lines[0] + b'{"image": 3}\n[]\nnonsense\n' + lines[2])
    said = run(*words)
    assert said.status == 0, said.err
    assert said.out.startswith("3 images: ") and "2 judged before" in said.out


def test_a_damaged_run_file_is_a_sentence(run, words, tmp_path):
    run(*words)
    (tmp_path / "out" / "run.json").write_text("{")
    said = run(*words)
    assert said.status == 1 and "run.json" in said.err and len(said.err.splitlines()) == 1


def many(folder: Path, count: int) -> None:
    write_png(folder / "0.png", scratched(300, 300, (10, 30, 260, 30)))
    for index in range(1, count):
        os.link(folder / "0.png", folder / f"{index}.png")


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
def test_a_killed_run_goes_on_with_all_that_was_judged(start, run, tiny_bundle, tmp_path):
    count, out = 400, tmp_path / "out"
    many(tmp_path / "many", count)
    words = ["infer", "--source", tmp_path / "many", "--model", tiny_bundle.folder, "--out", out]
    results = out / "results.jsonl"
    child = start(*words)
    eventually(lambda: results.exists() and results.read_bytes().count(b"\n") > 20, "nothing is judged")
    child.kill()
    child.wait(60)
    done = results.read_bytes().count(b"\n")
    assert 20 < done < count, "it was over before it was killed"
    said = run(*words)
    assert said.status == 0, said.err
    assert f"{done} judged before" in said.out
    assert judged(out) == [f"{index}.png" for index in range(count)]
    assert len(list((out / "masks").glob("*.png"))) == count
    assert len(list(out.rglob(".tmp-*"))) <= 2, "only what the kill left"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_sums_up_and_says_how_to_go_on(start, run, tiny_bundle, tmp_path, number):
    count, out = 400, tmp_path / "out"
    many(tmp_path / "many", count)
    words = ["infer", "--source", tmp_path / "many", "--model", tiny_bundle.folder, "--out", out]
    child = start(*words)
    results = out / "results.jsonl"
    eventually(lambda: results.exists() and results.read_bytes().count(b"\n") > 20, "nothing is judged")
    child.send_signal(number)
    said, trouble = child.communicate(timeout=60)
    assert child.returncode == 130, trouble
    done = len(records(out))
    assert said.startswith(f"{done} images: ")
    assert trouble == f"Interrupted after {done} of {count} images; the same command goes on from there.\n"
    assert summary(out)["images"] == done < count
    assert run(*words).status == 0
    assert sorted(judged(out)) == sorted(f"{index}.png" for index in range(count))


@pytest.mark.skipif(sys.platform == "win32", reason="files are not locked there")
def test_two_runs_do_not_write_into_one_folder(start, run, tiny_bundle, tmp_path):
    out = tmp_path / "out"
    many(tmp_path / "many", 2)
    words = ["infer", "--source", tmp_path / "many", "--model", tiny_bundle.folder, "--out", out]
    child = start(*words, "--watch")
    eventually(lambda: (out / "summary.json").exists(), "nothing is judged")
    said = run(*words)
    assert said.status == 1 and "Another run" in said.err and len(said.err.splitlines()) == 1
    child.terminate()
    child.communicate(timeout=60)
    assert child.returncode == 0
    assert run(*words).status == 0
