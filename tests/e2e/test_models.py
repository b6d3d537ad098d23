"""Models in the whole program: renamed, deleted, brought back, used, and compared image by image."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt

from scratchgui.core.comparison import (
    COMPARISON_FOLDER,
    ComparedImage,
    ComparedModel,
    Comparison,
    save_comparison,
)
from scratchgui.core.mask import encode_mask
from scratchgui.core.model_card import load_card, save_card

from .test_journey import open_and_predict

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.notifications import Notice
    from scratchgui.ui.dialogs.models_dialog import ModelsDialog

READING_MS = 20_000


def add_model(bench: Workbench, starter: Path, model_id: str) -> Path:
    project = bench.session.project
    assert project is not None
    folder = project.models_folder / model_id
    shutil.copytree(starter, folder)
    save_card(folder, load_card(starter).model_copy(update={"id": model_id, "name": f"Mine · {model_id}"}))
    return folder


def open_models(qtbot: QtBot, bench: Workbench) -> ModelsDialog:
    bench.actions.action("models").trigger()
    dialog = bench.model_windows.models_dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.table.rowCount() > 0, timeout=READING_MS)
    return dialog


def choose(dialog: ModelsDialog, name: str) -> None:
    table = dialog.table
    table.setCurrentCell(next(row for row in range(table.rowCount()) if table.item(row, 0).text() == name), 0)


def test_models_are_renamed_deleted_brought_back_and_used(
    qtbot: QtBot, bench: Workbench, told: list[Notice], starter: Path, pictures: Path
):
    open_and_predict(qtbot, bench, pictures)
    folder = add_model(bench, starter, "m1")
    dialog = open_models(qtbot, bench)
    assert not dialog.back_button.isEnabled()

    dialog.renamed.emit("m1", "Evening shift")
    qtbot.waitUntil(lambda: load_card(folder).name == "Evening shift", timeout=READING_MS)
    qtbot.waitUntil(lambda: dialog.table.item(0, 0).text() == "Evening shift", timeout=READING_MS)

    choose(dialog, "Evening shift")
    qtbot.mouseClick(dialog.delete_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1, timeout=READING_MS)
    notice = next(notice for notice in told if notice.text == "Evening shift is deleted.")
    assert notice.action is not None
    notice.action()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 2, timeout=READING_MS)

    choose(dialog, "Evening shift")
    qtbot.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)
    project = bench.session.project
    qtbot.waitUntil(lambda: project.file.active_model == "m1", timeout=READING_MS)
    qtbot.waitUntil(dialog.back_button.isEnabled, timeout=READING_MS)
    assert not dialog.delete_button.isEnabled()
    qtbot.mouseClick(dialog.back_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: project.file.active_model is None, timeout=READING_MS)


def test_an_image_that_changes_is_shown_and_opens_with_a_click(
    qtbot: QtBot, bench: Workbench, starter: Path, pictures: Path
):
    open_and_predict(qtbot, bench, pictures)
    add_model(bench, starter, "m1")
    project = bench.session.project
    assert project is not None
    run = project.runs_folder / "1"
    (run / COMPARISON_FOLDER).mkdir(parents=True)
    for name, right in (("before.png", 40), ("after.png", 90)):
        mask = np.zeros((160, 224), np.uint8)
        mask[60:64, 20:right] = 1
        (run / COMPARISON_FOLDER / name).write_bytes(encode_mask(mask))
    image = ComparedImage(
        key="part_4.png",
        image=str(pictures / "part_4.png"),
        verdict_champion="OK",
        verdict_challenger="NG",
        champion_mask="before.png",
        challenger_mask="after.png",
        changed=True,
    )
    models = {"champion": ComparedModel(id="timid", name="v1"), "challenger": ComparedModel(id="m1", name="v2")}
    save_comparison(run, Comparison(**models, rule="", better=True, reason="Better.", images=[image]))

    dialog = open_models(qtbot, bench)
    choose(dialog, "Mine · m1")
    qtbot.mouseClick(dialog.changes_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bench.model_windows.comparison_window is not None, timeout=READING_MS)
    window = bench.model_windows.comparison_window
    assert window is not None
    card = window.gallery.cards["part_4.png"]
    qtbot.waitUntil(lambda: card.has_pictures, timeout=READING_MS)
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bench.session.current == "part_4.png", timeout=READING_MS)
