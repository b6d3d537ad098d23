from __future__ import annotations

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st

from scratchgui.core.errors import ImageReadError
from scratchgui.core.gray_levels import window_of
from scratchgui.core.images import read_image, read_raw
from scratchgui.core.tone import Tone, shown_levels, with_local_contrast

tones = st.builds(Tone, st.integers(-100, 100), st.integers(-100, 100), st.floats(0.2, 5))


@given(tones)
def test_no_level_is_shown_darker_than_a_darker_one(tone):
    table = tone.table().astype(int)
    assert table.shape == (256,)
    assert (np.diff(table) >= 0).all()


def test_a_neutral_tone_changes_nothing():
    np.testing.assert_array_equal(Tone().table(), np.arange(256))
    assert shown_levels(Tone(), None) is None
    assert Tone().is_neutral and not Tone(gamma=1.1).is_neutral


def test_each_part_of_a_tone_does_what_it_says():
    assert (Tone(brightness=30).table()[50:150] > np.arange(50, 150)).all()
    lifted = Tone(gamma=2).table()
    assert lifted[0] == 0 and lifted[255] == 255 and lifted[64] > 100
    steep = Tone(contrast=50).table().astype(int)
    assert steep[20] == 0 and steep[235] == 255 and steep[128] - steep[118] > 15
    assert set(Tone(contrast=-100).table()) == {128}


def test_a_window_spreads_its_values_over_all_levels_before_the_tone():
    table = shown_levels(Tone(), (1000, 3000))
    assert table.shape == (65536,)
    assert (table[:1001] == 0).all() and (table[3000:] == 255).all() and table[2000] == 128
    np.testing.assert_array_equal(shown_levels(Tone(brightness=20), (1000, 3000)), Tone(brightness=20).table()[table])


def test_the_automatic_window_shows_what_the_model_gets(tmp_path):
    values = np.random.default_rng(4).normal(9000, 700, (90, 70)).astype(np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", values)
    raw = read_raw(tmp_path / "a.tif")
    np.testing.assert_array_equal(raw, values)
    table = shown_levels(Tone(), window_of(raw))
    np.testing.assert_array_equal(table[raw], read_image(tmp_path / "a.tif"))


def test_raw_values_of_a_color_image_come_as_rgb(tmp_path):
    values = np.random.default_rng(5).integers(0, 65536, (20, 30, 3), np.uint16)
    cv2.imwrite(str(tmp_path / "a.png"), values[..., ::-1])
    np.testing.assert_array_equal(read_raw(tmp_path / "a.png"), values)


def test_images_of_another_depth_have_no_raw_values(tmp_path):
    gray = np.full((12, 12), 7, np.uint8)
    for name in ("a.png", "a.jpg", "a.bmp", "a.tif"):
        cv2.imwrite(str(tmp_path / name), gray)
        assert read_raw(tmp_path / name) is None
    tifffile.imwrite(tmp_path / "f.tif", gray.astype(np.float32))
    assert read_raw(tmp_path / "f.tif") is None
    with pytest.raises(ImageReadError):
        read_raw(tmp_path / "missing.png")


@pytest.mark.parametrize("shape", [(200, 300), (200, 300, 3), (1, 1), (3, 1000)])
def test_local_contrast_shows_a_faint_scratch_better(shape):
    image = np.full(shape, 120, np.uint8)
    image[shape[0] // 2] += 6
    shown = with_local_contrast(image)
    assert shown.shape == shape and shown.dtype == np.uint8
    if shape[0] > 10:
        row = shape[0] // 2
        assert int(shown[row].max()) - int(shown[row - 3].min()) > 6
