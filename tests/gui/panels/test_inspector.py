from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from scratchgui.core.cutting import Cutting
from scratchgui.core.geometry import Box
from scratchgui.core.model_card import ModelCard
from scratchgui.core.verdict import Judgement, Verdict
from scratchgui.ui.docks.defect_section import DefectSection
from scratchgui.ui.docks.inspector import InspectorPanel
from scratchgui.ui.docks.sensitivity_section import SensitivitySection
from scratchgui.ui.docks.verdict_section import VerdictSection


@pytest.fixture
def sensitivity(qtbot) -> SensitivitySection:
    section = SensitivitySection()
    qtbot.addWidget(section)
    section.resize(320, 140)
    section.show()
    return section


@pytest.fixture
def defects(qtbot, regions) -> DefectSection:
    section = DefectSection()
    qtbot.addWidget(section)
    section.resize(320, 300)
    section.set_regions(regions)
    section.show()
    return section


def row_center(section: DefectSection, row: int) -> QPoint:
    return section.view.visualRect(section.view.model().index(row)).center()


def test_the_verdict_has_word_rule_and_count(qtbot):
    section = VerdictSection()
    qtbot.addWidget(section)
    height = section.heightForWidth(320)
    section.show_judgement(Judgement(Verdict.NG, "Defect area 0.62% > 0.50%", 0.0062, 3), 3)
    assert section._word.text() == "NG"
    assert section._rule.text() == "Defect area 0.62% > 0.50%"
    assert section._count.text() == "3 defects"
    assert section.heightForWidth(320) == height


def test_dragging_tells_the_threshold_live(qtbot, sensitivity):
    told: list[float] = []
    sensitivity.cutting_changed.connect(lambda cutting: told.append(cutting.threshold))
    slider = sensitivity.slider
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, 50))
    qtbot.mouseMove(slider, QPoint(slider.width() * 3 // 4, 50))
    qtbot.mouseMove(slider, QPoint(slider.width() + 50, 50))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)
    assert told[-1] == pytest.approx(0.01)
    assert 0.2 < told[0] < 0.3
    assert sensitivity._threshold.text() == "threshold 0.01"


def test_setting_the_threshold_tells_nobody(qtbot, sensitivity):
    with qtbot.assertNotEmitted(sensitivity.cutting_changed):
        sensitivity.set_cutting(Cutting(0.36, min_area=5, low_threshold=0.2))
    assert sensitivity._value.text() == "64%"
    assert sensitivity._threshold.text() == "threshold 0.36"


def test_a_double_click_and_delete_go_back_to_the_default(qtbot, sensitivity):
    sensitivity.set_default(0.4)
    qtbot.mouseDClick(sensitivity.slider, Qt.MouseButton.LeftButton, pos=QPoint(20, 50))
    assert sensitivity.slider.value() == 60
    qtbot.keyClick(sensitivity.slider, Qt.Key.Key_Right)
    assert sensitivity.slider.value() == 61
    qtbot.keyClick(sensitivity.slider, Qt.Key.Key_Delete)
    assert sensitivity.slider.value() == 60


def test_applying_to_all_is_offered_until_it_is_done(qtbot, sensitivity):
    assert not sensitivity.apply_button.isEnabled()
    # The program sets what the slider told it: the offer has to stay.
    sensitivity.cutting_changed.connect(sensitivity.set_cutting)
    sensitivity.slider.setValue(70)
    assert sensitivity.apply_button.isEnabled()
    with qtbot.waitSignal(sensitivity.apply_to_all_requested):
        qtbot.mouseClick(sensitivity.apply_button, Qt.MouseButton.LeftButton)
    assert not sensitivity.apply_button.isEnabled()
    sensitivity.set_cutting(Cutting())
    assert sensitivity.apply_button.isEnabled()


def test_more_shows_what_else_there_is_to_set(qtbot, sensitivity):
    assert not sensitivity.rows.isVisible()
    sensitivity.set_cutting(Cutting(0.5, 8, low_threshold=0.3, longest_gap=12))
    assert sensitivity.more_button.text() == "More: faint parts, gaps"
    with qtbot.waitSignal(sensitivity.more_toggled) as told:
        qtbot.mouseClick(sensitivity.more_button, Qt.MouseButton.LeftButton)
    assert told.args == [True]
    assert sensitivity.rows.isVisible()
    assert sensitivity.more_button.text() == "More"
    shown = {name: field.text() for name, field in sensitivity.rows.fields.items()}
    assert shown == {
        "low_threshold": "0.30",
        "largest_hole": "Off",
        "longest_gap": "12 px",
        "min_area": "8 px²",
    }


def test_each_number_acts_at_once_and_zero_is_off(qtbot, sensitivity):
    sensitivity.set_cutting(Cutting(0.5, 8))
    sensitivity.show_more(True)
    told: list[Cutting] = []
    sensitivity.cutting_changed.connect(told.append)
    fields = sensitivity.rows.fields
    for name in ("low_threshold", "largest_hole", "longest_gap", "min_area"):
        qtbot.keyClick(fields[name], Qt.Key.Key_Up)
    assert told[-1] == Cutting(0.5, 9, low_threshold=0.05, largest_hole=5, longest_gap=2)
    assert len(told) == 4
    for name in fields:
        fields[name].setValue(0)
    assert told[-1] == Cutting(0.5)
    assert {field.text() for field in fields.values()} == {"Off"}


def test_a_typed_number_acts_once_it_is_complete(qtbot, sensitivity):
    told: list[Cutting] = []
    sensitivity.show_more(True)
    sensitivity.cutting_changed.connect(told.append)
    field = sensitivity.rows.fields["longest_gap"]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "120")
    assert told == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [cutting.longest_gap for cutting in told] == [120]


