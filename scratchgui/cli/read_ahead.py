"""Images decoded while the model is busy with the one before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from scratchgui.core.errors import ImageReadError
from scratchgui.core.images import read_image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Decoded = NDArray[np.uint8] | ImageReadError


def read_ahead(root: Path, rels: Sequence[str]) -> Iterator[tuple[str, Decoded]]:
    """Yield each image, or why it cannot be read; the next one is decoded meanwhile.

    Args:
        root: Folder of the images.
        rels: Their names in it.
    """
    with ThreadPoolExecutor(1, "read") as reader:
        coming = reader.submit(_read, root / rels[0]) if rels else None
        for index, rel in enumerate(rels):
            assert coming is not None
            image = coming.result()
            coming = reader.submit(_read, root / rels[index + 1]) if index + 1 < len(rels) else None
            yield rel, image


def _read(path: Path) -> Decoded:
    try:
        return read_image(path)
    except ImageReadError as error:
        return error
