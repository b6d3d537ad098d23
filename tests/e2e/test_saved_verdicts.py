"""The verdict on a mask that was just saved comes from memory: its file is not read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scratchgui.core.annotation import save_annotation
from scratchgui.core.project import ReviewStatus
from scratchgui.core.verdict import Verdict

from .test_journey import PREDICTING_MS, approve, open_and_predict, paint_scratch, wait_for_next

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench


@pytest.fixture
def painted(qtbot: QtBot, bench: Workbench, pictures: Path) -> Workbench:
    """The first picture with its scratch painted, not saved yet."""
    open_and_predict(qtbot, bench, pictures)
    paint_scratch(qtbot, bench)
    return bench


def test_a_mask_that_can_be_read_no_more_is_judged_as_it_was_saved(qtbot: QtBot, painted: Workbench) -> None:
    rel, project = painted.session.current, painted.session.project
    assert project is not None

    def spoil(name: str, _: object) -> None:
        if name == rel:
            painted.session.record(rel).verdict = None
            project.annotation_paths(rel)[0].write_bytes(b"gone")

    painted.autosave.saved.connect(spoil)
    approve(qtbot, painted)
    wait_for_next(qtbot, painted, rel)
    record = painted.session.record(rel)
    qtbot.waitUntil(lambda: record.verdict is not None, timeout=PREDICTING_MS)
    assert (record.verdict, record.defects) == (Verdict.NG, 1)


def test_masks_on_disk_get_their_verdicts_when_their_folder_opens(
    qtbot: QtBot, painted: Workbench, tmp_path: Path
) -> None:
    project = painted.session.project
    assert project is not None
    mask = np.zeros((160, 224), np.uint8)
    save_annotation(project, "part_4.png", mask, ReviewStatus.APPROVED)
    mask[20:60, 20:60] = 1
    save_annotation(project, "part_5.png", mask, ReviewStatus.APPROVED)
    painted.project.open(str(project.images))

    def verdicts() -> list[Verdict | None]:
        records = [painted.session.record(f"part_{index}.png") for index in (4, 5)]
        return [record.verdict if record and record.status is ReviewStatus.APPROVED else None for record in records]

    qtbot.waitUntil(lambda: verdicts() == [Verdict.OK, Verdict.NG], timeout=PREDICTING_MS)
