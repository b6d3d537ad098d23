"""The main job, as an inspector does it: open, look, correct, approve, retrain, go back, report."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from scratchgui.core.annotation import load_annotation
from scratchgui.core.model_card import load_bundle
from scratchgui.core.project import ReviewStatus

from .conftest import SCRATCH

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench

PREDICTING_MS = 30_000
TRAINING_MS = 180_000
ENOUGH_MINUTES = 0.15


def open_and_predict(qtbot: QtBot, bench: Workbench, folder: Path) -> None:
    bench.project.open(folder)
    qtbot.waitUntil(
        lambda: bench.judging.reading is not None and bench.judging.reading.judgement is not None, timeout=PREDICTING_MS
    )


def paint_line(bench: Workbench, start: QPoint, end: QPoint) -> None:
    canvas = bench.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 9):
        QTest.mouseMove(canvas, start + (end - start) * step / 8)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


def on_canvas(bench: Workbench, column: float, row: float) -> QPoint:
    """Return where an image pixel is on the canvas."""
    place = bench.canvas.viewport.placement
    return QPoint(round(place.x + column * place.zoom), round(place.y + row * place.zoom))


def paint_scratch(qtbot: QtBot, bench: Workbench) -> None:
    """Mark the scratch that is in every picture, and nothing else."""
    clear = bench.actions.action("clear_mask")
    qtbot.waitUntil(clear.isEnabled, timeout=PREDICTING_MS)
    clear.trigger()
    bench.editor.brush_size = 7
    paint_line(bench, *(on_canvas(bench, *end) for end in SCRATCH))


def press(bench: Workbench, key: Qt.Key) -> None:
    bench.canvas.setFocus()
    QTest.keyClick(bench.canvas, key)


def approve(qtbot: QtBot, bench: Workbench, key: Qt.Key = Qt.Key.Key_Return) -> str:
    """Approve the current image by its key and wait until it is on disk."""
    rel = bench.session.current
    with qtbot.waitSignal(bench.autosave.saved, check_params_cb=lambda name, _: name == rel):
        press(bench, key)
    return rel


def wait_for_next(qtbot: QtBot, bench: Workbench, after: str) -> None:
    qtbot.waitUntil(
        lambda: (
            bench.session.current != after
            and bench.session.image is not None
            and bench.session.image.prediction is not None
        ),
        timeout=PREDICTING_MS,
    )


def correct_all(qtbot: QtBot, bench: Workbench, count: int) -> list[str]:
    """Paint in `count` images and approve them; return their names."""
    done = []
    for _ in range(count):
        paint_scratch(qtbot, bench)
        done.append(approve(qtbot, bench))
        wait_for_next(qtbot, bench, done[-1])
    return done


def test_the_whole_loop(qtbot: QtBot, bench: Workbench, pictures: Path, tmp_path: Path):
    open_and_predict(qtbot, bench, pictures)
    project = bench.session.project
    assert project is not None
    assert bench.session.images.rowCount() == 6
    assert project.folder == pictures / "scratchgui"

    corrected = correct_all(qtbot, bench, 4)
    for rel in corrected:
        annotation = load_annotation(project, rel)
        assert annotation is not None
        assert annotation.info.status is ReviewStatus.APPROVED
        assert annotation.mask.any()
    clean = approve(qtbot, bench, Qt.Key.Key_C)
    annotation = load_annotation(project, clean)
    assert annotation is not None
    assert not annotation.mask.any()

    qtbot.waitUntil(lambda: bench.training.count.total == 5)
    retrain_and_go_back(qtbot, bench)
    export_and_compare(qtbot, bench, tmp_path / "report", corrected, clean)


def retrain_and_go_back(qtbot: QtBot, bench: Workbench) -> None:
    project = bench.session.project
    assert project is not None
    bench.store.update(training_minutes=ENOUGH_MINUTES)
    qtbot.waitUntil(bench.inspector.training.retrain_button.isEnabled)
    steps: list[object] = []
    bench.training_service.progress.connect(steps.append)
    with qtbot.waitSignal(bench.training.swapped, timeout=TRAINING_MS) as swapped:
        qtbot.mouseClick(bench.inspector.training.retrain_button, Qt.MouseButton.LeftButton)
    result = swapped.args[0]
    assert steps, "the card was told nothing while the training ran"
    assert result.better, result.reason
    new = project.file.active_model
    assert new is not None
    assert load_bundle(project.models_folder / new).card.parent is not None
    qtbot.waitUntil(lambda: bench.inference.card is not None and bench.inference.card.id == new)
    assert bench.window.top_bar.model_button.text().strip().endswith("v2")

    go_back = bench.actions.action("go_back_model")
    qtbot.waitUntil(go_back.isEnabled)
    go_back.trigger()
    qtbot.waitUntil(lambda: project.file.active_model is None)
    assert project.file.previous_model == new


def export_and_compare(qtbot: QtBot, bench: Workbench, folder: Path, corrected: list[str], clean: str) -> None:
    bench.actions.action("export_report").trigger()
    dialog = bench.commands.dialogs.report_dialog
    assert dialog is not None
    dialog.folder.setText(str(folder))
    with qtbot.waitSignal(bench.report.written, timeout=PREDICTING_MS):
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org/", "")
    with (folder / "images.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {line["image"]: line for line in csv.DictReader(file)}
    assert len(rows) == 6
    assert rows[clean]["verdict"] == "OK"
    project = bench.session.project
    assert project is not None
    for rel in corrected:
        annotation = load_annotation(project, rel)
        assert annotation is not None
        assert int(rows[rel]["area_px2"]) == np.count_nonzero(annotation.mask)
        assert rel in page
        record = bench.session.record(rel)
        assert record is not None
        assert record.verdict == rows[rel]["verdict"]


def test_work_survives_closing_and_opening_again(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    rel = bench.session.current
    paint_scratch(qtbot, bench)
    image = bench.session.image
    assert image is not None
    painted = image.document.mask.copy()
    assert bench.autosave.flush()
    bench.project.close()
    open_and_predict(qtbot, bench, pictures)
    bench.viewing.choose(rel)
    qtbot.waitUntil(lambda: bench.session.image is not None and bench.session.image.rel == rel)
    assert bench.session.image is not None
    assert np.array_equal(bench.session.image.document.mask, painted)
    qtbot.waitUntil(lambda: bench.session.record(rel).status is ReviewStatus.CORRECTED)


def test_what_the_model_found_is_what_is_corrected(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    image = bench.session.image
    assert image is not None
    predicted = bench.judging.reading.predicted_mask
    assert predicted.any()
    paint_line(bench, on_canvas(bench, 20, 20), on_canvas(bench, 60, 20))
    assert [step.text for step in image.document.history] == ["Accept prediction", "Brush stroke"]
    undo = bench.actions.action("undo")
    qtbot.waitUntil(undo.isEnabled)
    undo.trigger()
    assert np.array_equal(image.document.mask, predicted)
    undo.trigger()
    assert not image.document.has_own_mask


def test_undoing_all_that_was_saved_makes_the_image_one_to_review_again(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    rel = bench.session.current
    with qtbot.waitSignal(bench.autosave.saved):
        paint_line(bench, on_canvas(bench, 20, 20), on_canvas(bench, 60, 20))
    assert bench.session.record(rel).status is ReviewStatus.CORRECTED
    undo = bench.actions.action("undo")
    with qtbot.waitSignal(bench.autosave.saved):
        while bench.session.image.document.history.can_undo:
            qtbot.waitUntil(undo.isEnabled)
            undo.trigger()
    assert bench.session.record(rel).status is ReviewStatus.NEW
    qtbot.waitUntil(lambda: not bench.judging.reading.own and bool(bench.judging.reading.regions))
    assert np.array_equal(bench.canvas.shown_mask, bench.judging.reading.predicted_mask)
    assert load_annotation(bench.session.project, rel) is None


def test_the_threshold_cuts_again_without_the_network(qtbot: QtBot, bench: Workbench, pictures: Path):
    open_and_predict(qtbot, bench, pictures)
    bench.inference_service.cancel()
    counts = []
    for threshold in (0.9, 0.02):
        with qtbot.waitSignal(bench.judging.read):
            bench.editor.threshold = threshold
        counts.append(np.count_nonzero(bench.judging.reading.predicted_mask))
        assert np.array_equal(bench.canvas.shown_mask, bench.judging.reading.predicted_mask)
        record = bench.session.record(bench.session.current)
        assert record.defects == bench.judging.reading.judgement.defects
    assert counts[1] > counts[0]
