"""Pictures of what the network marks in some validation images, for who watches the training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from scratchgui.core.cutting import Cutting
from scratchgui.core.files import atomic_write_bytes
from scratchgui.core.outlining import outlined
from scratchgui.inference.postprocess import cut

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from training.data import Images

EXAMPLES_FOLDER = "examples"
"""Name of their folder in the run folder."""

_COUNT: Final = 4
_LOOKED_THROUGH: Final = 40
_SIDE: Final = 512
"""Part of the image that is shown at most (px): one tile of the network, however large the image is."""
_SHOWN: Final = 384
_EVERY: Final = 3
_TRUTH: Final = ((86, 180, 233), 6)
_FOUND: Final = ((255, 90, 31), 2)
_THRESHOLD: Final = 0.5
_MIN_AREA: Final = 8


class Examples:
    """Up to four parts of validation images, drawn at the first examination and at each third one after it."""

    def __init__(self, folder: Path, images: Images) -> None:
        """Prepare; nothing is read or written yet.

        Args:
            folder: Where the pictures go; made when it is needed.
            images: The validation images.
        """
        self._folder = folder
        self._images = images
        self._parts: list[tuple[NDArray[np.uint8], Mask]] | None = None
        self._asked = 0
        self._old: list[str] = []

    def draw(self, predict: Callable[[NDArray[np.uint8]], NDArray[np.uint8]], epoch: int) -> list[str]:
        """Let the network mark the parts, and write a picture of each; the former ones are removed.

        Args:
            predict: Gives the probabilities, uint8 (C, H, W), of an image.
            epoch: Goes into the names.

        Returns:
            Names of the files; none at an examination that is passed over, or where they cannot be written.
        """
        self._asked += 1
        if (self._asked - 1) % _EVERY:
            return []
        if self._parts is None:
            self._parts = choose_parts(self._images)
        names = []
        try:
            self._folder.mkdir(exist_ok=True)
            for number, (image, truth) in enumerate(self._parts):
                marked = cut(predict(image), Cutting(_THRESHOLD, _MIN_AREA))
                name = f"{epoch:05}_{number}.png"
                picture = outlined(image, [(truth, *_TRUTH), (marked, *_FOUND)], _SHOWN)
                data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes()
                atomic_write_bytes(self._folder / name, data, durable=False)
                names.append(name)
            for name in set(self._old) - set(names):
                (self._folder / name).unlink(missing_ok=True)
        except OSError:  # they are to look at: a training does not end because the disk is full
            return []
        self._old = names
        return names


def choose_parts(images: Images) -> list[tuple[NDArray[np.uint8], Mask]]:
    """Return parts of up to four images with their truth, uint8 (H, W); most of them lie around a defect."""
    defects: list[tuple[NDArray[np.uint8], Mask]] = []
    clean: list[tuple[NDArray[np.uint8], Mask]] = []
    for index in range(min(len(images), _LOOKED_THROUGH)):
        image, truth = images[index]
        (defects if truth.any() else clean).append(_part(image, truth))
        if len(defects) >= _COUNT and clean:
            break
    most = _COUNT - 1 if clean else _COUNT
    return [*defects[:most], *clean][:_COUNT]


def _part(image: NDArray[np.uint8], truth: Mask) -> tuple[NDArray[np.uint8], Mask]:
    """Return the part of an image around its longest row of marked pixels, or around the middle of a clean one."""
    height, width = truth.shape
    x, y = width // 2, height // 2
    if truth.any():
        y = int(np.argmax(np.count_nonzero(truth, axis=1)))
        x = int(np.median(np.flatnonzero(truth[y])))
    side_x, side_y = min(_SIDE, width), min(_SIDE, height)
    left, top = min(max(0, x - side_x // 2), width - side_x), min(max(0, y - side_y // 2), height - side_y)
    place = np.s_[top : top + side_y, left : left + side_x]
    return image[place].copy(), truth[place].copy()
