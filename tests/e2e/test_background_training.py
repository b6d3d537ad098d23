"""A training and the windows that come and go: kept, ended, found again, gone on with; the model is never half."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from children import eventually
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from tiny_model import make_bundle, scratched, write_png

from scratchgui import paths
from scratchgui.controllers.training_controller import FINE_TUNING_RATE, REFINING_RATE
from scratchgui.core.annotation import save_annotation
from scratchgui.core.correction import Beginning
from scratchgui.core.files import read_json
from scratchgui.core.manifest import CONFIG_FILE, load_manifest
from scratchgui.core.model_card import load_bundle
from scratchgui.core.project import Project, ReviewStatus
from scratchgui.core.protocol import Finished
from scratchgui.core.run_folder import EventLog, RunFolder
from scratchgui.core.run_process import running

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.notifications import Notice

WAIT_MS = 30_000
KEEP, END, STAY = "Keep training in the background", "End training and close", "Stay"

# Stands for `python -m training`: the same claim, the same end with its parent; the bundle is there already.
CHILD = """
import os, shutil, sys, time
from pathlib import Path
from scratchgui.core.protocol import *
from scratchgui.core.run_folder import EventLog, RunFolder
from scratchgui.core.run_process import ProcessId, claimed
from training.parent import end_with
run = Path(sys.argv[sys.argv.index("--run") + 1])
parent = ProcessId.of(int(sys.argv[sys.argv.index("--parent") + 1]))
end_with(parent, is_kept=lambda: RunFolder(run).is_kept)
say = EventLog(run).tell
with claimed(run, parent):
    say(Stage("start", "Starting the training."))
    step = 7 if RunFolder(run).has_checkpoint else 0
    say(Started(10, 2, 2, 1, "cpu", 8, step))
    (run / "checkpoint").mkdir(exist_ok=True)
    (run / "checkpoint" / "state.json").write_text("{}")
    say(Progress(step + 1, 10, 1, 2, 0.7, 1e-4, 12.0, 5.0))
    say(Validated(1, 0.61, 0.0, True))
    while not (run / "STOP").exists(): time.sleep(0.01)
    shutil.rmtree(run / "bundle", ignore_errors=True)
    shutil.copytree(MADE, run / "bundle")
    shutil.rmtree(run / "checkpoint")
    say(Finished(str(run / "bundle"), True, "Better on 1 of 1 images.", {}, {"dice": 0.8}, 1, 1, model="new"))
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four images with scratches in different places, approved."""
    folder = tmp_path / "parts"
    lines = ((5, 10, 200, 30), (20, 5, 30, 150), (200, 10, 10, 150), (110, 5, 110, 150))
    for index, line in enumerate(lines):
        image = scratched(160, 224, line)
        write_png(folder / f"{index}.png", image)
    project = Project.for_folder(folder)
    for index, line in enumerate(lines):
        mask = (scratched(160, 224, line) < 100).astype(np.uint8)
        save_annotation(project, f"{index}.png", mask, ReviewStatus.APPROVED, who="test")
    return project


@pytest.fixture(autouse=True)
def training(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace the training by a script that waits until it is asked to stop."""
    made = make_bundle(tmp_path / "made", model_id="new")
    script = tmp_path / "child.py"
    script.write_text(f"MADE = {str(made.folder)!r}\n{CHILD}", encoding="utf-8")
    monkeypatch.setattr(paths, "training_command", lambda: [sys.executable, str(script)])
    yield
    for run in project.runs_folder.glob("*/"):
        found = running(run)
        if found:
            found.process.kill(5)


def open_project(qtbot: QtBot, bench: Workbench, project: Project) -> None:
    with qtbot.waitSignal(bench.project.opened, timeout=WAIT_MS):
        bench.project.open(project.folder)


def retrain(qtbot: QtBot, bench: Workbench) -> Path:
    with qtbot.waitSignal(bench.training_service.validated, timeout=WAIT_MS):
        bench.training.retrain()
    assert bench.training_service.run is not None
    return bench.training_service.run.folder.path


def close(bench: Workbench, answer: str) -> bool:
    """Close the window, press a button of the question, and tell whether the window is closed."""
    asked: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(button for button in box.buttons() if button.text() == answer).click()

    QTimer.singleShot(0, press)
    closed = bench.window.close()
    assert asked == ["A training is running."]
    return closed


