"""The files that `scratchgui infer` writes for each image, and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchgui.core.errors import UserError
from scratchgui.core.files import atomic_write_bytes, sidecar_stem
from scratchgui.core.mask import encode_mask
from scratchgui.reports.figures import color_table, draw_boxes, draw_overlay, encode_jpeg, overview

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.cli.run_card import Outputs
    from scratchgui.core.mask import Mask
    from scratchgui.core.regions import Region

MASKS, OVERLAYS, PROBABILITIES = "masks", "overlays", "probabilities"
_LONGEST_JPEG_SIDE = 65_000


class ResultFiles:
    """Writes masks, overlays and probabilities below a folder."""

    def __init__(self, folder: Path, colors: Sequence[str], outputs: Outputs) -> None:
        self._folder = folder
        self._table = color_table(colors)
        self._outputs = outputs

    def are_there(self, name: str) -> bool:
        """Tell whether the files of an image are still there; after a power cut they may be empty."""
        kinds = [(MASKS, ".png")] + [(OVERLAYS, ".jpg")] * self._outputs.overlays
        try:
            return all(self._path(kind, name, suffix).stat().st_size for kind, suffix in kinds)
        except OSError:
            return False

    def write(
        self, name: str, image: NDArray[np.uint8], mask: Mask, probability: NDArray[np.uint8], regions: Sequence[Region]
    ) -> None:
        """Write one image's files.

        Args:
            name: Name of the results (see `Worklist.name_of`).
            image: Gray (H, W) or RGB (H, W, 3).
            mask: uint8 (H, W).
            probability: uint8 (C, H, W); of several classes, each goes to a file of its own.
            regions: Defects to draw boxes around.

        Raises:
            UserError: The folder cannot be written.
        """
        try:
            self._put(MASKS, name, ".png", encode_mask(mask))
            if self._outputs.overlays:
                self._put(OVERLAYS, name, ".jpg", self._overlay(image, mask, regions))
            if self._outputs.probabilities:
                self._write_probabilities(name, probability)
        except OSError as error:
            raise UserError(f"The results cannot be written ({error.strerror})", path=self._folder) from error

    def _write_probabilities(self, name: str, probability: NDArray[np.uint8]) -> None:
        for label, plane in enumerate(probability, 1):
            ending = ".png" if len(probability) == 1 else f".{label}.png"
            self._put(PROBABILITIES, name, ending, encode_mask(plane))

    def _put(self, kind: str, name: str, suffix: str, data: bytes) -> None:
        # Not forced to the disk one by one, which takes longer than all the rest; what is lost is judged anew.
        atomic_write_bytes(self._path(kind, name, suffix), data, durable=False)

    def _path(self, kind: str, name: str, suffix: str) -> Path:
        path = self._folder / kind / name
        return path.with_name(sidecar_stem(path.name) + suffix)

    def _overlay(self, image: NDArray[np.uint8], mask: Mask, regions: Sequence[Region]) -> bytes:
        if max(mask.shape) > _LONGEST_JPEG_SIDE:
            return overview(image, mask, self._table, _LONGEST_JPEG_SIDE).jpeg
        drawn = draw_overlay(image, mask, self._table)
        draw_boxes(drawn, regions, self._table)
        return encode_jpeg(drawn)
