"""What one does beside the main path: move the project, sort by date, change settings, find things by name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from scratchgui.app import palette_source
from scratchgui.app.settings_applier import apply_changes
from scratchgui.core.project import ReviewStatus
from scratchgui.model.image_list_model import SortKey
from scratchgui.settings import SettingsStore
from scratchgui.ui import theme

from .test_journey import PREDICTING_MS, approve, open_and_predict, paint_scratch
from .test_trouble import wait_for_sentence

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.notifications import Notice


def test_a_project_moves_to_the_folder_of_the_users_choice(
    qtbot: QtBot, bench: Workbench, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    open_and_predict(qtbot, bench, pictures)
    rel = bench.session.current
    paint_scratch(qtbot, bench)
    approve(qtbot, bench)
    place = tmp_path / "other drive"
    place.mkdir()
    monkeypatch.setattr("scratchgui.app.commands.QFileDialog.getExistingDirectory", lambda *_: str(place))
    bench.actions.action("move_project").trigger()
    with qtbot.waitSignal(bench.project.states_loaded, timeout=PREDICTING_MS):
        pass
    assert bench.session.project.folder.parent == place
    assert bench.session.record(rel).status is ReviewStatus.APPROVED
    assert not (pictures / "scratchgui" / "project.json").exists()


def test_a_move_that_cannot_be_comes_back(
    qtbot: QtBot, bench: Workbench, told: list[Notice], pictures: Path, monkeypatch: pytest.MonkeyPatch
):
    open_and_predict(qtbot, bench, pictures)
    inside = bench.session.project.folder
    with qtbot.waitSignal(bench.project.states_loaded, timeout=PREDICTING_MS):
        bench.project.move(inside)
    wait_for_sentence(qtbot, told, "into itself")
    assert bench.session.project.folder == inside


def test_the_queue_is_sorted_by_date(qtbot: QtBot, bench: Workbench, pictures: Path):
    for index, age in enumerate((3, 0, 5, 1, 4, 2)):
        os.utime(pictures / f"part_{index}.png", (1_000_000 - age, 1_000_000 - age))
    open_and_predict(qtbot, bench, pictures)
    images = bench.session.images
    images.set_sort(SortKey.DATE)
    newest_first = [f"part_{index}.png" for index in (1, 3, 5, 0, 4, 2)]
    qtbot.waitUntil(lambda: [images.record(row).rel for row in range(6)] == newest_first)


def test_settings_take_effect_at_once_and_are_kept(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    bench.editor.brush_size = 33
    with qtbot.waitSignal(bench.inference.model_changed):  # tiles of another size: all is predicted again
        apply_changes(bench, {"theme": "light", "tile": 256, "shortcuts": {"fit": "Ctrl+Alt+F"}, "user_name": "Ada"})
    assert not theme.current().dark
    assert bench.actions.action("fit").shortcut().toString() == "Ctrl+Alt+F"
    assert bench.autosave.who == "Ada"
    assert bench.editor.brush_size == 33
    again = SettingsStore()
    again.load()
    assert (again.value.theme, again.value.tile, again.value.brush_size) == ("light", 256, 33)
    qtbot.waitUntil(lambda: bench.session.image.prediction is not None, timeout=PREDICTING_MS)


def test_ctrl_f_searches_the_list_from_wherever_one_is(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    bench.window.set_panels_visible(False)
    bench.canvas.setFocus()
    qtbot.keyClick(bench.canvas, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    search = bench.queue.header.search
    qtbot.waitUntil(search.hasFocus)
    for letters in ("_3", "_4"):  # what was searched before is replaced by what is typed
        qtbot.keyClicks(bench.window.focusWidget(), letters)
        qtbot.waitUntil(lambda: bench.session.images.rowCount() == 1)
        qtbot.waitUntil(lambda wanted=letters: bench.session.images.record(0).rel == f"part{wanted}.png")
        qtbot.keyClick(search, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bench.session.images.rowCount() == 6)
    assert bench.queue.view.hasFocus()


def test_the_palette_finds_images_and_other_projects(qtbot: QtBot, bench: Workbench, pictures: Path, tmp_path: Path):
    bench.store.update(recent=[str(tmp_path / "elsewhere")])
    open_and_predict(qtbot, bench, pictures)
    assert [entry.text for entry in palette_source.entries(bench, "")] == ["elsewhere"]
    found = palette_source.entries(bench, "PART 3")
    assert [entry.text for entry in found] == ["part_3.png", "elsewhere"]
    found[0].run()
    assert bench.session.current == "part_3.png"
