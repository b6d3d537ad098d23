from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage

from scratchgui.core.project import ImageRecord, ReviewStatus
from scratchgui.core.verdict import Verdict
from scratchgui.model.image_list_model import FilterKey, ImageListModel
from scratchgui.ui import theme
from scratchgui.ui.docks.queue_delegate import ROW_HEIGHT, score_text
from scratchgui.ui.docks.queue_panel import QueuePanel
from scratchgui.ui.verdict_look import VERDICT_LOOKS, status_look, status_tip, verdict_look


@pytest.fixture
def panel(qtbot, images) -> QueuePanel:
    panel = QueuePanel(images)
    qtbot.addWidget(panel)
    panel.resize(264, 900)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def row_center(panel: QueuePanel, row: int) -> QPoint:
    return panel.view.visualRect(panel.view.model().index(row)).center()


def test_a_click_goes_to_an_image(qtbot, panel):
    with qtbot.waitSignal(panel.activated) as blocker:
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=row_center(panel, 2))
    assert blocker.args == ["c.png"]


def test_the_arrow_keys_go_through_the_images(qtbot, panel):
    panel.set_current("a.png")
    with qtbot.waitSignal(panel.activated) as blocker:
        qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert blocker.args == ["b.png"]


def test_home_and_end_go_to_the_first_and_last_image(qtbot, panel):
    panel.set_current("b.png")
    qtbot.keyClick(panel.view, Qt.Key.Key_End)
    assert panel.view.currentIndex().row() == 4
    qtbot.keyClick(panel.view, Qt.Key.Key_Home)
    assert panel.view.currentIndex().row() == 0


def test_letters_do_not_move_the_selection(qtbot, panel):
    panel.set_current("a.png")
    with qtbot.assertNotEmitted(panel.activated):
        qtbot.keyClick(panel.view, Qt.Key.Key_C)


def test_selecting_from_outside_tells_nobody(qtbot, panel):
    with qtbot.assertNotEmitted(panel.activated):
        panel.set_current("c.png")
        panel.set_current("")
        panel.set_current("c.png")
    assert panel.view.currentIndex().row() == 2


def test_the_selection_stays_with_its_image_when_rows_are_arranged(qtbot, panel, images):
    panel.set_current("c.png")
    with qtbot.assertNotEmitted(panel.activated):
        panel.header.chips[FilterKey.TO_REVIEW].click()
    assert images.row_of("c.png") == 1
    assert panel.view.currentIndex().row() == 1


def test_chips_say_how_many_and_filter(qtbot, panel, images):
    chips = panel.header.chips
    assert [chip.text() for chip in chips.values()] == ["All  5", "To review  3", "NG  1", "OK  1", "Failed  1"]
    chips[FilterKey.NG].click()
    assert images.rowCount() == 1
    images.records[3].status = ReviewStatus.APPROVED
    images.update("d.png")
    qtbot.waitUntil(lambda: chips[FilterKey.TO_REVIEW].text() == "To review  2")


def test_without_failures_there_is_no_chip_for_them(qtbot):
    model = ImageListModel()
    model.set_records([ImageRecord("a.png")])
    panel = QueuePanel(model)
    qtbot.addWidget(panel)
    assert panel.header.chips[FilterKey.FAILED].isHidden()


def test_searching_and_an_empty_list_with_a_way_back(qtbot, panel, images):
    panel.focus_search()
    with qtbot.waitSignal(images.modelReset):
        qtbot.keyClicks(panel.header.search, "zz")
    qtbot.waitUntil(lambda: images.rowCount() == 0)
    assert panel.view.isHidden()
    qtbot.mouseClick(panel._nothing.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: images.rowCount() == 5)
    assert not panel.view.isHidden()


def test_escape_empties_the_search_and_goes_to_the_list(qtbot, panel):
    panel.header.search.setText("a")
    with qtbot.waitSignal(panel.header.search.left):
        qtbot.keyClick(panel.header.search, Qt.Key.Key_Escape)
    assert panel.header.search.text() == ""


def test_sorting_again_is_offered_when_something_changed(panel, images):
    assert not panel.header.resort_action.isEnabled()
    images.update("a.png")
    assert panel.header.resort_action.isEnabled()
    panel.header.resort_action.trigger()
    assert not panel.header.resort_action.isEnabled()


