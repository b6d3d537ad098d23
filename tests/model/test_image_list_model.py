from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from scratchgui.core.doubt import Doubt
from scratchgui.core.project import ImageRecord, ReviewStatus
from scratchgui.core.verdict import Verdict
from scratchgui.model import thumbnail_model
from scratchgui.model.image_list_model import FilterKey, ImageListModel, RecordRole, SortKey, ThumbnailRole


def shown(model: ImageListModel) -> list[str]:
    return [model.record(row).rel for row in range(model.rowCount())]


@pytest.fixture
def model(qtbot) -> ImageListModel:
    model = ImageListModel()
    model.set_records(
        [
            ImageRecord("a.png", score=0.9, doubt=Doubt(40.0), verdict=Verdict.NG),
            ImageRecord("b.png", ReviewStatus.APPROVED, score=0.5, doubt=Doubt(900.0), verdict=Verdict.NG),
            ImageRecord("c.png"),
            ImageRecord("d.png", score=0.45, doubt=Doubt(50.0), verdict=Verdict.OK),
            ImageRecord("sub/e.png", failure="The file is empty."),
            ImageRecord("sub/f.png", ReviewStatus.CORRECTED, score=0.7, doubt=Doubt(49.0), verdict=Verdict.REVIEW),
        ]
    )
    return model


def test_much_doubt_or_a_rule_nearby_comes_first_and_approved_last(model):
    assert shown(model) == ["sub/f.png", "d.png", "a.png", "c.png", "sub/e.png", "b.png"]


def test_other_sortings(model):
    model.set_sort(SortKey.NAME)
    assert shown(model) == ["a.png", "b.png", "c.png", "d.png", "sub/e.png", "sub/f.png"]
    model.set_sort(SortKey.SCORE)
    assert shown(model)[:4] == ["a.png", "sub/f.png", "b.png", "d.png"]
    model.set_sort(SortKey.VERDICT)
    assert shown(model)[:4] == ["a.png", "b.png", "sub/f.png", "d.png"]


def test_sorting_by_date_asks_for_the_dates(model, qtbot):
    with qtbot.waitSignal(model.dates_wanted):
        model.set_sort(SortKey.DATE)
    model.order.set_dates({"c.png": 200.0, "a.png": 100.0})
    model.resort()
    assert shown(model)[:2] == ["c.png", "a.png"]


@pytest.mark.parametrize(
    ("key", "names"),
    [
        (FilterKey.ALL, {"a.png", "b.png", "c.png", "d.png", "sub/e.png", "sub/f.png"}),
        (FilterKey.TO_REVIEW, {"a.png", "c.png", "d.png", "sub/f.png"}),
        (FilterKey.NG, {"a.png", "b.png"}),
        (FilterKey.OK, {"d.png"}),
        (FilterKey.FAILED, {"sub/e.png"}),
    ],
)
def test_filters_show_what_their_count_says(model, key, names):
    model.set_filter(key)
    assert set(shown(model)) == names
    assert model.counts()[key] == len(names)


def test_search_ignores_case_and_adds_to_the_filter(model):
    model.set_search(" SUB/")
    assert set(shown(model)) == {"sub/e.png", "sub/f.png"}
    model.set_filter(FilterKey.FAILED)
    assert shown(model) == ["sub/e.png"]
    assert model.row_of("a.png") == -1


def test_a_changed_record_keeps_its_row_until_asked(model, qtbot):
    before = shown(model)
    model.records[0].status = ReviewStatus.APPROVED
    row = model.row_of("a.png")
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.order_changed.connect(told.append)
    model.update("a.png")
    assert told == [(row, row), True]
    assert shown(model) == before
    assert model.counts()[FilterKey.TO_REVIEW] == 3
    model.resort()
    assert shown(model)[-2:] == ["a.png", "b.png"]


def test_many_changes_are_told_in_runs(model):
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.update(["sub/f.png", "d.png", "c.png", "nobody.png"])
    assert told == [(0, 1), (3, 3)]


def test_going_to_the_next_to_review_goes_round(model):
    assert model.next_to_review(None) == "sub/f.png"
    assert model.next_to_review("sub/f.png") == "d.png"
    assert model.next_to_review("c.png") == "sub/f.png"
    assert model.next_to_review("b.png") == "sub/f.png"
    for record in model.records:
        record.status = ReviewStatus.APPROVED
    model.records[2].status = ReviewStatus.NEW
    model.update([record.rel for record in model.records])
    assert model.next_to_review("a.png") == "c.png"
    assert model.next_to_review("c.png") is None


def test_neighbors_end_at_the_ends(model):
    assert model.neighbor("sub/f.png", 1) == "d.png"
    assert model.neighbor("sub/f.png", -1) is None
    assert model.neighbor("b.png", 1) is None
    assert model.neighbor("nobody.png", 1) is None


def test_a_missing_thumbnail_is_asked_for_once(model, qtbot):
    wanted = []
    model.thumbnail_wanted.connect(wanted.append)
    index = model.index(model.row_of("c.png"))
    assert model.data(index, ThumbnailRole) is None
    assert model.data(index, ThumbnailRole) is None
    assert wanted == ["c.png"]
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    with qtbot.waitSignal(model.dataChanged):
        model.set_thumbnail("c.png", picture)
    assert model.data(index, ThumbnailRole) is picture
    model.drop_thumbnail("c.png")
    assert model.data(index, ThumbnailRole) is None
    assert wanted == ["c.png", "c.png"]


def test_few_thumbnails_are_kept(model, monkeypatch):
    monkeypatch.setattr(thumbnail_model, "CACHE_SIZE", 2)
    for rel in ("a.png", "b.png", "c.png"):
        model.set_thumbnail(rel, QImage(1, 1, QImage.Format.Format_RGB32))
    assert model.thumbnail("a.png") is None
    assert model.thumbnail("c.png") is not None


def test_what_a_row_says(model):
    index = model.index(model.row_of("sub/e.png"))
    assert index.data() == "sub/e.png"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "sub/e.png\nThe file is empty."
    assert index.data(RecordRole) is model.records[4]


def test_a_hundred_thousand_rows_in_a_blink(qtbot):
    score = np.random.default_rng(1).random(100_000)
    records = [ImageRecord(f"folder/img_{i:06}.png", score=float(score[i])) for i in range(score.size)]
    model = ImageListModel()
    model.set_records(records)
    for act in (
        lambda: model.set_sort(SortKey.SCORE),
        lambda: model.set_filter(FilterKey.TO_REVIEW),
        lambda: model.set_search("img_01"),
        lambda: model.set_search("img_012"),
        lambda: model.set_search(""),
        lambda: model.set_sort(SortKey.NEEDS_A_LOOK),
        lambda: model.next_to_review("folder/img_000500.png"),
        model.counts,
    ):
        start = time.process_time()
        act()
        assert time.process_time() - start < 0.1
    assert model.rowCount() == 100_000
