"""The prediction becomes the inspector's mask: what was read already is not computed again on the window's thread."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from scratchgui.controllers import judging
from scratchgui.core.annotation import load_annotation
from scratchgui.inference.postprocess import cut

from .test_journey import approve, on_canvas, open_and_predict, paint_line

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench


@pytest.fixture
def predicted(qtbot: QtBot, bench: Workbench, pictures: Path) -> Workbench:
    """The first picture with its prediction, and no work on others."""
    open_and_predict(qtbot, bench, pictures)
    bench.inference_service.cancel()
    read_at(qtbot, bench, 0.02)
    return bench


def read_at(qtbot: QtBot, bench: Workbench, threshold: float) -> None:
    """Set the threshold and wait until the image was read at it."""
    bench.editor.threshold = threshold
    qtbot.waitUntil(lambda: bench.judging.reading.cut_from[1].threshold == threshold)


def forbid_cutting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail when the window's thread cuts a prediction; the pool may."""
    window = threading.current_thread()

    def elsewhere(*args, **kwargs):
        assert threading.current_thread() is not window, "it was cut again"
        return cut(*args, **kwargs)

    monkeypatch.setattr(judging, "cut", elsewhere)


def test_approving_takes_over_what_is_shown(qtbot: QtBot, predicted: Workbench, monkeypatch: pytest.MonkeyPatch):
    rel, shown = predicted.session.current, predicted.judging.reading.predicted_mask.copy()
    assert shown.any()
    with monkeypatch.context() as patch:
        forbid_cutting(patch)
        predicted.actions.action("accept_prediction").trigger()
    assert np.array_equal(predicted.session.image.document.mask, shown)
    approve(qtbot, predicted)
    assert not predicted.session.record(rel).clean
    saved = load_annotation(predicted.session.project, rel)
    assert np.array_equal(saved.mask, shown)
    assert (saved.info.correction.dice, saved.info.correction.threshold) == (1, 0.02)
    assert saved.info.correction.is_unchanged and saved.info.correction.model == saved.info.source_model


def test_what_the_inspector_changes_is_kept_with_the_mask(qtbot: QtBot, predicted: Workbench):
    began = predicted.judging.reading.predicted_mask.copy()
    paint_line(predicted, on_canvas(predicted, 20, 20), on_canvas(predicted, 60, 20))
    rel = approve(qtbot, predicted)
    saved = load_annotation(predicted.session.project, rel)
    assert saved.info.correction.pixels_added == np.count_nonzero(saved.mask != began) > 0
    assert saved.info.correction.pixels_removed == 0


def test_a_clean_image_that_the_model_marked_is_a_false_alarm(qtbot: QtBot, predicted: Workbench):
    began = predicted.judging.reading.predicted_mask.copy()
    rel = approve(qtbot, predicted, Qt.Key.Key_C)
    correction = load_annotation(predicted.session.project, rel).info.correction
    assert correction.false_alarm and not correction.taken_over
    assert correction.pixels_removed == np.count_nonzero(began)


def test_a_stroke_right_after_the_sensitivity_moved_corrects_what_it_makes(predicted: Workbench):
    image, before = predicted.session.image, predicted.judging.reading.predicted_mask
    predicted.editor.threshold = 0.9
    wanted = cut(image.prediction.probability, replace(predicted.session.project.file.cutting, threshold=0.9))
    assert not np.array_equal(wanted, before)
    paint_line(predicted, on_canvas(predicted, 20, 20), on_canvas(predicted, 60, 20))
    image.document.undo()
    assert np.array_equal(image.document.mask, wanted)


def test_clean_and_what_is_painted_after_it(qtbot: QtBot, predicted: Workbench):
    rel = approve(qtbot, predicted, Qt.Key.Key_C)
    assert predicted.session.record(rel).clean
    predicted.viewing.choose(rel)
    qtbot.waitUntil(lambda: predicted.session.image is not None and predicted.session.image.rel == rel)
    approve(qtbot, predicted)
    assert predicted.session.record(rel).clean
    predicted.viewing.choose(rel)
    paint_line(predicted, on_canvas(predicted, 20, 20), on_canvas(predicted, 60, 20))
    approve(qtbot, predicted)
    assert not predicted.session.record(rel).clean


def test_an_edit_leaves_what_the_model_marks_as_it_is(
    qtbot: QtBot, predicted: Workbench, monkeypatch: pytest.MonkeyPatch
):
    before, calls = predicted.judging.reading, []
    monkeypatch.setattr(judging, "cut", lambda *args, **kwargs: calls.append(args) or cut(*args, **kwargs))
    for row in (20, 140):
        with qtbot.waitSignal(predicted.judging.read):
            paint_line(predicted, on_canvas(predicted, 20, row), on_canvas(predicted, 60, row))
    assert predicted.judging.reading is not before
    assert predicted.judging.reading.predicted_mask is before.predicted_mask
    assert calls == []
    read_at(qtbot, predicted, 0.9)
    assert len(calls) == 1
    assert predicted.judging.reading.predicted_mask is not before.predicted_mask
