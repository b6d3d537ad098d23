"""How defects are cut out is set beside the sensitivity, acts at once, and is kept when it is applied to all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scratchgui.core.project import Project
from scratchgui.inference.postprocess import cut
from scratchgui.inference.stored import StoredMasks

from .test_journey import PREDICTING_MS, open_and_predict

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench


@pytest.fixture
def predicted(qtbot: QtBot, bench: Workbench, pictures: Path) -> Workbench:
    """The first picture with its prediction."""
    open_and_predict(qtbot, bench, pictures)
    bench.inference_service.cancel()
    return bench


def is_read(bench: Workbench) -> bool:
    return bench.judging.reading is not None and bench.judging.reading.cut_from[1] == bench.editor.cutting


def test_each_number_changes_mask_list_and_verdict_at_once(qtbot: QtBot, predicted: Workbench):
    predicted.editor.threshold = 0.02
    qtbot.waitUntil(lambda: is_read(predicted))
    areas = sorted(region.area for region in predicted.judging.reading.regions)
    assert areas
    predicted.inspector.sensitivity.rows.fields["min_area"].setValue(areas[-1] + 1)
    qtbot.waitUntil(lambda: is_read(predicted) and not predicted.judging.reading.regions)
    assert not predicted.canvas.shown_mask.any()
    assert predicted.judging.reading.judgement.defects == 0
    assert predicted.session.project.file.cutting.min_area == 8, "only what is applied to all is kept"


def test_what_is_applied_to_all_is_kept_and_counts_for_reports(qtbot: QtBot, predicted: Workbench):
    rows, section = predicted.inspector.sensitivity.rows, predicted.inspector.sensitivity
    wanted = replace(predicted.editor.cutting, low_threshold=0.1, largest_hole=30, longest_gap=12, min_area=3)
    for name in ("low_threshold", "largest_hole", "longest_gap", "min_area"):
        rows.fields[name].setValue(getattr(wanted, name))
    assert predicted.editor.cutting == wanted
    section.apply_button.click()
    folder, rel = predicted.session.project.folder, predicted.session.current
    project = Project.open(folder)
    assert project.file.cutting == wanted
    assert not section.apply_button.isEnabled()
    prediction = predicted.session.image.prediction
    stored = StoredMasks(project, predicted.inference.card.key)
    qtbot.waitUntil(lambda: stored(rel) is not None, timeout=PREDICTING_MS)
    assert np.array_equal(stored(rel)[0], cut(prediction.probability, wanted))


def test_a_project_opens_as_it_was_cut(qtbot: QtBot, predicted: Workbench, pictures: Path):
    wanted = replace(predicted.editor.cutting, threshold=0.3, longest_gap=12)
    predicted.editor.cutting = wanted
    predicted.inference.apply_cutting_to_all()
    predicted.editor.cutting = replace(wanted, longest_gap=0)
    predicted.project.close()
    with qtbot.waitSignal(predicted.project.opened):
        predicted.project.open(pictures)
    assert predicted.editor.cutting == wanted
    assert predicted.inspector.sensitivity.rows.fields["longest_gap"].text() == "12 px"
    assert predicted.inspector.sensitivity.more_button.text() == "More: gaps"
    assert not predicted.inspector.sensitivity.apply_button.isEnabled()
    qtbot.waitUntil(lambda: predicted.session.image is not None and predicted.session.image.prediction is not None)
    qtbot.waitUntil(lambda: is_read(predicted))


def test_more_stays_open(qtbot: QtBot, predicted: Workbench):
    section = predicted.inspector.sensitivity
    assert section.rows.isHidden()
    section.more_button.click()
    assert predicted.store.value.collapsed["more_sensitivity"] is False
    assert not section.rows.isHidden()


def test_a_prediction_of_several_classes_follows_the_sensitivity_at_once(qtbot: QtBot, predicted: Workbench):
    prediction = predicted.session.image.prediction
    both = np.concatenate([prediction.probability, prediction.probability[:, ::-1]])
    with qtbot.waitSignals([predicted.judging.ranked_ready, predicted.judging.read]):
        predicted.session.set_prediction(predicted.session.current, replace(prediction, probability=both))
    qtbot.waitUntil(lambda: is_read(predicted) and predicted.canvas.build_slice(0))
    before = predicted.canvas.grab().toImage()
    predicted.judging.blockSignals(True)  # nothing of the whole cut comes through
    predicted.editor.threshold = 0.02
    assert predicted.canvas.grab().toImage() != before
    predicted.judging.blockSignals(False)
