"""Whole defects in the real window: picking and the list are one, cleaning up says what it did."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from scratchgui.controllers import cleanup_controller
from scratchgui.core.geometry import Box
from scratchgui.core.regions import find_regions
from scratchgui.model.tool_key import ToolKey
from scratchgui.settings import SettingsStore

from .test_journey import on_canvas, open_and_predict, press
from .test_trouble import wait_for_sentence

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.model.mask_document import MaskDocument
    from scratchgui.notifications import Notice


@pytest.fixture
def document(qtbot: QtBot, bench: Workbench, pictures: Path) -> MaskDocument:
    """A mask with a ring at (20, 20), a scratch in two pieces at row 100, and three specks."""
    open_and_predict(qtbot, bench, pictures)
    image = bench.session.image
    assert image is not None
    mask = np.zeros_like(image.document.mask)
    mask[20:50, 20:60] = 1
    mask[30:40, 30:50] = 0
    mask[100:103, 20:80] = mask[100:103, 86:150] = 1
    mask[5, 5] = mask[5, 100] = mask[150, 200] = 1
    image.document.replace(mask, "Draw")
    wait_for_count(qtbot, bench, 6)
    return image.document


def wait_for_count(qtbot: QtBot, bench: Workbench, count: int) -> None:
    qtbot.waitUntil(
        lambda: bench.judging.reading.own and len(bench.judging.reading.regions) == count,
        timeout=10_000,
    )


def run(qtbot: QtBot, bench: Workbench, key: str) -> None:
    action = bench.actions.action(key)
    qtbot.waitUntil(action.isEnabled)
    action.trigger()


def click(bench: Workbench, column: float, row: float, keys=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, keys, on_canvas(bench, column, row))


@pytest.mark.parametrize("in_pool", [False, True])
def test_each_clean_up_is_one_step_that_the_notice_takes_back(
    qtbot: QtBot,
    bench: Workbench,
    document: MaskDocument,
    told: list[Notice],
    in_pool: bool,
    monkeypatch: pytest.MonkeyPatch,
):
    if in_pool:
        monkeypatch.setattr(cleanup_controller, "_AT_ONCE", 0)
    before = document.mask.copy()
    for key, sentence in {
        "fill_holes": "1 hole filled.",
        "grow": "6 defects grown by 1 px.",
        "shrink": "6 defects shrunk by 1 px; 3 of them were too thin and vanished.",
        "remove_specks": "3 specks under 8 px² removed.",
        "close_gaps": "1 gap of up to 10 px closed.",
    }.items():
        steps = document.history.done
        run(qtbot, bench, key)
        notice = wait_for_sentence(qtbot, told, sentence)
        assert document.history.done == steps + 1
        assert not np.array_equal(document.mask, before)
        assert (notice.action_text, notice.action is None) == ("Undo", False)
        notice.action()
        assert np.array_equal(document.mask, before)


def test_cleaning_up_reaches_the_selected_defects_only(
    qtbot: QtBot, bench: Workbench, document: MaskDocument, told: list[Notice]
):
    bench.inspector.defects.select(1)  # the ring
    run(qtbot, bench, "grow")
    wait_for_sentence(qtbot, told, "1 defect grown by 1 px.")
    assert document.mask[19, 30]
    run(qtbot, bench, "grow")  # before the defects are counted anew
    assert document.mask[18, 30]
    assert not document.mask[99].any()


def test_the_notice_takes_nothing_back_that_came_later(
    qtbot: QtBot, bench: Workbench, document: MaskDocument, told: list[Notice]
):
    run(qtbot, bench, "remove_specks")
    notice = wait_for_sentence(qtbot, told, "3 specks")
    document.fill(Box(0, 0, 2, 2), np.ones((2, 2), bool), 1, "Later")
    notice.action()
    assert document.mask[0, 0]
    assert not document.mask[5, 5]


def test_nothing_found_is_a_sentence_and_no_step(
    qtbot: QtBot, bench: Workbench, document: MaskDocument, told: list[Notice]
):
    bench.editor.options.speck_area = 1
    steps = document.history.done
    run(qtbot, bench, "remove_specks")
    wait_for_sentence(qtbot, told, "There are no specks under 1 px².")
    assert document.history.done == steps


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Cleaning up runs in the pool: set as soon as it has looked; and it waits for the other one."""
    monkeypatch.setattr(cleanup_controller, "_AT_ONCE", 0)
    looked, edited, clean = threading.Event(), threading.Event(), cleanup_controller._clean

    def slow(*arguments):
        found = clean(*arguments)
        looked.set()
        assert edited.wait(10)
        return found

    monkeypatch.setattr(cleanup_controller, "_clean", slow)
    return looked, edited


def test_what_is_edited_meanwhile_is_looked_at_again(
    qtbot: QtBot,
    bench: Workbench,
    document: MaskDocument,
    told: list[Notice],
    slowly: tuple[threading.Event, threading.Event],
):
    looked, edited = slowly
    run(qtbot, bench, "remove_specks")
    assert looked.wait(10)
    document.fill(Box(5, 5, 1, 1), np.ones((1, 1), bool), 0, "Erase one speck")
    edited.set()
    wait_for_sentence(qtbot, told, "2 specks under 8 px² removed.")
    assert not document.mask[5, 100]


