from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from scratchgui.core.project import DefectClass
from scratchgui.model.palette import ClassPalette
from scratchgui.settings import Settings
from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.dialogs.about_dialog import AboutDialog
from scratchgui.ui.dialogs.key_sheet import KeySheet
from scratchgui.ui.dialogs.settings_dialog import SettingsDialog
from scratchgui.ui.key_choices import KeyChoices
from scratchgui.ui.widgets.key_caps import KeyCaps, split_keys

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def classes(qtbot) -> ClassPalette:
    return ClassPalette()


@pytest.fixture
def settings(qtbot, classes) -> SettingsDialog:
    dialog = SettingsDialog(Settings(user_name="Ada", shortcuts={"clean_next": "G"}), classes)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open_for(Settings(user_name="Ada", shortcuts={"clean_next": "G"}))
    return dialog


@pytest.fixture
def changes(settings) -> list[dict[str, object]]:
    seen: list[dict[str, object]] = []
    settings.changed.connect(seen.append)
    return seen


def press(qtbot, settings, key, pressed, modifier=Qt.KeyboardModifier.NoModifier):
    settings.show_page(3)
    button = settings.keys.rows[key].key_button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.recording
    qtbot.keyClick(button, pressed, modifier)
    assert not button.recording


def test_showing_settings_changes_nothing(settings, changes):
    settings.show_settings(Settings(theme="light", training_minutes=7, tile=640, device="cpu", reduce_motion=True))
    assert changes == []
    assert settings.general.theme.value == "light"
    assert settings.model.minutes.value() == 7
    assert settings.model.presets.value == "custom"
    assert settings.model.tile.currentText() == "640 px"


def test_each_change_is_told_at_once(qtbot, settings, changes):
    qtbot.mouseClick(settings.general.theme.buttons["dark"], Qt.MouseButton.LeftButton)
    settings.general.user_name.setFocus()
    settings.general.user_name.selectAll()
    qtbot.keyClicks(settings.general.user_name, "Grace")
    qtbot.keyClick(settings.general.user_name, Qt.Key.Key_Return)
    settings.show_page(1)
    qtbot.mouseClick(settings.model.presets.buttons["normal"], Qt.MouseButton.LeftButton)
    normal = {"training_minutes": 10.0, "training_until_best": False}
    assert changes == [{"theme": "dark"}, {"user_name": "Grace"}, normal]
    qtbot.mouseClick(settings.model.presets.buttons["best"], Qt.MouseButton.LeftButton)
    assert changes[-1] == {"training_until_best": True}


def test_custom_minutes_can_be_typed(qtbot, settings, changes):
    settings.show_page(1)
    assert not settings.model.minutes.isEnabled()
    qtbot.mouseClick(settings.model.presets.buttons["custom"], Qt.MouseButton.LeftButton)
    settings.model.minutes.selectAll()
    qtbot.keyClicks(settings.model.minutes, "4.5")
    qtbot.keyClick(settings.model.minutes, Qt.Key.Key_Return)
    assert changes == [{"training_until_best": False}, {"training_minutes": 4.5, "training_until_best": False}]


def test_a_free_key_is_taken_at_once(qtbot, settings, changes):
    press(qtbot, settings, ActionKey.OPEN_SAMPLE, Qt.Key.Key_L, CTRL)
    assert changes == [{"shortcuts": {"open_sample": "Ctrl+L", "clean_next": "G"}}]


def test_a_key_of_another_action_is_refused_until_the_user_wants_it(qtbot, settings, changes):
    press(qtbot, settings, ActionKey.OPEN_SAMPLE, Qt.Key.Key_E, CTRL)
    row = settings.keys.rows[ActionKey.OPEN_SAMPLE]
    assert changes == []
    assert "Export report" in row.problem.text()
    qtbot.mouseClick(row.replace_button, Qt.MouseButton.LeftButton)
    assert changes == [{"shortcuts": {"open_sample": "Ctrl+E", "export_report": "", "clean_next": "G"}}]
    assert row.problem.isHidden() or not row.problem.isVisible()


def test_a_key_with_one_meaning_everywhere_is_refused(qtbot, settings, changes):
    press(qtbot, settings, ActionKey.OPEN_SAMPLE, Qt.Key.Key_Space)
    row = settings.keys.rows[ActionKey.OPEN_SAMPLE]
    assert changes == []
    assert row.problem.isVisible() and not row.replace_button.isVisible()


