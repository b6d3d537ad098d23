"""The buttons of the classes and the list in which they are edited."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from scratchgui.core.class_edits import with_added, with_changed
from scratchgui.core.project import DefectClass
from scratchgui.ui.class_chip import luminance
from scratchgui.ui.class_chooser import ClassChooser
from scratchgui.ui.dialogs.classes_dialog import ClassesDialog


@pytest.fixture
def classes() -> list[DefectClass]:
    return [DefectClass(name=name, color=color) for name, color in (("scratch", "#ff5a1f"), ("dent", "#56b4e9"))]


@pytest.fixture
def chooser(qtbot, editor) -> ClassChooser:
    made = ClassChooser(editor)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(qtbot, editor, classes) -> ClassesDialog:
    editor.classes.set_classes(classes)
    made = ClassesDialog(editor.classes)
    qtbot.addWidget(made)
    made.open_dialog()
    return made


def test_one_class_is_not_shown(editor, chooser, classes):
    editor.classes.set_classes(classes[:1])
    assert chooser.isHidden()
    editor.classes.set_classes(classes)
    assert not chooser.isHidden()
    assert "(2)" in chooser.chip(2).toolTip()


def test_a_chip_says_that_its_class_is_hidden_or_locked(editor, chooser, classes):
    plain = grabbed(editor, chooser, classes)
    hidden = grabbed(editor, chooser, [classes[0], classes[1].model_copy(update={"hidden": True})])
    locked = grabbed(editor, chooser, [classes[0], classes[1].model_copy(update={"locked": True})])
    assert plain != hidden != locked != plain
    assert "dent, locked" in chooser.chip(2).toolTip()


def grabbed(editor, chooser, classes):
    editor.classes.set_classes(classes)
    return chooser.chip(2).grab().toImage()


def test_the_menu_of_a_chip_hides_and_locks(qtbot, editor, chooser, classes):
    editor.classes.set_classes([classes[0], classes[1].model_copy(update={"locked": True})])
    hide, unlock, _, edit = chooser.changes_menu(2).actions()
    assert (hide.text(), unlock.text()) == ("Hide dent", "Unlock dent")
    with qtbot.waitSignal(chooser.changed) as told:
        hide.trigger()
    assert told.args == [2, {"hidden": True}]
    with qtbot.waitSignal(chooser.changed) as told:
        unlock.trigger()
    assert told.args == [2, {"locked": False}]
    with qtbot.waitSignal(chooser.edit_requested):
        edit.trigger()


def test_many_classes_do_not_make_the_strip_longer_than_the_digits(qtbot, editor, chooser, classes):
    while len(classes) < 30:
        classes, _ = with_added(classes)
    editor.classes.set_classes(classes)
    assert [label for label in range(1, 31) if chooser.chip(label)] == list(range(1, 10))
    with qtbot.waitSignal(chooser.chosen) as told:
        chooser.all_menu().actions()[20].trigger()
    assert told.args == [21]
    editor.active_class = 21
    assert chooser.chip(21).isChecked()
    assert chooser.chip(9) is not None


def test_the_list_tells_what_is_changed(qtbot, dialog):
    row = dialog.rows[2]
    with qtbot.waitSignal(dialog.changed) as told:
        row.name.selectAll()
        qtbot.keyClicks(row.name, " pit ")
        qtbot.keyClick(row.name, Qt.Key.Key_Return)
    assert told.args == [2, {"name": "pit"}]
    assert dialog.isVisible(), "Enter ends the name, not the list"
    for button, changes in ((row.eye, {"hidden": True}), (row.lock, {"locked": True})):
        with qtbot.waitSignal(dialog.changed) as told:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert told.args == [2, changes]
    with qtbot.waitSignal(dialog.changed) as told:
        row.digit.setCurrentIndex(7)
        row.digit.activated.emit(7)
    assert told.args == [2, {"digit": 7}]
    with qtbot.waitSignal(dialog.remove_requested) as told:
        qtbot.mouseClick(row.remove, Qt.MouseButton.LeftButton)
    assert told.args == [2]


def test_a_pattern_is_chosen_with_the_keyboard(qtbot, editor, dialog, classes):
    box = dialog.rows[2].pattern
    assert [box.itemText(index) for index in range(box.count())] == ["Plain", "Diagonal", "Crossed", "Dotted"]
    assert box.currentText() == "Plain"
    box.setFocus()
    with qtbot.waitSignal(dialog.changed) as told:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert told.args == [2, {"pattern": "diagonal"}]
    editor.classes.set_classes(with_changed(classes, 2, **told.args[1]))
    assert (box.currentText(), dialog.rows[1].pattern.currentText()) == ("Diagonal", "Plain")
    with qtbot.waitSignal(dialog.changed) as told:
        qtbot.keyClick(box, Qt.Key.Key_Up)
    assert told.args == [2, {"pattern": "plain"}]


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_a_pattern_is_chosen_from_the_open_list(qtbot, dialog):
    box = dialog.rows[1].pattern
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    rows = box.view()
    qtbot.waitUntil(rows.isVisible)
    assert rows.currentIndex().row() == 0
    qtbot.keyClick(rows, Qt.Key.Key_End)
    assert rows.currentIndex().row() == 3
    with qtbot.waitSignal(dialog.changed) as told:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert told.args == [1, {"pattern": "dotted"}]


def test_a_pattern_of_a_newer_program_stays_until_another_is_chosen(qtbot, editor, dialog, classes):
    editor.classes.set_classes(with_changed(classes, 2, pattern="wavy"))
    box = dialog.rows[2].pattern
    assert box.currentText() == "Plain"
    with qtbot.assertNotEmitted(dialog.changed):
        qtbot.keyClick(box, Qt.Key.Key_P)
        qtbot.keyClick(box, Qt.Key.Key_Up)
    with qtbot.waitSignal(dialog.changed):
        qtbot.keyClick(box, Qt.Key.Key_Down)


def test_each_pattern_is_seen_in_the_classes_color(editor, dialog, classes):
    box, seen = dialog.rows[2].pattern, set()
    for index in range(box.count()):
        patch = box.itemIcon(index).pixmap(16, 16).toImage()
        colors = {patch.pixelColor(x, y).name() for x in range(3, 13) for y in range(3, 13)}
        assert classes[1].color in colors
        assert (len(colors) > 1) == (index > 0)
        seen.add(bytes(patch.constBits()))
    assert len(seen) == box.count()
    editor.classes.set_classes(with_changed(classes, 2, color="#112233"))
    assert box.itemIcon(0).pixmap(16, 16).toImage().pixelColor(8, 8).name() == "#112233"


def test_a_name_that_is_emptied_comes_back(qtbot, dialog):
    row = dialog.rows[1]
    row.name.selectAll()
    with qtbot.assertNotEmitted(dialog.changed):
        qtbot.keyClick(row.name, Qt.Key.Key_Delete)
        qtbot.keyClick(row.name, Qt.Key.Key_Return)
    assert row.name.text() == "scratch"


def test_the_list_follows_the_classes_and_keeps_its_rows(editor, dialog, classes):
    row = dialog.rows[1]
    more, label = with_added(classes)
    editor.classes.set_classes(more)
    assert dialog.rows[1] is row
    assert dialog.rows[label].name.text() == "class 3"
    editor.classes.set_classes(classes[:1])
    assert list(dialog.rows) == [1]
    assert not row.remove.isEnabled(), "one class stays"


def test_the_digit_on_a_chip_can_be_read_on_any_color():
    from PySide6.QtGui import QColor

    for value in range(0, 256, 15):
        light = luminance(QColor(value, value, value))
        dark_text, white_text = (light + 0.05) / (luminance(QColor("black")) + 0.05), 1.05 / (light + 0.05)
        assert (dark_text if light > 0.18 else white_text) >= 4
