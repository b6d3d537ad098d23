from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from scratchgui.ui.action_keys import ActionKey, Facts
from scratchgui.ui.command_palette import CommandPalette, Entry
from scratchgui.ui.palette_search import ranked


@pytest.fixture
def palette(qtbot, actions, window) -> CommandPalette:
    window.activateWindow()
    palette = CommandPalette(actions, window)
    palette.open()
    qtbot.waitUntil(palette.field.hasFocus)
    return palette


def texts(palette: CommandPalette) -> list[str]:
    return [match.entry.text for row in range(palette.model.rowCount()) if (match := palette.model.match_at(row))]


def test_typing_and_return_run_a_command(qtbot, actions, palette):
    qtbot.keyClicks(palette.field, "heat")
    with qtbot.waitSignal(actions.triggered) as blocker:
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert blocker.args == [ActionKey.HEAT_MAP, True]
    assert palette.isHidden()


def test_the_arrow_keys_go_over_headings_and_round(qtbot, palette):
    rows = palette.model.rows
    assert palette.model.match_at(0) is None
    assert palette.view.currentIndex().row() == 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.view.currentIndex().row() == len(rows) - 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.view.currentIndex().row() == 1


def test_a_click_runs_a_command(qtbot, actions, palette):
    qtbot.keyClicks(palette.field, "about")
    place = palette.view.visualRect(palette.model.index(0)).center()
    with qtbot.waitSignal(actions.triggered) as blocker:
        qtbot.mouseClick(palette.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert blocker.args[0] == ActionKey.ABOUT


def test_what_cannot_be_used_now_is_not_offered(actions, palette):
    assert "Export report…" in texts(palette)
    actions.apply(Facts())
    palette.dismiss()
    palette.open()
    assert "Export report…" not in texts(palette)
    assert "Open folder…" in texts(palette)


def test_what_was_used_lately_comes_first(qtbot, palette):
    qtbot.keyClicks(palette.field, "fit")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    palette.open()
    assert texts(palette)[0] == "Fit image"
    assert texts(palette).count("Fit image") == 1


def test_further_entries_are_found_and_run(qtbot, palette):
    seen = []
    palette.set_sources(lambda query: [Entry("ring_017.png", lambda: seen.append(query), "Images")])
    qtbot.keyClicks(palette.field, "017")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert seen == ["017"]


def test_nothing_found_is_said_and_return_does_nothing(qtbot, actions, palette):
    qtbot.keyClicks(palette.field, "xyzzy")
    with qtbot.assertNotEmitted(actions.triggered):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert texts(palette) == []
    assert palette.isVisible()


def test_esc_gives_the_keyboard_back(qtbot, actions, window):
    field = QLineEdit(window)
    field.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    palette = CommandPalette(actions, window)
    palette.open()
    qtbot.waitUntil(palette.field.hasFocus)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert palette.isHidden()
    qtbot.waitUntil(field.hasFocus)


def test_it_closes_when_the_keyboard_goes_elsewhere_or_a_click_is_beside_it(qtbot, window, palette):
    window.top_bar.search_button.setFocus()
    qtbot.waitUntil(palette.isHidden)
    palette.open()
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=palette.rect().bottomRight())
    assert palette.isHidden()


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("exp", "Export report…"),
        ("er", "Export report…"),
        ("report", "Export report…"),
        ("dark", "Switch light and dark"),
        ("theme dark", None),
        ("zm", None),
        ("opf", "Open folder…"),
        ("EXPORT", "Export report…"),
    ],
)
def test_letters_find_what_people_mean(query, best):
    names = ["Open folder…", "Export report…", "Switch light and dark", "Zoom in"]
    found = ranked(query, [Entry(name, lambda: None) for name in names])
    assert (found[0].entry.text if found else None) == best
