from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_model import make_bundle, scratched, write_png

from scratchgui.core.annotation import save_annotation
from scratchgui.core.correction import Beginning
from scratchgui.core.manifest import load_manifest
from scratchgui.core.model_card import load_bundle
from scratchgui.core.project import Project, ReviewStatus
from scratchgui.core.protocol import Failed, Finished, Note, Progress, Started, Validated, encode
from training.config import TrainConfig

ROOT = Path(__file__).parents[2]

# Stands for `python -m training`: gets `--run FOLDER` as that does.
CHILD = """
import json, os, sys, time
from pathlib import Path
run = Path(sys.argv[sys.argv.index("--run") + 1])
config = json.loads((run / "config.json").read_text())
def say(line):
    with (run / "events.jsonl").open("a") as log: log.write(line + "\\n")
"""


HOLD = """
import sys, time
from pathlib import Path
from scratchgui.core.run_process import claimed
run = Path(sys.argv[1])
run.mkdir(parents=True)
with claimed(run, None):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three scratched images of 64 × 64 px with their masks."""
    folder = tmp_path / "data"
    for index in range(3):
        image = scratched(64, 64, (5, 10 + 15 * index, 60, 20 + 15 * index))
        write_png(folder / "images" / f"{index}.png", image)
        write_png(folder / "masks" / f"{index}.png", np.where(image < 100, 255, 0).astype(np.uint8))
    return folder


@pytest.fixture
def project(data: Path) -> Project:
    """The same images in a project, approved."""
    project = Project.for_folder(data / "images")
    for index in range(3):
        mask = np.zeros((64, 64), np.uint8)
        mask[20:23, 5:60] = 1
        save_annotation(project, f"{index}.png", mask, ReviewStatus.APPROVED, who="test")
    return project


@pytest.fixture
def child(tmp_path, tiny_bundle, monkeypatch):
    """Replace the training by a script."""
    monkeypatch.setattr("scratchgui.paths.starter_bundle", lambda: tiny_bundle.folder)

    def replace(code: str) -> None:
        script = tmp_path / "child.py"
        script.write_text(CHILD + code, encoding="utf-8")
        monkeypatch.setattr("scratchgui.paths.training_command", lambda: [sys.executable, "-u", str(script)])

    return replace


def lines(*events) -> str:
    return "".join(f"say({encode(event)!r})\n" for event in events)


def test_options_reach_the_training_and_its_scores_the_user(run, data, child, tiny_bundle, tmp_path):
    bundle = make_bundle(tmp_path / "made", model_id="new")
    child(
        f"(Path({str(tmp_path)!r}) / 'seen.json').write_text(json.dumps(config))\n"
        + lines(
            Started(4, 2, 2, 1, "cpu", 2),
            Progress(1, 4, 1, 2, 0.5, 1e-4, 9.0, 65.0),
            Validated(1, 0.81, None, True),
            Finished(str(bundle.folder), True, "Better on 1 of 1.", {"dice": None}, {"dice": 0.8125}, 1, 1),
        )
    )
    words = ["--epochs", "2", "--batch_size", "3", "--lr", "1e-3", "--name", "Mine", "--out", tmp_path / "out"]
    said = run("train", "--data", data, *words)
    assert said.status == 0, said.err
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert (seen["epochs"], seen["batch_size"], seen["lr"], seen["name"]) == (2, 3, 1e-3, "Mine")
    assert seen["out"] == str(tmp_path / "out")
    assert seen["parent"] == seen["champion"] == str(tiny_bundle.folder)
    assert "dice 0.8125" in said.out and "dice undefined" in said.out
    assert str(bundle.folder) in said.out
    assert "Dice 0.8100" in said.err
    assert not list(tmp_path.glob("out-run-*"))


