from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_model import make_bundle
from training_files import write_entry

from training.data import Images
from training.evaluate import Examination, examine, examine_bundle


@pytest.fixture
def pair(tmp_path: Path) -> Images:
    """One image with a scratch, one clean."""
    folder = tmp_path / "images"
    return Images(
        [write_entry(folder, "a", "validation", 3), write_entry(folder, "b", "validation", 4, clean=True)], binary=False
    )


def nothing(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.zeros((1, *image.shape[:2]), np.uint8)


def everything(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.full((1, *image.shape[:2]), 255, np.uint8)


def dark(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray((image < 90) * 255, np.uint8)[None]


def test_a_right_a_silent_and_a_loud_model(pair: Images) -> None:
    right, silent, loud = (examine(predict, pair) for predict in (dark, nothing, everything))
    assert right.summary.dice == pytest.approx(1, abs=0.02) and right.summary.false_alarm_rate == 0
    assert silent.summary.dice == 0 and silent.summary.false_alarm_rate == 0
    assert loud.summary.false_alarm_rate == 1 and 0 < (loud.summary.dice or 0) < 0.2
    assert right.mark > silent.mark > loud.mark


def test_scores_that_nothing_defines_stay_undefined(tmp_path: Path) -> None:
    clean = Images([write_entry(tmp_path, "c", "validation", 1, clean=True)], binary=False)
    defect = Images([write_entry(tmp_path, "d", "validation", 1)], binary=False)
    assert examine(nothing, clean).summary.dice is None
    assert examine(nothing, defect).summary.false_alarm_rate is None
    assert examine(nothing, clean).mark == 1.0
    assert Examination(()).mark == 0.0


def test_a_speck_below_eight_pixels_is_no_false_alarm(tmp_path: Path) -> None:
    clean = Images([write_entry(tmp_path, "c", "validation", 1, clean=True)], binary=False)

    def speck(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        probability = nothing(image)
        probability[0, :1, :7] = 255
        return probability

    assert examine(speck, clean).summary.false_alarm_rate == 0


def test_a_model_on_disk_is_examined_by_the_programs_engine(tmp_path: Path, pair: Images) -> None:
    bundle = make_bundle(tmp_path / "bundle")
    result = examine_bundle(bundle.folder, pair, 0.5)
    assert (result.summary.dice or 0) > 0.7 and result.summary.false_alarm_rate == 0
