"""Several kinds of defects in the real window: add, choose, recolor, hide, lock, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from scratchgui.core.geometry import Box
from scratchgui.core.project import Project
from scratchgui.model.tool_key import ToolKey

from .test_journey import on_canvas, open_and_predict, paint_line, press, wait_for_next
from .test_trouble import wait_for_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.notifications import Notice


@pytest.fixture
def opened(qtbot: QtBot, bench: Workbench, pictures: Path) -> Workbench:
    open_and_predict(qtbot, bench, pictures)
    bench.session.image.document.clear()
    return bench


@pytest.fixture
def two(opened: Workbench) -> Workbench:
    """There is a class 2, and what class 1 marks at (20, 20) and class 2 at (60, 20) is 10 px wide."""
    assert opened.classes.add() == 2
    opened.classes.change(2, {"name": "dent"})
    document = opened.session.image.document
    document.fill(Box(20, 20, 10, 10), np.ones((10, 10), bool), 1, "Draw")
    document.fill(Box(60, 20, 10, 10), np.ones((10, 10), bool), 2, "Draw")
    return opened


def kept(bench: Workbench) -> list[tuple[str, bool, bool]]:
    """Name, hidden and locked of each class in project.json."""
    classes = Project.open(bench.session.project.folder).file.classes
    return [(item.name, item.hidden, item.locked) for item in classes if not item.removed]


def test_nothing_about_classes_is_shown_until_there_is_a_second_one(qtbot: QtBot, opened: Workbench):
    assert opened.tool_strip.classes.isHidden()
    assert not opened.actions.action("class_1").isVisible()
    opened.actions.action("classes").trigger()
    dialog = opened.commands.dialogs.classes_dialog
    qtbot.mouseClick(dialog.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.rows[2].name.hasFocus)
    qtbot.keyClicks(dialog.rows[2].name, "dent")
    qtbot.keyClick(dialog.rows[2].name, Qt.Key.Key_Return)
    assert kept(opened) == [("scratch", False, False), ("dent", False, False)]
    assert not opened.tool_strip.classes.isHidden()
    assert opened.actions.action("class_2").text() == "Class dent"
    assert not opened.actions.action("class_3").isVisible()
    dialog.close()


def test_the_list_of_defects_names_the_classes_once_there_are_two(qtbot: QtBot, two: Workbench):
    model = two.inspector.defects.view.model()
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    assert {model.index(row).data().split(",")[0][3:] for row in range(2)} == {"scratch", "dent"}
    two.classes.change(2, {"name": "stain"})
    assert {model.index(row).data().split(",")[0][3:] for row in range(2)} == {"scratch", "stain"}
    two.session.image.document.undo()
    two.classes.remove(2)
    qtbot.waitUntil(lambda: model.rowCount() == 1 and not two.editor.classes.several)
    assert "scratch" not in model.index(0).data()


def test_the_settings_lead_to_where_the_digits_are_set(qtbot: QtBot, two: Workbench):
    two.actions.action("settings").trigger()
    dialog = two.commands.dialogs.settings_dialog
    dialog.show_page(3)
    two.classes.change(2, {"digit": 5})
    assert "class dent 5" in dialog.keys.class_keys.words
    qtbot.mouseClick(dialog.keys.class_keys.edit_button, Qt.MouseButton.LeftButton)
    assert two.commands.dialogs.classes_dialog.isVisible()
    two.commands.dialogs.classes_dialog.close()
    dialog.close()
    press(two, Qt.Key.Key_5)
    assert two.editor.active_class == 2


def test_a_digit_chooses_the_class_that_is_painted(two: Workbench):
    press(two, Qt.Key.Key_2)
    two.editor.tool = ToolKey.BRUSH
    two.editor.brush_size = 5
    paint_line(two, on_canvas(two, 100, 100), on_canvas(two, 140, 100))
    assert two.session.image.document.mask[100, 120] == 2
    press(two, Qt.Key.Key_7)
    assert two.editor.active_class == 2


def test_a_digit_changes_the_class_of_the_selected_defect(two: Workbench):
    two.editor.tool = ToolKey.PICK
    QTest.mouseClick(two.canvas, Qt.MouseButton.LeftButton, pos=on_canvas(two, 25, 25))
    press(two, Qt.Key.Key_2)
    assert (two.session.image.document.mask[20:30, 20:30] == 2).all()
    press(two, Qt.Key.Key_1)
    assert (two.session.image.document.mask[20:30, 20:30] == 1).all()


def test_a_locked_class_stays_in_every_image_that_is_opened(qtbot: QtBot, two: Workbench):
    two.classes.change(2, {"locked": True})
    two.session.image.document.clear()
    mask = two.session.image.document.mask
    assert (mask[20:30, 60:70] == 2).all()
    assert not mask[20:30, 20:30].any()
    before = two.session.current
    two.viewing.step(1)
    wait_for_next(qtbot, two, before)
    assert two.session.image.document.locked == {2}
    two.classes.change(2, {"locked": False})
    assert two.session.image.document.locked == set()
    two.viewing.choose(before)
    qtbot.waitUntil(lambda: two.session.image is not None and two.session.image.rel == before)
    two.session.image.document.clear()
    assert not two.session.image.document.mask.any()


def test_choosing_a_hidden_class_shows_it(two: Workbench):
    two.tool_strip.classes.changed.emit(2, {"hidden": True})
    assert two.editor.classes.hidden == {2}
    assert kept(two)[1] == ("dent", True, False)
    press(two, Qt.Key.Key_2)
    assert two.editor.classes.hidden == frozenset()


def test_a_class_with_pixels_stays(qtbot: QtBot, two: Workbench, told: list[Notice]):
    two.classes.remove(2)
    assert "Undo" not in wait_for_sentence(qtbot, told, "“dent” is used in").action_text
    assert len(kept(two)) == 2


def test_a_class_in_a_saved_mask_of_another_image_stays(qtbot: QtBot, two: Workbench, told: list[Notice]):
    before = two.session.current
    two.viewing.step(1)
    wait_for_next(qtbot, two, before)
    two.classes.remove(2)
    assert before in wait_for_sentence(qtbot, told, "“dent” is used in").text
    assert len(kept(two)) == 2


def test_the_models_class_stays(qtbot: QtBot, two: Workbench, told: list[Notice]):
    two.session.image.document.clear()
    two.classes.remove(1)
    wait_for_sentence(qtbot, told, "The model in use finds “scratch”")
    assert len(kept(two)) == 2


def test_an_unused_class_is_removed_and_brought_back(qtbot: QtBot, two: Workbench, told: list[Notice]):
    assert two.classes.add() == 3
    two.classes.choose(3)
    two.classes.change(3, {"name": "stain", "color": "#123456"})
    two.classes.remove(3)
    notice = wait_for_sentence(qtbot, told, "The class “stain” is removed.")
    assert [name for name, *_ in kept(two)] == ["scratch", "dent"]
    assert two.editor.active_class == 1
    notice.action()
    assert [name for name, *_ in kept(two)] == ["scratch", "dent", "stain"]
    assert two.editor.classes.color(3) == "#123456"


def test_a_color_changes_list_and_thumbnails(qtbot: QtBot, two: Workbench):
    with qtbot.waitSignal(two.session.images.dataChanged):
        two.classes.change(1, {"color": "#00ff00"})
    assert two.editor.classes.colors[0] == "#00ff00"
    two.classes.change(1, {"color": "nonsense"})
    assert two.editor.classes.colors[0] == "#00ff00"


def test_what_cannot_be_written_is_told_and_left_as_it_was(
    qtbot: QtBot, two: Workbench, told: list[Notice], monkeypatch: pytest.MonkeyPatch
):
    from scratchgui.core.errors import ProjectError

    def fail(_: Project) -> None:
        raise ProjectError("The project cannot be saved (disk full)")

    monkeypatch.setattr(Project, "save", fail)
    two.classes.change(2, {"name": "pit"})
    wait_for_sentence(qtbot, told, "disk full")
    assert two.editor.classes.name(2) == "dent"