def test_an_encoder_starts_anew(run, data, child, tmp_path):
    child(f"(Path({str(tmp_path)!r}) / 'seen.json').write_text(json.dumps(config))\n")
    said = run("train", "--data", data, "--encoder", "resnet18", "--out", tmp_path / "out")
    assert said.status == 1
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert seen["encoder"] == "resnet18" and seen["parent"] is None


def test_options_for_those_who_know_go_to_the_training(run, data, child, tmp_path):
    child(f"(Path({str(tmp_path)!r}) / 'seen.json').write_text(json.dumps(config))\n")
    words = ["--decoder", "FPN", "--patience", "4", "--freeze-encoder", "0.2", "--deterministic"]
    words += ["--class-weight", "1", "--class-weight", "2.5"]
    run("train", "--data", data, *words, "--out", tmp_path / "out")
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert (seen["decoder"], seen["patience"], seen["freeze_encoder"]) == ("FPN", 4, 0.2)
    assert seen["deterministic"] and seen["parent"] is None and seen["class_weights"] == [1, 2.5]
    TrainConfig.model_validate(seen)


def test_what_a_training_notes_is_shown(run, data, child, tmp_path):
    child(lines(Note("Memory ran out: 4 crops at a time instead of 8."), Failed("The disk is full.")))
    said = run("train", "--data", data, "--out", tmp_path / "out")
    assert "Memory ran out: 4 crops at a time instead of 8." in said.err


def test_a_failure_is_one_sentence(run, data, child, tmp_path):
    child("import sys; sys.stderr.write('Traceback')\n" + lines(Failed("The disk is full.", "Traceback …")))
    said = run("train", "--data", data, "--out", tmp_path / "out")
    assert said.status == 1
    assert said.err.startswith("The disk is full.")
    assert "Traceback" not in said.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_a_killed_training_says_so(run, data, child, tmp_path):
    child("os.kill(os.getpid(), 9)\n")
    said = run("train", "--data", data, "--out", tmp_path / "out")
    assert said.status == 1
    assert "was killed by the system" in said.err


