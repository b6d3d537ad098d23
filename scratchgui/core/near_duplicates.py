"""Which images show the same: the same shot twice, or the same part under another light.

Two steps. The perceptual hash of 64 bits (the signs of an image's lowest frequencies against their median: C. Zauner,
"Implementation and Benchmarking of Perceptual Image Hash Functions", 2010; E. Klinger and D. Starkweather, pHash) finds
candidates: it hardly moves when an image is encoded anew or somewhat brighter. It sees a part's outline more than its
surface, though, so that all parts in one holder look alike to it. Therefore the details must agree too: the small image
without its slow changes of light.

What this finds, and what it takes for one by mistake, was measured: see docs/adr/0011.
"""

from __future__ import annotations

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from scratchgui.core.errors import ImageReadError, UserError
from scratchgui.core.files import atomic_write_json, read_json
from scratchgui.core.images import as_gray, read_thumbnail

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FARTHEST = 10
"""So many of the 64 bits may differ."""
LEAST_LIKENESS = 0.85
"""Correlation that the details of two images have at least."""
LARGEST_GROUP = 12
"""Of more images that look alike it is not the part that is the same, but its kind: another group begins."""
SCHEMA_VERSION = 1
_SIDE = 32
_LOWEST = 8
_SLOW = 3.0
"""Changes of light are slower than this deviation of a Gaussian (px of the small image)."""
_READ_AT = 128
"""Larger images are made so small before anything else (px)."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looks:
    """What an image looks like.

    Attributes:
        bits: Perceptual hash, bool (64,).
        details: Small image without slow changes, int8 (1024,), of norm 1 but for a factor.
    """

    bits: NDArray[np.bool_]
    details: NDArray[np.int8]

    def as_text(self) -> str:
        """Return it as hexadecimal digits."""
        return np.packbits(self.bits).tobytes().hex() + self.details.tobytes().hex()

    @classmethod
    def from_text(cls, text: str) -> Looks:
        """Return it from `as_text`; ValueError when it is something else."""
        data = np.frombuffer(bytes.fromhex(text), np.uint8)
        if data.size != 8 + _SIDE**2:
            raise ValueError(f"{data.size} bytes are no looks of an image")
        return cls(np.unpackbits(data[:8]).astype(np.bool_), data[8:].view(np.int8))


def looks_of(image: NDArray[np.uint8]) -> Looks:
    """Return what an image, uint8 (H, W) or (H, W, 3), looks like."""
    small = cv2.resize(as_gray(image), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    lowest = cv2.dct(small)[:_LOWEST, :_LOWEST].ravel()
    # The logarithm, because light multiplies.
    tone = np.log(small + 8)
    details = tone - cv2.GaussianBlur(tone, (0, 0), _SLOW)
    details -= details.mean()
    strongest = float(np.abs(details).max())
    scaled = np.round(details * (127 / strongest)) if strongest > 1e-3 else np.zeros_like(details)
    return Looks(np.asarray(lowest > np.median(lowest[1:])), scaled.astype(np.int8).ravel())


def groups_of(looks: Mapping[str, Looks]) -> dict[str, str]:
    """Return the group of each image, named after its first image; an image that is like no other is a group alone.

    An image joins the first group whose first image it is like: no chain of small steps leads from one part to another.

    Args:
        looks: By the image's name, in an order that stays when more come.
    """
    names = list(looks)
    hashes = np.array([np.packbits(item.bits).view(np.uint64)[0] for item in looks.values()], np.uint64)
    first = np.zeros(len(names), np.intp)
    sizes = np.zeros(len(names), np.intp)
    details = np.zeros((len(names), _SIDE**2), np.float32)  # of each group's first image
    groups = 0
    found: dict[str, str] = {}
    for number, (name, item) in enumerate(looks.items()):
        own = item.details.astype(np.float32)
        own /= float(np.linalg.norm(own)) or 1.0
        like = np.bitwise_count(hashes[first[:groups]] ^ hashes[number]) <= FARTHEST
        like &= sizes[:groups] < LARGEST_GROUP
        if like.any():
            like &= details[:groups] @ own >= LEAST_LIKENESS
        group = int(like.argmax()) if like.any() else groups
        if group == groups:
            first[group], details[group] = number, own
            groups += 1
        sizes[group] += 1
        found[name] = names[first[group]]
    return found


class LooksFile:
    """What images look like, kept in a file that can be deleted at any time; an image is read once per state."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, images: Mapping[str, Path]) -> dict[str, Looks]:
        """Return what images look like, by name; those that cannot be read are left out."""
        kept = self._read()
        found: dict[str, Looks] = {}
        entries = dict(kept)
        # Few threads: each may hold a large image, and the window and the model need the processor too.
        with ThreadPoolExecutor(max(1, min(4, (os.cpu_count() or 1) // 2))) as pool:
            for name, seen in zip(images, pool.map(_look_at, images.values(), map(kept.get, images)), strict=True):
                if seen is not None:
                    entries[name], found[name] = seen
        if entries != kept:
            self._write(entries)
        return found

    def _read(self) -> dict[str, object]:
        try:
            value = read_json(self._path)
            return dict(value["images"]) if value["schema_version"] == SCHEMA_VERSION else {}
        except (UserError, KeyError, TypeError, ValueError):
            return {}

    def _write(self, entries: Mapping[str, object]) -> None:
        try:
            atomic_write_json(self._path, {"schema_version": SCHEMA_VERSION, "images": entries})
        except OSError as error:
            _log.warning("What images look like is not kept: %s", error)


def _look_at(path: Path, kept: object) -> tuple[dict[str, object], Looks] | None:
    """Return what is to be kept of an image and what it looks like; None if it cannot be read.

    Args:
        path: The image.
        kept: What was kept of it; it holds as long as the image is of the same state.
    """
    try:
        status = path.stat()
        state = [status.st_size, status.st_mtime_ns]
        if isinstance(kept, dict) and kept.get("image") == state:
            return kept, Looks.from_text(str(kept["looks"]))
        looks = looks_of(read_thumbnail(path, _READ_AT))
        return {"image": state, "looks": looks.as_text()}, looks
    except (OSError, ImageReadError, ValueError, KeyError) as error:
        _log.warning("What %s looks like is not known: %s", path.name, error)
        return None
