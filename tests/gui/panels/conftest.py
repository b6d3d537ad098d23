from __future__ import annotations

import pytest

from scratchgui.core.geometry import Box
from scratchgui.core.project import ImageRecord, ReviewStatus
from scratchgui.core.regions import Region
from scratchgui.core.verdict import Verdict
from scratchgui.model.editor_state import EditorState
from scratchgui.model.image_list_model import ImageListModel, SortKey


@pytest.fixture
def editor(qtbot) -> EditorState:
    return EditorState()


@pytest.fixture
def images(qtbot) -> ImageListModel:
    model = ImageListModel()
    model.set_records(
        [
            ImageRecord("a.png", predicted=True, score=0.93, verdict=Verdict.NG),
            ImageRecord("b.png", predicted=True, score=0.08, verdict=Verdict.OK, status=ReviewStatus.APPROVED),
            ImageRecord("c.png", predicted=True, score=0.6, verdict=Verdict.REVIEW, status=ReviewStatus.CORRECTED),
            ImageRecord("d.png"),
            ImageRecord("e.png", failure="The file is empty."),
        ]
    )
    model.set_sort(SortKey.NAME)
    return model


@pytest.fixture
def regions() -> list[Region]:
    return [
        Region(number, 1, Box(5, 5, 128 // number, 6), 412 // number, 0.01, 0.7, 0.97, (9.0, 7.0))
        for number in range(1, 5)
    ]