def finish(run: Path) -> None:
    RunFolder(run).ask_to_stop()


def active(project: Project) -> str | None:
    """The model in use as it is on disk; it is whole."""
    model = Project.open(project.folder).file.active_model
    if model is not None:
        load_bundle(project.models_folder / model)
    return model


Open = Callable[[], "Workbench"]


def test_a_training_that_is_kept_is_found_again_and_judged(
    qtbot: QtBot, open_window: Open, project: Project, told: list[Notice]
):
    first = open_window()
    open_project(qtbot, first, project)
    run = retrain(qtbot, first)
    assert close(first, KEEP)
    assert running(run)
    second = open_window()
    with qtbot.waitSignal(second.training_service.validated, timeout=WAIT_MS) as replayed:
        open_project(qtbot, second, project)
    assert replayed.args[0].dice == 0.61
    assert second.training.is_running and active(project) is None
    with qtbot.waitSignal(second.training.swapped, timeout=WAIT_MS):
        second.training.stop()
    assert active(project) == "new" and not second.training.is_running
    assert second.training_service.last_run == run


def test_a_training_that_ends_with_its_window_can_go_on(
    qtbot: QtBot, open_window: Open, project: Project, told: list[Notice]
):
    first = open_window()
    open_project(qtbot, first, project)
    run = retrain(qtbot, first)
    assert close(first, END)
    assert not running(run) and active(project) is None
    second = open_window()
    open_project(qtbot, second, project)
    qtbot.waitUntil(lambda: any(notice.action_text == "Go on with the training" for notice in told), timeout=WAIT_MS)
    offer = next(notice for notice in told if notice.action_text)
    assert not second.training.is_running and offer.action is not None
    steps: list[int] = []
    second.training_service.started.connect(lambda event: steps.append(event.resumed_step))
    with qtbot.waitSignal(second.training_service.progress, timeout=WAIT_MS, check_params_cb=lambda e: e.step == 8):
        offer.action()
    assert steps[-1] == 7
    assert [path.name for path in project.runs_folder.iterdir() if path.is_dir()] == [run.name]
    with qtbot.waitSignal(second.training.swapped, timeout=WAIT_MS) as swapped:
        second.training.stop()
    assert Path(swapped.args[0].bundle) == run / "bundle"
    assert active(project) == "new"


def test_staying_lets_the_training_run(qtbot: QtBot, open_window: Open, project: Project):
    bench = open_window()
    open_project(qtbot, bench, project)
    run = retrain(qtbot, bench)
    assert not close(bench, STAY)
    assert running(run) and bench.window.isVisible() and not RunFolder(run).is_kept
    with qtbot.waitSignal(bench.training.swapped, timeout=WAIT_MS):
        bench.training.stop()


@pytest.mark.parametrize("learned", [True, False])
def test_what_is_not_approved_is_learned_from_as_the_user_chose(
    qtbot: QtBot, open_window: Open, project: Project, learned: bool
):
    write_png(project.images / "corrected.png", scratched(160, 224, (40, 40, 180, 120)))
    mask = (scratched(160, 224, (40, 40, 180, 120)) < 100).astype(np.uint8)
    began = Beginning(np.zeros_like(mask), "m1", 0.5)
    save_annotation(project, "corrected.png", mask, ReviewStatus.CORRECTED, began=began)
    bench = open_window()
    bench.store.update(learn_from_unapproved=learned)
    open_project(qtbot, bench, project)
    run = retrain(qtbot, bench)
    assert ("corrected.png" in {entry.key for entry in load_manifest(run).entries}) is learned
    with qtbot.waitSignal(bench.training.swapped, timeout=WAIT_MS):
        bench.training.stop()


def test_a_model_of_the_project_is_refined_at_a_slower_rate(qtbot: QtBot, open_window: Open, project: Project):
    bench = open_window()
    open_project(qtbot, bench, project)
    rates = []
    for _ in range(2):
        run = retrain(qtbot, bench)
        rates.append(read_json(run / CONFIG_FILE)["lr"])
        with qtbot.waitSignal(bench.training.swapped, timeout=WAIT_MS):
            finish(run)
    assert active(project) == "new"
    assert rates == [FINE_TUNING_RATE, REFINING_RATE]


