"""The pictures of what two models mark in an image, made in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.annotation import load_annotation
from scratchgui.core.comparison import COMPARISON_FOLDER
from scratchgui.core.errors import UserError
from scratchgui.core.images import read_image
from scratchgui.core.mask import decode_mask
from scratchgui.core.outlining import box_of_change, outlined

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.comparison import ComparedImage
    from scratchgui.core.mask import Mask
    from scratchgui.core.project import Project

_SMALLEST_PART = 160
"""Smallest side of the part of the image that is shown (px)."""


def draw_change(
    project: Project, run: Path, compared: ComparedImage, side: int, colors: tuple[str, str]
) -> list[NDArray[np.uint8]]:
    """Return two pictures, RGB: the part of the image that changes, with what each model marks.

    Args:
        project: Where the approved mask is.
        run: The run folder with the models' masks.
        compared: The image.
        side: Longer side of a picture (px).
        colors: Of the approved outline and of a model's, "#rrggbb".

    Raises:
        UserError: The image or a mask is gone or damaged.
    """
    image = read_image(project.image_path(compared.key))
    names = (compared.champion_mask, compared.challenger_mask)
    masks = [_read(run / COMPARISON_FOLDER / name, image.shape[:2]) for name in names]
    kept = load_annotation(project, compared.key)
    truth = kept.mask if kept is not None and kept.mask.shape == masks[0].shape else np.zeros_like(masks[0])
    place = box_of_change(masks[0], masks[1], _SMALLEST_PART).slices
    approved, found = ((_rgb(color), reach) for color, reach in zip(colors, (5, 1), strict=True))
    return [outlined(image[place], [(truth[place], *approved), (mask[place], *found)], side) for mask in masks]


def _read(path: Path, shape: tuple[int, ...]) -> Mask:
    """Read a model's mask; one that is as small as the model saw the image is brought to the image's size."""
    try:
        mask = decode_mask(path.read_bytes(), path=path)
    except OSError as error:
        raise UserError(f"What a model marked cannot be read ({error.strerror})", path=path) from error
    if mask.shape != shape:
        mask = np.asarray(cv2.resize(mask, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST), np.uint8)
    return mask


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
