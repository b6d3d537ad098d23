"""A grid of varied crops, so that the user sees what a training will look at.

`python -m training --preview` reads one `PreviewOrder` a line, draws it, and answers each with a `PreviewAnswer`; it
ends with its input. Importing what varies the crops takes seconds, drawing a grid a few hundredths of one.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import cv2
import numpy as np
from pydantic import ValidationError

from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.files import atomic_write_bytes
from scratchgui.core.images import as_rgb
from scratchgui.core.manifest import ManifestEntry
from scratchgui.core.preview import PreviewAnswer, PreviewOrder
from training.augment import pipeline
from training.data import random_crop, read_entry
from training.sampling import spots_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchgui.core.augmentation import Augmentation
    from scratchgui.core.mask import Mask

_GAP = 4
_BETWEEN = 128
"""Gray level between the crops."""
_OUTLINE = (255, 90, 31)
_ALL_CLASSES = 255

_log = logging.getLogger(__name__)


def preview_grid(
    image: NDArray[np.uint8],
    mask: Mask,
    settings: Augmentation,
    *,
    crop: int = 256,
    columns: int = 4,
    rows: int = 3,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """Return varied crops of an image with their defects outlined; the first one is as it is in the image.

    Args:
        image: uint8 (H, W) or (H, W, 3) RGB.
        mask: Label map, uint8 (H, W).
        settings: How to vary them.
        crop: Their side (px).
        columns: Crops in a row.
        rows: Rows of crops.
        seed: Of the random numbers.

    Returns:
        RGB, uint8 (rows × (crop + 4) − 4, columns × (crop + 4) − 4, 3).
    """
    vary, spots = pipeline(settings), spots_of(mask, classes=_ALL_CLASSES)
    step = crop + _GAP
    grid = np.full((rows * step - _GAP, columns * step - _GAP, 3), _BETWEEN, np.uint8)
    for number in range(rows * columns):
        # As the training does: a crop depends on nothing but the seed and its number.
        rng = np.random.default_rng((seed, number))
        pixels, labels = random_crop(rng, image, mask, crop, spots)
        pixels = as_rgb(pixels)
        if number:
            vary.set_random_seed(int(rng.integers(2**31)))
            varied = vary(image=pixels, mask=labels)
            pixels, labels = varied["image"], varied["mask"]
        y, x = (place * step for place in divmod(number, columns))
        grid[y : y + crop, x : x + crop] = _outlined(pixels, labels)
    return grid


def _outlined(pixels: NDArray[np.uint8], labels: Mask) -> NDArray[np.uint8]:
    """Draw a line around the defects, beside them: a thin scratch stays visible inside."""
    marked = (labels > 0).astype(np.uint8)
    around = cv2.dilate(marked, np.ones((7, 7), np.uint8)) - cv2.dilate(marked, np.ones((5, 5), np.uint8))
    drawn = pixels.copy()
    drawn[around > 0] = _OUTLINE
    return drawn


def serve(orders: TextIO, answers: TextIO) -> None:
    """Draw one order a line until there are no more."""
    for line in orders:
        answers.write(_draw(line).model_dump_json() + "\n")
        answers.flush()


def _draw(line: str) -> PreviewAnswer:
    try:
        order = PreviewOrder.model_validate_json(line)
        image, mask = _read(order.image, order.mask)
        size = {"crop": order.crop, "columns": order.columns, "rows": order.rows}
        grid = preview_grid(image, mask, order.augmentation, seed=order.seed, **size)
        done, data = cv2.imencode(".png", cv2.cvtColor(grid, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 1])
        if not done:
            raise TrainingError("The crops cannot be drawn")
        atomic_write_bytes(Path(order.out), data.tobytes(), durable=False)
        return PreviewAnswer(out=order.out)
    except UserError as error:
        return PreviewAnswer(error=str(error))
    except ValidationError as error:
        _log.warning("An order of the preview is wrong: %s", error)
        return PreviewAnswer(error="The crops cannot be drawn: the order is wrong.")
    except OSError as error:
        return PreviewAnswer(error=f"The crops cannot be written ({error.strerror}).")


@lru_cache(maxsize=1)
def _read(image: str, mask: str | None) -> tuple[NDArray[np.uint8], Mask]:
    entry = ManifestEntry(key=image, image=image, mask=mask, split="train")
    return read_entry(entry, binary=False)
