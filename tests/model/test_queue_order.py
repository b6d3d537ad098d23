"""The order in which images need a look."""

from __future__ import annotations

import numpy as np

from scratchgui.core.doubt import Doubt, impression_of
from scratchgui.core.project import ImageRecord, ReviewStatus
from scratchgui.model.queue_order import QueueOrder


def looks(gray: int, seed: int = 0) -> bytes:
    """Return the impression of an even surface with some noise."""
    noise = np.random.default_rng(seed).integers(-3, 4, (64, 64))
    return impression_of((gray + noise).astype(np.uint8))


def order_of(records: list[ImageRecord]) -> list[str]:
    order = QueueOrder()
    order.set_records(records)
    return [records[row].rel for row in order.rows]


def test_images_of_each_kind_come_before_a_second_one_of_a_kind():
    bright = [ImageRecord(f"bright{n}", score=0.9, doubt=Doubt(500 - n, looks(200, n))) for n in range(30)]
    dark = [ImageRecord("dark", score=0.6, doubt=Doubt(90.0, looks(40)))]
    middle = [ImageRecord("middle", score=0.6, doubt=Doubt(100.0, looks(120)))]
    assert set(order_of([*bright, *dark, *middle])[:3]) == {"bright0", "dark", "middle"}


def test_kinds_that_were_approved_come_later():
    kinds = {"bright": 200, "dark": 40, "middle": 120}
    records = [
        ImageRecord(f"{name}{number}", score=0.5, doubt=Doubt(100.0 + number, looks(gray, number)))
        for name, gray in kinds.items()
        for number in range(3)
    ]
    for record in records:
        if record.rel in ("bright0", "dark0"):
            record.status = ReviewStatus.APPROVED
    ordered = order_of(records)
    assert ordered[0].startswith("middle") and ordered[-2:] == ["bright0", "dark0"]


def test_without_impressions_the_most_doubtful_comes_first():
    records = [
        ImageRecord(name, score=0.5, doubt=Doubt(pixels)) for name, pixels in (("a", 3.0), ("b", 9.0), ("c", 5.0))
    ]
    assert order_of([*records, ImageRecord("d")]) == ["b", "c", "a", "d"]


def test_images_without_a_doubt_come_after_all_others_in_the_order_of_their_names():
    sure = [ImageRecord(f"sure{n:02}", score=0.0, doubt=Doubt(0.0, looks(20 + 5 * n, n))) for n in range(40)]
    unsure = [ImageRecord(f"unsure{n}", score=0.5, doubt=Doubt(9.0, looks(120, 99 + n))) for n in range(5)]
    ordered = order_of([*sure, *unsure])
    assert set(ordered[:5]) == {record.rel for record in unsure}
    assert ordered[5:] == [record.rel for record in sure]


def test_an_impression_that_is_not_known_is_no_drawback():
    old = [ImageRecord(f"old{n}", score=0.5, doubt=Doubt(1000.0 + n)) for n in range(3)]
    new = [ImageRecord(f"new{n}", score=0.5, doubt=Doubt(1.0 + n, looks(60 * n + 20))) for n in range(3)]
    assert order_of([*new, *old]) == ["old2", "old1", "old0", "new2", "new1", "new0"]


def test_the_many_that_follow_are_in_the_order_of_doubt():
    records = [ImageRecord(f"{n:03}", score=0.5, doubt=Doubt(float(n), looks(n % 200 + 20, n))) for n in range(100)]
    ordered = order_of(records)
    assert sorted(ordered) == [record.rel for record in records]
    rest = ordered[32:]
    assert rest == sorted(rest, reverse=True)