def test_faint_parts_that_the_threshold_covers_have_no_effect(sensitivity):
    sensitivity.set_cutting(Cutting(0.4, low_threshold=0.5))
    assert sensitivity.more_button.text() == "More"
    assert sensitivity.rows.fields["low_threshold"].text() == "0.50 (no effect)"
    sensitivity.slider.setValue(40)
    assert sensitivity.more_button.text() == "More: faint parts"
    assert sensitivity.rows.fields["low_threshold"].text() == "0.50"


def test_large_areas_are_read_and_typed_in_thousands(qtbot, sensitivity):
    sensitivity.set_cutting(Cutting(largest_hole=250_000))
    field = sensitivity.rows.fields["largest_hole"]
    field.setLocale(QLocale("en_US"))
    assert field.text() == "250,000 px²"
    for typed in ("12,000", "12000"):
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert field.value() == 12_000


def test_any_of_the_numbers_can_be_applied_to_all(qtbot, sensitivity):
    sensitivity.set_applied(Cutting(0.5, 8))
    sensitivity.set_cutting(Cutting(0.5, 8))
    assert not sensitivity.apply_button.isEnabled()
    sensitivity.rows.fields["longest_gap"].setValue(4)
    assert sensitivity.apply_button.isEnabled()
    sensitivity.rows.fields["longest_gap"].setValue(0)
    assert not sensitivity.apply_button.isEnabled()


def test_the_wheel_scrolls_the_panel_and_changes_no_number(qtbot, sensitivity):
    sensitivity.show_more(True)
    field = sensitivity.rows.fields["min_area"]
    field.clearFocus()
    at = QPointF(field.rect().center())
    event = QWheelEvent(
        at,
        field.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    assert not event.isAccepted()
    assert field.value() == 0


def test_the_histogram_is_higher_where_more_pixels_are(sensitivity):
    counts = np.zeros(256, np.int64)
    counts[250] = 100_000
    sensitivity.set_histogram(counts)
    picture = sensitivity.slider.grab().toImage()
    empty = picture.pixelColor(200, 20)
    assert picture.pixelColor(13, 20) != empty
    sensitivity.set_histogram(np.zeros(256, np.int64))
    assert sensitivity.slider.grab().toImage().pixelColor(13, 20) == empty


def test_hovering_and_choosing_a_defect(qtbot, defects):
    viewport = defects.view.viewport()
    with qtbot.waitSignal(defects.hovered) as hovered:
        qtbot.mouseMove(viewport, row_center(defects, 1))
    assert hovered.args == [2]
    with qtbot.waitSignal(defects.chosen) as chosen:
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=row_center(defects, 2))
    assert chosen.args == [3]


