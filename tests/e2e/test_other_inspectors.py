"""Two inspectors share a project on a network share: a mask that was read ahead may be another one by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scratchgui.core.annotation import save_annotation
from scratchgui.core.project import ReviewStatus

from .test_journey import on_canvas, open_and_predict, paint_line

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench

NEXT = "part_1.png"
THEIRS = (slice(20, 60), slice(20, 60))


@pytest.fixture
def overtaken(qtbot: QtBot, bench: Workbench, pictures: Path) -> Workbench:
    """The first picture; that there is no mask of the next one was read ahead, and then there was one."""
    open_and_predict(qtbot, bench, pictures)
    bench.inference_service.close()
    bench.runner.wait_for_done()
    mask = np.zeros((160, 224), np.uint8)
    mask[THEIRS] = 1
    assert bench.session.project is not None
    save_annotation(bench.session.project, NEXT, mask, ReviewStatus.APPROVED)
    qtbot.waitUntil(lambda: NEXT in bench.loader._images)
    return bench


def test_the_mask_that_is_on_disk_by_now_is_shown(qtbot: QtBot, overtaken: Workbench) -> None:
    overtaken.viewing.step(1)
    session = overtaken.session
    assert session.image is not None and session.image.rel == NEXT, "what was read ahead is shown at once"
    qtbot.waitUntil(lambda: session.image.document.has_own_mask)
    assert session.image.document.mask[THEIRS].all()
    assert session.image.info is not None and session.image.info.status is ReviewStatus.APPROVED
    assert overtaken.canvas.shown_mask is session.image.document.mask


def test_a_stroke_that_was_quicker_stays(qtbot: QtBot, overtaken: Workbench) -> None:
    overtaken.viewing.step(1)
    document = overtaken.session.image.document
    paint_line(overtaken, on_canvas(overtaken, 100, 100), on_canvas(overtaken, 180, 100))
    assert document.revision == 1
    with qtbot.waitSignal(overtaken.viewing._annotations.arrived):
        pass
    assert overtaken.session.image.document is document
    assert document.mask[100, 140] and not document.mask[THEIRS].any()