def test_wrong_places_are_refused_before_anything_starts(run, data, child, tmp_path):
    child("raise SystemExit(3)\n")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("three years of work")
    for words, what in [
        (["--data", data, "--out", tmp_path / "mine"], "something else than a model"),
        (["--data", tmp_path, "--out", tmp_path / "out"], "images and masks"),
        (["--out", tmp_path / "out"], "--data or --project"),
        (["--data", data, "--only-approved", "--out", tmp_path / "out"], "Leave --only-approved out"),
        (["--data", data, "--crop", "65"], "multiple of 32"),
        (["--data", data, "--model", tmp_path, "--encoder", "resnet18"], "not both"),
        (["--data", data, "--encoder-weights", tmp_path / "none.safetensors", "--out", tmp_path / "out"], "not there"),
        (["--project", data], "no project"),
    ]:
        said = run("train", *words)
        assert said.status == 1
        assert what in said.err, words
        assert len(said.err.splitlines()) == 1
    assert (tmp_path / "mine" / "thesis.txt").is_file()
    assert not list(tmp_path.glob("out-run-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_keeps_the_best_and_again_ends_it(data, tiny_bundle, tmp_path, presses):
    bundle = make_bundle(tmp_path / "made", model_id="new")
    script = tmp_path / "child.py"
    script.write_text(
        CHILD
        + lines(Started(4, 2, 2, 1, "cpu", 2))
        + "while not (run / 'STOP').exists(): time.sleep(0.01)\n"
        + lines(Progress(1, 4, 1, 2, 0.5, 1e-4, 9.0, 65.0))
        + ("time.sleep(60)\n" if presses == 2 else lines(Finished(str(bundle.folder), True, "", stopped=True)))
    )
    program = (
        f"import sys\nfrom pathlib import Path\nfrom scratchgui import cli, paths\n"
        f"paths.training_command = lambda: [sys.executable, '-u', {str(script)!r}]\n"
        f"paths.starter_bundle = lambda: Path({str(tiny_bundle.folder)!r})\n"
        f"sys.exit(cli.main(sys.argv[1:]))"
    )
    words = ["train", "--data", str(data), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert "images to learn from" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert "Stopping" in process.stderr.readline()
        if presses == 2:
            process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == (0 if presses == 1 else 130)
    assert (str(bundle.folder) in out) == (presses == 1)
    assert ("More is in" in out) == (presses == 2)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_a_project_trains_once_at_a_time(run, project, child):
    """A training that a window started, or another terminal, is known by its process."""
    runs = project.runs_folder
    held = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(runs / "20260101-000000")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with held:
        assert held.stdout.readline() == "held\n"
        child("raise SystemExit(3)\n")
        said = run("train", "--project", project.folder)
        held.kill()
    assert said.status == 1
    assert said.err == "A training of this project is running already: wait for its result, or stop it.\n"
    assert [path.name for path in runs.iterdir() if path.is_dir()] == ["20260101-000000"]


@pytest.mark.parametrize(("option", "names"), [((), "0123"), (("--only-approved",), "012")])
def test_what_is_corrected_and_not_approved_is_learned_from_unless_it_is_to_be_left_out(
    run, project, child, option, names
):
    write_png(project.images / "3.png", scratched(64, 64, (5, 40, 60, 43)))
    nothing = Beginning(np.zeros((64, 64), np.uint8), "m1", 0.5)
    scratch = np.zeros((64, 64), np.uint8)
    scratch[40:43, 5:60] = 1
    save_annotation(project, "3.png", scratch, ReviewStatus.CORRECTED, began=nothing)
    child(lines(Failed("no time")))
    run("train", "--project", project.folder, *option)
    (made,) = (path for path in project.runs_folder.iterdir() if path.is_dir())
    assert sorted(entry.key for entry in load_manifest(made).entries) == [f"{name}.png" for name in names]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_a_training_that_was_cut_off_goes_on(run, data, child, tiny_bundle, tmp_path):
    state = "(run / 'checkpoint').mkdir(exist_ok=True); (run / 'checkpoint' / 'state.json').write_text('{}')\n"
    child(state + "os.kill(os.getpid(), 9)\n")
    out = tmp_path / "out"
    killed = run("train", "--data", data, "--out", out, "--minutes", "2")
    assert killed.status == 1
    (folder,) = tmp_path.glob("out-run-*/1")
    assert f"Go on with: scratchgui train --resume {folder}" in killed.err
    (out / "notes").mkdir(parents=True)
    filled = run("train", "--resume", folder)
    assert filled.status == 1 and "something else than a model" in filled.err
    (out / "notes").rmdir()
    both = run("train", "--resume", folder, "--minutes", "5")
    assert both.status == 1 and "Give --resume alone" in both.err and folder.is_dir()
    made = make_bundle(out, model_id="new")
    child(f"assert config['minutes'] == 2 and config['out'] == {str(out)!r}\n" + lines(Finished(str(out), True, "")))
    said = run("train", "--resume", folder)
    assert said.status == 0, said.err
    assert f"({made.card.id}) in {out}" in said.out
    assert not list(tmp_path.glob("out-run-*"))
    again = run("train", "--resume", folder)
    assert again.status == 1 and "No training was cut off here" in again.err


@pytest.mark.slow
def test_a_real_training_of_seconds(run, data, tmp_path):
    out = tmp_path / "out"
    short = ["--minutes", "0.05", "--crop", "64", "--batch-size", "2", "--encoder", "mobileone_s0", "--no-int8"]
    said = run("train", "--data", data, "--out", out, *short)
    assert said.status == 0, said.err
    card = load_bundle(out).card
    assert card.encoder == "mobileone_s0" and card.int8 is None
    assert card.id in said.out
    judged = run("infer", "--source", data / "images", "--model", out, "--out", tmp_path / "results")
    assert judged.status == 0
