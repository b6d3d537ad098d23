from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from scratchgui.core.errors import AnnotationError
from scratchgui.core.mask import decode_mask, encode_mask


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.integers(0, 255)))
def test_every_label_map_survives(mask: np.ndarray) -> None:
    assert np.array_equal(decode_mask(encode_mask(mask)), mask)


def test_a_part_of_a_larger_array_survives() -> None:
    whole = np.arange(100, dtype=np.uint8).reshape(10, 10)
    assert np.array_equal(decode_mask(encode_mask(whole[2:8:2, 1::3])), whole[2:8:2, 1::3])


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    from PIL import Image

    mask = np.eye(9, 12, dtype=np.uint8) * 3
    (tmp_path / "m.png").write_bytes(encode_mask(mask))
    with Image.open(tmp_path / "m.png") as image:
        assert image.mode == "L"
        assert np.array_equal(np.asarray(image), mask)


def _png(image: np.ndarray) -> bytes:
    return cv2.imencode(".png", image)[1].tobytes()


GOOD = encode_mask(np.random.default_rng(0).integers(0, 3, (60, 60), np.uint8))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no image",
        GOOD[: len(GOOD) // 2],
        GOOD[:-4],
        GOOD[: len(GOOD) // 2] + b"??" + GOOD[len(GOOD) // 2 + 2 :],
        b"\x89PNG" + bytes(30) + b"IEND",
        _png(np.zeros((4, 4, 3), np.uint8)),
        _png(np.zeros((4, 4), np.uint16)),
        cv2.imencode(".bmp", np.zeros((4, 4), np.uint8))[1].tobytes(),
    ],
    ids=["empty", "text", "half", "end missing", "bits flipped", "shell", "color", "16 bit", "other format"],
)
def test_a_damaged_mask_is_never_an_empty_one(data: bytes) -> None:
    with pytest.raises(AnnotationError, match="damaged"):
        decode_mask(data, path=Path("m.png"))