def test_several_defects_are_deleted_at_once(qtbot, defects):
    viewport = defects.view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=row_center(defects, 0))
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, row_center(defects, 2))
    assert not defects.delete_button.isHidden()
    with qtbot.waitSignal(defects.delete_requested) as blocker:
        qtbot.keyClick(defects.view, Qt.Key.Key_Delete)
    assert blocker.args == [[1, 3]]


def test_selecting_from_outside_tells_nobody(qtbot, defects):
    with qtbot.assertNotEmitted(defects.chosen):
        defects.select(4)
        defects.select(99)
    assert defects.selected() == [4]


def test_no_defects_is_a_sentence(defects):
    defects.set_regions([])
    assert defects.view.isHidden()
    assert defects._empty.text() == "No defects found at this sensitivity."
    assert not defects._empty.isHidden()


def test_thousands_of_defects_scroll_in_a_short_list(defects, regions):
    defects.set_regions(regions * 2000)
    assert defects.view.height() < 300
    assert defects.view.model().rowCount() == 8000
    assert defects.view.model().index(0).data() == "1: 128 × 6 px, 412 px², 97%"


def test_class_names_are_in_the_list_only_where_there_are_several(qtbot, defects, regions):
    defects.set_regions([regions[0], replace(regions[1], label=2), replace(regions[2], label=7)])
    assert "dent" not in defects.view.model().index(1).data()
    low = defects.view.visualRect(defects.view.model().index(0)).height()
    defects.set_classes(["#ff5a1f", "#56b4e9"], {1: "scratch", 2: "dent"})
    qtbot.waitUntil(lambda: defects.view.visualRect(defects.view.model().index(0)).height() > low)
    assert [defects.view.model().index(row).data().split(",")[0] for row in range(3)] == [
        "1: scratch",
        "2: dent",
        "3: class 7",
    ]
    assert defects.view.height() == 3 * defects.view.visualRect(defects.view.model().index(0)).height()
    with qtbot.waitSignal(defects.chosen) as chosen:
        qtbot.mouseClick(defects.view.viewport(), Qt.MouseButton.LeftButton, pos=row_center(defects, 2))
    assert chosen.args == [3]
    before = picture(defects)
    defects.set_classes(["#ff5a1f", "#56b4e9"], {1: "scratch", 2: "stain"})
    assert picture(defects) != before
    defects.set_classes(["#ff5a1f"], {})
    qtbot.waitUntil(lambda: defects.view.visualRect(defects.view.model().index(0)).height() == low)
    assert defects.view.model().index(1).data().startswith("2: 64 ×")


def picture(section: DefectSection) -> QImage:
    return section.view.viewport().grab().toImage()


def test_the_model_and_the_way_back(qtbot):
    panel = InspectorPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 800)
    panel.show()
    now = datetime(2026, 11, 20, tzinfo=UTC)
    former = ModelCard(id="m3", name="U-Net B0 · v3", created=now)
    card = ModelCard(id="m4", name="U-Net B0 · v4", created=now, scores={"dice": 0.76, "false_alarm_rate": 0.03})
    panel.model.set_model(card, former)
    assert panel.model._scores.text() == "Dice 0.76, false alarms 3%"
    assert panel.model._date.text() == "Trained November 20, 2026"
    assert panel.model.back_button.text() == "Go back to v3"
    with qtbot.waitSignal(panel.model.go_back_requested):
        qtbot.mouseClick(panel.model.back_button, Qt.MouseButton.LeftButton)
    panel.model.set_model(None, None)
    assert panel.model._name.text() == "No model"
    assert panel.model.back_button.isHidden()


@pytest.mark.parametrize("number", [1, 9999])
def test_numbers_and_sizes_of_thousands_of_pixels_are_painted_in_full(defects, regions, number):
    """Beside scroll bars, the left half of a row looks as it does with all the room there is."""
    large = replace(regions[0], number=number, box=Box(0, 0, 4288, 2848), area=123_456)
    shown = []
    for width in (302, 900):
        defects.resize(width, 300)
        defects.set_regions([large])
        shown.append(defects.view.grab(QRect(0, 0, 150, 28)).toImage())
    assert shown[0] == shown[1]
    defects.set_regions([replace(large, number=1, box=Box(0, 0, 1, 1))])
    gap = defects.view.grab(QRect(65, 0, 3, 28)).toImage()
    defects.set_regions([large])
    assert defects.view.grab(QRect(65, 0, 3, 28)).toImage() == gap, "number and size touch"
