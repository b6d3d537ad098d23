from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scratchgui.core.annotation import beginning_path, load_beginning, load_info, remove_annotation, save_annotation
from scratchgui.core.correction import HEAVIEST, Beginning, Correction, changed_surroundings, correction_between
from scratchgui.core.files import read_json
from scratchgui.core.metrics import compare
from scratchgui.core.project import Project, ReviewStatus

REL = "line 2/d.tif"
masks = arrays(np.uint8, (12, 9), elements=st.sampled_from([0, 0, 0, 1, 2]))


def corrected(before: np.ndarray, after: np.ndarray) -> Correction:
    found = correction_between(Beginning(before.copy(), "m1", 0.4), after)
    assert found is not None
    return found


@given(masks, masks)
def test_every_changed_pixel_is_counted_once_and_the_weight_is_bounded(before: np.ndarray, after: np.ndarray) -> None:
    found = corrected(before, after)
    assert found.pixels_added + found.pixels_removed + found.pixels_relabeled == np.count_nonzero(before != after)
    assert found.is_unchanged is np.array_equal(before, after)
    expected = compare(before, after)
    assert found.dice == (None if expected.dice is None else pytest.approx(expected.dice))
    assert found.regions == expected.regions
    assert 1 <= found.weight <= HEAVIEST
    assert (found.weight == 1) is found.is_unchanged


def test_an_approved_prediction_is_a_correction_of_nothing(scratch: np.ndarray) -> None:
    found = corrected(scratch, scratch)
    assert (found.dice, found.weight, found.regions, found.false_alarm) == (1.0, 1.0, 1, False)
    clean = corrected(scratch * 0, scratch * 0)
    assert (clean.dice, clean.weight, clean.false_alarm) == (None, 1.0, False)


def test_a_false_alarm_and_a_missed_defect_weigh_most(scratch: np.ndarray) -> None:
    removed, missed = corrected(scratch, scratch * 0), corrected(scratch * 0, scratch)
    assert removed.false_alarm and removed.regions_removed == 1 and removed.dice is None
    assert not missed.false_alarm and missed.regions_added == 1 and missed.dice == 0
    assert removed.weight == missed.weight == HEAVIEST


def test_a_short_scratch_missed_beside_a_long_one_weighs_as_a_region() -> None:
    before = np.zeros((200, 300), np.uint8)
    before[50:60] = 1
    after = before.copy()
    after[150:152, 10:20] = 1
    found = corrected(before, after)
    assert found.dice is not None and found.dice > 0.99
    assert (found.regions, found.regions_added) == (2, 1)
    assert found.weight == pytest.approx(1 + (HEAVIEST - 1) / 2)


def test_one_changed_pixel_weighs_hardly_anything(scratch: np.ndarray) -> None:
    after = scratch.copy()
    after[10, 4] = 0
    assert 1 < corrected(scratch, after).weight < 1.1


def test_masks_of_two_sizes_are_not_compared(scratch: np.ndarray) -> None:
    assert correction_between(Beginning(scratch, "m1", 0.5), np.zeros((5, 5), np.uint8)) is None


def test_the_inspector_looked_around_what_changed() -> None:
    before, after = np.zeros((40, 40), np.uint8), np.zeros((40, 40), np.uint8)
    after[20, 20] = 2
    seen = changed_surroundings(before, after, 3)
    assert seen.sum() == 49 * 255 and seen[17:24, 17:24].all()


def test_what_is_corrected_is_measured_at_each_save_against_the_first_mask(
    project: Project, scratch: np.ndarray
) -> None:
    began = Beginning(scratch, "m1", 0.4)
    first = save_annotation(project, REL, scratch, ReviewStatus.CORRECTED, began=began)
    assert first.correction is not None and first.correction.is_unchanged and first.source_model == "m1"
    second = save_annotation(project, REL, scratch * 0, ReviewStatus.APPROVED)
    assert second.correction is not None and second.correction.false_alarm
    assert (second.correction.model, second.correction.threshold, second.source_model) == ("m1", 0.4, "m1")
    assert load_info(project, REL) == second
    kept = load_beginning(project, REL, second)
    assert kept is not None and np.array_equal(kept.mask, scratch)


def test_another_prediction_taken_over_is_what_counts_from_then_on(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.CORRECTED, began=Beginning(scratch * 0, "m1", 0.4))
    save_annotation(project, REL, scratch, ReviewStatus.CORRECTED, began=Beginning(scratch, "m2", 0.4))
    last = save_annotation(project, REL, scratch, ReviewStatus.APPROVED).correction
    assert last is not None and last.model == "m2" and last.is_unchanged


def test_annotations_of_before_stay_valid_and_know_of_no_correction(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.APPROVED, source_model="m0")
    path = project.annotation_paths(REL)[1]
    value = read_json(path)
    del value["correction"]
    path.write_text(json.dumps(value))
    info = load_info(project, REL)
    assert info is not None and info.correction is None and info.source_model == "m0"
    assert load_beginning(project, REL, info) is None


@pytest.mark.parametrize("damage", [b"", b"not a png"])
def test_a_damaged_beginning_is_not_guessed_at(project: Project, scratch: np.ndarray, damage: bytes) -> None:
    info = save_annotation(project, REL, scratch, ReviewStatus.CORRECTED, began=Beginning(scratch, "m1", 0.4))
    beginning_path(project, REL).write_bytes(damage)
    assert load_beginning(project, REL, info) is None
    assert save_annotation(project, REL, scratch, ReviewStatus.APPROVED).correction is None


def test_what_is_removed_takes_its_beginning_along(project: Project, scratch: np.ndarray) -> None:
    save_annotation(project, REL, scratch, ReviewStatus.CORRECTED, began=Beginning(scratch, "m1", 0.4))
    remove_annotation(project, REL)
    assert not beginning_path(project, REL).exists()