def test_esc_keeps_the_key_and_backspace_takes_it_away(qtbot, settings, changes):
    press(qtbot, settings, ActionKey.FIT, Qt.Key.Key_Escape)
    assert changes == []
    assert settings.isVisible()
    press(qtbot, settings, ActionKey.FIT, Qt.Key.Key_Backspace)
    assert changes == [{"shortcuts": {"clean_next": "G", "fit": ""}}]


def test_one_key_and_all_keys_go_back(qtbot, settings, changes):
    settings.show_page(3)
    assert settings.keys.rows[ActionKey.CLEAN_NEXT].reset_button.isVisible()
    assert not settings.keys.rows[ActionKey.FIT].reset_button.isVisible()
    qtbot.mouseClick(settings.keys.rows[ActionKey.CLEAN_NEXT].reset_button, Qt.MouseButton.LeftButton)
    assert changes == [{"shortcuts": {}}]
    press(qtbot, settings, ActionKey.FIT, Qt.Key.Key_G)
    qtbot.mouseClick(settings.keys.reset_all_button, Qt.MouseButton.LeftButton)
    assert changes[-1] == {"shortcuts": {}}
    assert not settings.keys.reset_all_button.isEnabled()


def test_keys_are_found_by_name_and_key(qtbot, settings):
    settings.show_page(3)
    qtbot.keyClicks(settings.keys.search, "heat")
    assert [key for key, row in settings.keys.rows.items() if row.isVisible()] == [ActionKey.HEAT_MAP]


def test_the_keys_of_classes_are_told_where_there_are_several(qtbot, settings, classes):
    settings.show_page(3)
    page = settings.keys
    scratch, dent = (DefectClass(name=name, color="#ff5a1f") for name in ("scratch", "dent"))
    classes.set_classes([scratch])
    assert not page.class_keys.isVisible()
    classes.set_classes([scratch, dent.model_copy(update={"digit": 7})])
    assert page.class_keys.isVisible()
    assert {cap.accessibleName() for cap in page.class_keys.findChildren(KeyCaps) if cap.isVisible()} == {"1", "7"}
    qtbot.keyClicks(page.search, "dent")
    assert page.class_keys.isVisible()
    assert not any(row.isVisible() for row in page.rows.values())
    assert "No command" not in " ".join(item.text() for item in page.findChildren(QLabel) if item.isVisible())
    qtbot.keyClicks(page.search, "x")
    assert not page.class_keys.isVisible()
    page.search.clear()
    with qtbot.waitSignal(settings.classes_requested):
        qtbot.mouseClick(page.class_keys.edit_button, Qt.MouseButton.LeftButton)
    classes.set_classes([scratch])
    assert not page.class_keys.isVisible()


def test_digits_are_kept_for_classes(qtbot, settings, changes):
    press(qtbot, settings, ActionKey.FIT, Qt.Key.Key_4)
    assert changes == []
    assert settings.keys.rows[ActionKey.FIT].problem.text() == "4 always stands for choosing a class."


def test_a_default_that_is_taken_back_leaves_its_new_owner():
    choices = KeyChoices({"open_sample": "Ctrl+E", "export_report": ""})
    choices.reset(ActionKey.EXPORT_REPORT)
    assert choices.text(ActionKey.EXPORT_REPORT) == "Ctrl+E"
    assert choices.changes == {}


@pytest.mark.parametrize(
    ("text", "caps"),
    [("Ctrl+Shift+O", ["Ctrl", "Shift", "O"]), ("Ctrl++", ["Ctrl", "+"]), ("+", ["+"]), ("Left", ["←"]), ("", [])],
)
def test_caps_of_a_shortcut(text, caps):
    assert split_keys(text) == caps


def test_the_key_sheet_follows_changed_keys_and_closes_with_esc(qtbot, actions, window):
    sheet = KeySheet(actions, window)
    sheet.open()
    names = {item.text() for item in sheet.findChildren(QLabel)}
    assert {"Review", "Mouse", "Approve and go on", "Brush size"} <= names
    actions.rebind({ActionKey.FIT: "Ctrl+L"})
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isHidden()


def test_about_copies_the_details(qtbot):
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    dialog.open_dialog()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert "Qt" in QGuiApplication.clipboard().text()
    with qtbot.waitSignal(dialog.log_requested):
        qtbot.mouseClick(dialog.log_button, Qt.MouseButton.LeftButton)