def test_a_training_that_ended_without_a_window_is_judged_once(
    qtbot: QtBot, open_window: Open, project: Project, told: list[Notice]
):
    first = open_window()
    open_project(qtbot, first, project)
    run = retrain(qtbot, first)
    assert close(first, KEEP)
    finish(run)
    eventually(lambda: not running(run), "it does not end")
    assert active(project) is None
    second = open_window()
    with qtbot.waitSignal(second.training.swapped, timeout=WAIT_MS):
        open_project(qtbot, second, project)
    assert active(project) == "new"
    assert any("has ended meanwhile" in notice.text for notice in told)
    second.registry.go_back()
    second.window.close()
    third = open_window()
    with qtbot.assertNotEmitted(third.training.swapped, wait=1000):
        open_project(qtbot, third, project)
    assert active(project) is None, "what the user took back stays back"


def test_a_second_window_shows_the_training_and_leaves_it_alone(
    qtbot: QtBot, open_window: Open, project: Project, told: list[Notice]
):
    first, second = open_window(), open_window()
    open_project(qtbot, second, project)
    open_project(qtbot, first, project)
    run = retrain(qtbot, first)
    with (
        qtbot.waitSignal(second.training.refused, timeout=WAIT_MS) as refused,
        qtbot.waitSignal(second.training_service.validated, timeout=WAIT_MS),
    ):
        second.training.retrain()
    assert "is running already" in refused.args[0]
    assert second.training.is_running
    assert second.window.close(), "nobody is asked about another window's training"
    assert running(run)
    with qtbot.waitSignal(first.training.swapped, timeout=WAIT_MS):
        first.training.stop()


def test_a_killed_training_leaves_the_model_in_use_and_can_go_on(
    qtbot: QtBot, bench: Workbench, project: Project, told: list[Notice]
):
    open_project(qtbot, bench, project)
    run = retrain(qtbot, bench)
    found = running(run)
    assert found is not None
    with qtbot.waitSignal(bench.training_service.failed, timeout=WAIT_MS) as failed:
        found.process.kill(5)
    assert "The model in use stays" in failed.args[0]
    assert active(project) is None and not bench.training.is_running
    qtbot.waitUntil(lambda: any(notice.action_text == "Go on with the training" for notice in told))


def test_a_model_that_was_compared_with_another_one_is_kept_and_not_used(
    qtbot: QtBot, bench: Workbench, project: Project, told: list[Notice]
):
    open_project(qtbot, bench, project)
    run = retrain(qtbot, bench)
    make_bundle(project.models_folder / "other", model_id="other")
    bench.registry.activate("other")
    with qtbot.waitSignal(bench.training.swapped, timeout=WAIT_MS):
        finish(run)
    assert active(project) == "other"
    load_bundle(project.models_folder / "new")
    assert any("kept, but not in use" in notice.text for notice in told)


def test_a_full_disk_at_the_swap_leaves_the_old_model_and_the_next_opening_mends_it(
    qtbot: QtBot, open_window: Open, project: Project, told: list[Notice], monkeypatch: pytest.MonkeyPatch
):
    bench = open_window()
    open_project(qtbot, bench, project)
    run = retrain(qtbot, bench)
    real = os.replace

    def full(source: object, target: object) -> None:
        if Path(str(target)).name == "project.json":
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    with qtbot.waitSignal(bench.training.refused, timeout=WAIT_MS):
        finish(run)
    assert active(project) is None
    assert any("cannot be saved (No space left" in notice.text for notice in told)
    monkeypatch.setattr(os, "replace", real)
    bench.window.close()
    second = open_window()
    with qtbot.waitSignal(second.training.swapped, timeout=WAIT_MS):
        open_project(qtbot, second, project)
    assert active(project) == "new"


def test_trainings_before_make_room(qtbot: QtBot, bench: Workbench, project: Project):
    old = project.runs_folder / "20250101-000000"
    for name in ("checkpoint", "bundle"):
        (old / name).mkdir(parents=True)
    EventLog(old).tell(Finished("", False, "Not better."))
    project.file.last_training = datetime(2025, 2, 1, tzinfo=UTC)
    project.save()
    open_project(qtbot, bench, project)
    retrain(qtbot, bench)
    with qtbot.waitSignal(bench.training.swapped, timeout=WAIT_MS):
        bench.training.stop()
    qtbot.waitUntil(lambda: [path.name for path in old.iterdir()] == ["events.jsonl"])