def test_visible_rows_ask_for_their_pictures_and_show_them(qtbot, panel, images):
    wanted: list[str] = []
    images.clear_thumbnails()
    images.thumbnail_wanted.connect(wanted.append)
    panel.grab()
    assert set(wanted) == {"a.png", "b.png", "c.png", "d.png", "e.png"}
    picture = QImage(112, 112, QImage.Format.Format_RGB32)
    picture.fill(QColor(0, 0, 255))
    images.set_thumbnail("a.png", picture)
    shown = panel.view.viewport().grab().toImage()
    assert shown.pixelColor(60, ROW_HEIGHT // 2) == QColor(0, 0, 255)


def test_the_bar_is_as_long_as_the_score_and_in_the_verdict_s_color(panel):
    shown = panel.view.viewport().grab().toImage()
    # The bar of the first row lies 3 px over the text's lower edge, from x = 98 to the right.
    line = [shown.pixelColor(x, 6 + 52 - 2).name() for x in range(98, panel.view.viewport().width() - 12)]
    assert line.count(theme.current().ng) == pytest.approx(0.93 * len(line), abs=8)


@pytest.mark.parametrize(
    ("record", "icon"),
    [
        (ImageRecord("x"), "status-new"),
        (ImageRecord("x", predicted=True), "status-predicted"),
        (ImageRecord("x", predicted=True, status=ReviewStatus.CORRECTED), "status-corrected"),
        (ImageRecord("x", status=ReviewStatus.APPROVED), "status-approved"),
        (ImageRecord("x", status=ReviewStatus.APPROVED, failure="Gone."), "status-failed"),
    ],
)
def test_dots(record, icon):
    assert status_look(record).icon == icon


@pytest.mark.parametrize(("score", "text"), [(0.934, ".93"), (0.0, ".00"), (0.999, "1.0"), (1.0, "1.0")])
def test_scores_are_short(score, text):
    assert score_text(score) == text


def test_a_screen_of_a_hundred_thousand_rows_is_painted_in_no_time(qtbot):
    score = np.random.default_rng(1).random(100_000)
    model = ImageListModel()
    model.set_records(
        [ImageRecord(f"line/img_{i:06}.png", score=float(s), verdict=Verdict.NG) for i, s in enumerate(score)]
    )
    panel = QueuePanel(model)
    qtbot.addWidget(panel)
    panel.resize(264, 900)
    panel.show()
    picture = QImage(112, 112, QImage.Format.Format_RGB32)
    for row in range(500, 520):
        model.set_thumbnail(model.record(row).rel, picture)
    panel.view.scrollTo(model.index(500), panel.view.ScrollHint.PositionAtTop)
    panel.view.viewport().grab()
    times = []
    for _ in range(5):
        start = time.process_time()
        panel.view.viewport().grab()
        times.append(time.process_time() - start)
    assert min(times) < 0.025


def test_a_stale_verdict_is_gray_and_says_whose_it_is():
    record = ImageRecord("a.png", verdict=Verdict.NG, score=0.9, made_by="U-Net B0 · v2")
    assert record.is_stale
    assert verdict_look(record) == VERDICT_LOOKS[Verdict.NG]._replace(token="muted")
    assert "Made by U-Net B0 · v2; it is being renewed." in status_tip(record)
    record.predicted = True
    assert verdict_look(record) == VERDICT_LOOKS[Verdict.NG]
    assert "Made by" not in status_tip(record)
    record.predicted, record.status = False, ReviewStatus.APPROVED
    assert verdict_look(record) == VERDICT_LOOKS[Verdict.NG]  # the inspector's own


def test_a_stale_row_is_painted_without_color_and_with_a_clock(panel, images):
    record = images.record(0)
    record.verdict, record.score, record.predicted, record.made_by = Verdict.NG, 0.9, True, "v2"
    record.status, record.failure = ReviewStatus.NEW, None
    ng = QColor(theme.current().ng)

    def pictures():
        images.repaint_all()
        picture = panel.view.viewport().grab(panel.view.visualRect(images.index(0))).toImage()
        colors = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
        return picture, sum(color == ng for color in colors)

    fresh, colored = pictures()
    assert colored > 20
    record.predicted = False
    stale, colored = pictures()
    assert colored == 0
    assert stale != fresh
