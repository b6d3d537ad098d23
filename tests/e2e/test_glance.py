"""Large images: what the model sees at first glance is shown at once, and never taken for its result."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint

from scratchgui.inference import predictor
from scratchgui.inference.steady_predictor import SteadyPredictor

from .test_journey import PREDICTING_MS, on_canvas, paint_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.notifications import Notice


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Pictures count as large; while the gate is closed, none is looked at more closely than at a glance."""
    monkeypatch.setattr(predictor, "_LARGE_IMAGE", 10_000)
    gate = threading.Event()
    predict = SteadyPredictor.predict

    def wait(self: SteadyPredictor, *args: object, **options: object) -> object:
        assert gate.wait(60)
        return predict(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(SteadyPredictor, "predict", wait)
    yield gate
    gate.set()


@pytest.fixture
def glanced(qtbot: QtBot, bench: Workbench, pictures: Path, gate: threading.Event) -> Workbench:
    bench.project.open(pictures)
    qtbot.waitUntil(lambda: "First glance" in rule(bench), timeout=PREDICTING_MS)
    return bench


def rule(bench: Workbench) -> str:
    return bench.inspector.verdict._rule.text()


def test_a_glance_is_shown_and_replaced_by_the_result(qtbot: QtBot, glanced: Workbench, gate: threading.Event) -> None:
    session = glanced.session
    record = session.record(session.current)
    assert session.image.prediction.is_glance
    assert glanced.judging.reading.predicted_mask.any()
    assert (record.verdict, record.predicted, record.score) == (None, False, None)
    gate.set()
    qtbot.waitUntil(lambda: record.predicted and not session.image.prediction.is_glance, timeout=PREDICTING_MS)
    qtbot.waitUntil(lambda: record.verdict is not None and "glance" not in rule(glanced), timeout=PREDICTING_MS)


def test_nothing_of_a_glance_becomes_the_inspectors_mask(
    glanced: Workbench, told: list[Notice], gate: threading.Event
) -> None:
    image = glanced.session.image
    glanced.correction.approve()
    assert "still looks at this image" in told[-1].text
    assert not image.document.has_own_mask
    start = on_canvas(glanced, 20, 20)
    paint_line(glanced, start, start + QPoint(40, 0))
    assert image.document.has_own_mask
    marked = image.document.mask.nonzero()[0]
    assert marked.size and marked.max() < 60  # the stroke alone; the scratch is lower
    gate.set()