@pytest.fixture
def predicted(qtbot: QtBot, bench: Workbench, pictures: Path) -> MaskDocument:
    """An empty mask, and a prediction of two rings, at row 20 a likely one, at row 100 one of a probability of 0.6."""
    open_and_predict(qtbot, bench, pictures)
    bench.inference_service.close()
    image = bench.session.image
    assert image is not None and image.prediction is not None
    bench.editor.threshold = 0.5
    probability = np.zeros_like(image.prediction.probability)
    for row, value in ((20, 250), (100, 153)):
        probability[0, row : row + 30, 20:60] = value
        probability[0, row + 10 : row + 20, 30:50] = 0
    bench.session.set_prediction(image.rel, replace(image.prediction, probability=probability))
    qtbot.waitUntil(lambda: len(bench.judging.reading.regions) == 2)
    return image.document


@pytest.mark.parametrize("in_pool", [False, True])
def test_what_the_model_finds_is_cleaned_up_at_the_sensitivity_of_now(
    qtbot: QtBot,
    bench: Workbench,
    predicted: MaskDocument,
    told: list[Notice],
    in_pool: bool,
    monkeypatch: pytest.MonkeyPatch,
):
    if in_pool:
        monkeypatch.setattr(cleanup_controller, "_AT_ONCE", 0)
    bench.editor.threshold = 0.9
    run(qtbot, bench, "fill_holes")  # before the image is read at it
    wait_for_sentence(qtbot, told, "1 hole filled.")
    assert predicted.mask[20:50, 20:60].all()
    assert not predicted.mask[60:].any()


def test_what_is_cut_anew_meanwhile_is_looked_at_again(
    qtbot: QtBot,
    bench: Workbench,
    predicted: MaskDocument,
    told: list[Notice],
    slowly: tuple[threading.Event, threading.Event],
):
    looked, changed = slowly
    run(qtbot, bench, "fill_holes")
    assert looked.wait(10)
    bench.editor.threshold = 0.9
    changed.set()
    wait_for_sentence(qtbot, told, "1 hole filled.")
    assert predicted.mask[20:50, 20:60].all()
    assert not predicted.mask[60:].any()


def test_one_sentence_says_that_the_mask_never_rested(
    qtbot: QtBot, bench: Workbench, document: MaskDocument, told: list[Notice], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cleanup_controller, "_AT_ONCE", 0)
    before, steps = document.mask.copy(), document.history.done
    run(qtbot, bench, "fill_holes")
    document.begin_stroke(1)
    wait_for_sentence(qtbot, told, "“Fill holes” did nothing")
    document.cancel_stroke()
    assert document.history.done == steps
    assert np.array_equal(document.mask, before)


def test_a_glance_is_not_cleaned_up(qtbot: QtBot, bench: Workbench, predicted: MaskDocument, told: list[Notice]):
    image = bench.session.image
    bench.session.set_prediction(image.rel, replace(image.prediction, is_glance=True))
    run(qtbot, bench, "fill_holes")
    wait_for_sentence(qtbot, told, "at first glance")
    assert not predicted.has_own_mask and predicted.is_empty


def test_locked_classes_are_not_cleaned_up(qtbot: QtBot, bench: Workbench, document: MaskDocument, told: list[Notice]):
    document.locked = frozenset({1})
    run(qtbot, bench, "shrink")
    wait_for_sentence(qtbot, told, "There is nothing to shrink.")


def test_the_limits_are_kept(qtbot: QtBot, bench: Workbench):
    bench.editor.options.speck_area = 33
    bench.editor.options.gap_length = 44
    bench.window.close()
    again = SettingsStore()
    again.load()
    assert (again.value.speck_area, again.value.gap_length) == (33, 44)


def test_a_click_with_the_pick_selects_in_the_list_and_stays_so(qtbot: QtBot, bench: Workbench, document: MaskDocument):
    bench.editor.tool = ToolKey.PICK
    click(bench, 25, 25)
    assert bench.inspector.defects.selected() == [1]
    click(bench, 180, 60)
    assert bench.inspector.defects.selected() == []
    click(bench, 25, 25)
    run(qtbot, bench, "fill_holes")
    wait_for_count(qtbot, bench, 6)
    qtbot.waitUntil(lambda: bench.inspector.defects.selected() == [1])
    press(bench, Qt.Key.Key_Escape)
    assert bench.inspector.defects.selected() == []


def test_delete_over_the_canvas_deletes_once(qtbot: QtBot, bench: Workbench, document: MaskDocument):
    bench.editor.tool = ToolKey.PICK
    click(bench, 25, 25)
    QTest.mouseMove(bench.canvas, QPoint(1, 1))
    press(bench, Qt.Key.Key_Delete)
    assert not document.mask[20:50].any()
    assert len(find_regions(document.mask)) == 5
    assert document.history.last.text == "Delete defect"


def test_clearing_says_so_and_can_be_taken_back_until_more_was_done(
    qtbot: QtBot, bench: Workbench, document: MaskDocument, told: list[Notice]
) -> None:
    before = document.mask.copy()
    run(qtbot, bench, "clear_mask")
    assert not document.mask.any()
    assert (told[-1].text, told[-1].action_text) == ("All marks are removed.", "Undo")
    told[-1].action()
    assert np.array_equal(document.mask, before)
    run(qtbot, bench, "clear_mask")
    document.fill(Box(0, 0, 5, 5), np.ones((5, 5), bool), 1, "Fill")
    told[-1].action()
    assert document.mask.sum() == 25
