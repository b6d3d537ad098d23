"""Bad input: one clear sentence each, nothing lost, the program goes on."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from scratchgui.core import project_places
from scratchgui.core.model_card import save_card
from scratchgui.core.project import Project, ReviewStatus
from scratchgui.notifications import Level

from .test_journey import (
    PREDICTING_MS,
    approve,
    correct_all,
    open_and_predict,
    paint_scratch,
    wait_for_next,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.notifications import Notice

LONG_NAME = "ä" * 120 + ".png"  # 240 bytes: as long as names may be, with little left for endings


def wait_for_sentence(qtbot: QtBot, told: list[Notice], part: str) -> Notice:
    qtbot.waitUntil(lambda: any(part in notice.text for notice in told), timeout=PREDICTING_MS)
    found = [notice for notice in told if part in notice.text]
    assert len(found) == 1
    assert "Traceback" not in found[0].text
    return found[0]


@pytest.mark.parametrize("content", [{}, {"notes.txt": b"hello"}], ids=["empty", "text files"])
def test_a_folder_without_images_is_refused_and_left_alone(
    qtbot: QtBot, bench: Workbench, told: list[Notice], tmp_path: Path, content: dict[str, bytes]
):
    folder = tmp_path / "nothing"
    folder.mkdir()
    for name, data in content.items():
        (folder / name).write_bytes(data)
    bench.project.open(folder)
    wait_for_sentence(qtbot, told, "There are no images")
    assert sorted(path.name for path in folder.iterdir()) == sorted(content)
    assert bench.session.project is None


def test_broken_images_are_listed_and_the_others_go_on(
    qtbot: QtBot, bench: Workbench, told: list[Notice], pictures: Path
):
    good = (pictures / "part_0.png").read_bytes()
    (pictures / "a_cut_off.png").write_bytes(good[: len(good) // 2])
    (pictures / "b_empty.png").write_bytes(b"")
    (pictures / "c_text.jpg").write_bytes(b"this is no image")
    shutil.copyfile(pictures / "part_0.png", pictures / LONG_NAME)
    bench.project.open(pictures)
    broken = ("a_cut_off.png", "b_empty.png", "c_text.jpg")
    qtbot.waitUntil(
        lambda: all(bench.session.record(rel) and bench.session.record(rel).failure for rel in broken),
        timeout=PREDICTING_MS,
    )
    qtbot.waitUntil(
        lambda: all(item.predicted or item.failure for item in bench.session.images.records), timeout=PREDICTING_MS
    )
    assert bench.session.record(LONG_NAME).predicted
    bench.viewing.choose(LONG_NAME)
    wait_for_next(qtbot, bench, "")
    paint_scratch(qtbot, bench)
    approve(qtbot, bench)
    assert bench.session.record(LONG_NAME).status is ReviewStatus.APPROVED
    assert not [notice for notice in told if notice.level is Level.ERROR]


def test_an_image_deleted_while_it_is_open_keeps_its_mask(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    rel = bench.session.current
    paint_scratch(qtbot, bench)
    (pictures / rel).unlink()
    approve(qtbot, bench)
    assert bench.session.project.annotation_paths(rel)[0].is_file()


def test_a_folder_that_cannot_be_written_is_opened_all_the_same(
    qtbot: QtBot, bench: Workbench, told: list[Notice], pictures: Path, monkeypatch: pytest.MonkeyPatch
):
    # Permission bits do not stop root, so the probe itself says no.
    monkeypatch.setattr(project_places, "is_writable_folder", lambda path: False)
    open_and_predict(qtbot, bench, pictures)
    wait_for_sentence(qtbot, told, "cannot be written")
    paint_scratch(qtbot, bench)
    approve(qtbot, bench)
    assert not (pictures / "scratchgui").exists()


def test_a_full_disk_loses_nothing_and_is_said_once(
    qtbot: QtBot, bench: Workbench, told: list[Notice], pictures: Path, monkeypatch: pytest.MonkeyPatch
):
    open_and_predict(qtbot, bench, pictures)
    image = bench.session.image
    real = os.replace

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with qtbot.waitSignal(bench.autosave.failed):
        paint_scratch(qtbot, bench)
    wait_for_sentence(qtbot, told, "cannot be saved")
    assert image.document.dirty
    monkeypatch.setattr(os, "replace", real)
    assert bench.autosave.flush()
    assert not image.document.dirty


def test_a_damaged_mask_opens_read_only(qtbot: QtBot, bench: Workbench, told: list[Notice], pictures: Path):
    project = Project.for_folder(pictures)
    mask, info = project.annotation_paths("part_0.png")
    mask.parent.mkdir(parents=True)
    mask.write_bytes(b"\x89PNG no more")
    info.write_text("{}")
    bench.project.open(pictures)
    qtbot.waitUntil(lambda: bench.session.image is not None, timeout=PREDICTING_MS)
    bench.viewing.choose("part_0.png")
    qtbot.waitUntil(lambda: bench.session.image is not None and bench.session.image.rel == "part_0.png")
    assert bench.session.image.read_only
    assert not bench.canvas.editable
    assert not bench.correction.approve()
    assert mask.read_bytes() == b"\x89PNG no more"


@pytest.mark.parametrize("count", [0, 1])
def test_a_training_without_enough_images_is_refused(qtbot: QtBot, bench: Workbench, pictures: Path, count: int):
    open_and_predict(qtbot, bench, pictures)
    correct_all(qtbot, bench, count)
    with qtbot.waitSignal(bench.training.refused) as refused:
        bench.training.retrain()
    assert "reviewed" in refused.args[0]
    assert not bench.training.is_running
    assert bench.session.project.file.active_model is None


def test_a_damaged_model_falls_back_to_the_starter(
    qtbot: QtBot, bench: Workbench, told: list[Notice], pictures: Path, timid: Path
):
    project = Project.for_folder(pictures)
    folder = project.models_folder / "m1"
    shutil.copytree(timid, folder)
    save_card(folder, bench.registry.active_card().model_copy(update={"id": "m1"}))
    weights = folder / "model.bin"
    weights.write_bytes(np.roll(np.fromfile(weights, np.uint8), 1).tobytes())
    project.file.active_model = "m1"
    project.save()
    open_and_predict(qtbot, bench, pictures)
    wait_for_sentence(qtbot, told, "damaged")
    assert bench.inference.card.id == "timid"
    assert folder.is_dir()


def test_the_last_image_leads_to_the_report(qtbot: QtBot, bench: Workbench, told: list[Notice], pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    for _ in range(6):
        rel = approve(qtbot, bench, Qt.Key.Key_C)
        qtbot.waitUntil(lambda rel=rel: bench.session.current != rel or bool(told))
        qtbot.waitUntil(lambda: bench.session.image is not None)
        qtbot.waitUntil(bench.actions.action("clean_next").isEnabled)
    notice = wait_for_sentence(qtbot, told, "Every image is reviewed")
    assert notice.action_text == "Export report"
