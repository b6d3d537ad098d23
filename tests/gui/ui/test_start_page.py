from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication


def picture() -> QImage:
    image = QImage(64, 32, QImage.Format.Format_RGB32)
    image.fill(QColor(Qt.GlobalColor.red))
    return image


def test_the_buttons_ask(qtbot, window):
    page = window.start_page
    for button, signal in (
        (page.open_button, page.open_folder_requested),
        (page.sample_button, page.open_sample_requested),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_recent_projects_are_cards(qtbot, window):
    page = window.start_page
    page.set_recent([(f"P{n}", f"/data/p{n}", picture() if n else None, "24 images") for n in range(9)])
    assert [card.recent.name for card in page.cards] == ["P0", "P1", "P2", "P3", "P4", "P5"]
    qtbot.waitUntil(page.cards[1].isVisible)
    seen = page.cards[1].grab().toImage()
    assert seen.pixelColor(seen.width() // 2, seen.height() // 4) == QColor(Qt.GlobalColor.red)
    with qtbot.waitSignal(page.recent_chosen) as blocker:
        qtbot.mouseClick(page.cards[1], Qt.MouseButton.LeftButton)
    assert blocker.args == ["/data/p1"]


def test_while_something_opens_nothing_can_be_clicked(window):
    page = window.start_page
    page.set_busy("Opening castings…")
    assert not page.open_button.isEnabled()
    page.set_busy("")
    assert page.open_button.isEnabled()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.png").write_bytes(b"")
    return tmp_path


def drag(target, kind, data: QMimeData) -> bool:
    place = QPoint(40, 40) if kind is QDragEnterEvent else QPointF(40, 40)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = kind(place, copy, data, left, none)
    event.ignore()
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def mime(*paths) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


@pytest.mark.parametrize("name", ["", "a.png"])
def test_a_dropped_folder_or_file_opens_the_folder(qtbot, window, folder, name):
    data = mime(folder / name)
    assert drag(window.start_page, QDragEnterEvent, data)
    assert window.start_page.drop_zone.property("active")
    with qtbot.waitSignal(window.folder_dropped) as blocker:
        drag(window.start_page, QDropEvent, data)
    assert blocker.args == [str(folder)]
    assert not window.start_page.drop_zone.property("active")


def test_the_whole_window_takes_a_folder(qtbot, window, folder):
    assert drag(window, QDragEnterEvent, mime(folder))
    with qtbot.waitSignal(window.folder_dropped):
        drag(window, QDropEvent, mime(folder))


def test_other_things_are_not_taken(qtbot, window):
    text = QMimeData()
    text.setText("hello")
    assert not drag(window.start_page, QDragEnterEvent, text)
    assert not drag(window.start_page, QDragEnterEvent, mime("/nowhere/at/all"))


def test_the_drop_zone_goes_out_when_the_mouse_leaves(window, folder):
    drag(window.start_page, QDragEnterEvent, mime(folder))
    QApplication.sendEvent(window.start_page, QDragLeaveEvent())
    assert not window.start_page.drop_zone.property("active")
