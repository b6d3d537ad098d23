"""Takes the pictures of synthetic_surfaces.md: `uv run python docs/make_synthetic.py`."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from training.synth.flaws import FLAWS
from training.synth.scene import add_scratches, make_scene
from training.synth.surfaces import SURFACES, illuminated

_HERE = Path(__file__).parent
_SIDE, _GAP, _CAPTION, _ACROSS = 288, 8, 22, 5
_ENLARGED, _SHOWN = 3, 96
_OUTLINE = (255, 122, 0)
_SEEDS = {"scratches": (1, 2, 3, 4, 5, 6), "cracks": (1, 2), "pits": (1, 2), "chips": (1, 2), "patches": (1, 2, 3)}


def captioned(image: np.ndarray, text: str) -> np.ndarray:
    """Return a picture with a line of text below."""
    line = np.full((_CAPTION, image.shape[1], 3), 255, np.uint8)
    cv2.putText(line, text, (2, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (40, 40, 40), 1, cv2.LINE_AA)
    return np.vstack([image, line])


def outlined(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return a picture with the truth's outline on it."""
    shown = image.copy()
    contours = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0]
    cv2.drawContours(shown, contours, -1, _OUTLINE, 1)
    return shown


def sheet(pictures: list[np.ndarray], name: str) -> None:
    """Save pictures of one size in rows."""
    empty = np.full_like(pictures[0], 255)
    pictures = pictures + [empty] * (-len(pictures) % _ACROSS)
    framed = [cv2.copyMakeBorder(one, 0, _GAP, 0, _GAP, cv2.BORDER_CONSTANT, value=(255,) * 3) for one in pictures]
    rows = [np.hstack(framed[at : at + _ACROSS]) for at in range(0, len(framed), _ACROSS)]
    quality = [cv2.IMWRITE_JPEG_QUALITY, 88]
    cv2.imwrite(str(_HERE / "figures" / name), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR), quality)


def surfaces() -> list[np.ndarray]:
    """Return a picture of each kind of surface with defects, above the same one with their outlines."""
    shown = []
    for number, kind in enumerate(SURFACES):
        scene = make_scene(400 + number, _SIDE, _SIDE, surface=kind, clean=False)
        shown.append(captioned(np.vstack([scene.image, outlined(scene.image, scene.mask)]), kind))
    return shown


def defects() -> list[np.ndarray]:
    """Return enlarged cuts of each kind of defect, above the same ones with their outlines."""
    return [captioned(defect(name, seed), name) for name in ("scratches", *FLAWS) for seed in _SEEDS[name]]


def defect(name: str, seed: int) -> np.ndarray:
    """Return one defect on a plain surface, enlarged, above the same with its outline."""
    rng = np.random.default_rng(seed)
    surface = illuminated(rng, SURFACES["painted"](rng, _SIDE, _SIDE))
    mask = np.zeros(surface.shape, np.uint8)
    if name == "scratches":
        add_scratches(rng, surface, mask)
    else:
        FLAWS[name][0](rng, surface, mask, 0.02)
    # The cut is around the first defect's middle.
    rows, columns = np.nonzero(mask)
    top = int(np.clip(np.median(rows) - _SHOWN / 2, 0, _SIDE - _SHOWN))
    left = int(np.clip(np.median(columns) - _SHOWN / 2, 0, _SIDE - _SHOWN))
    window = slice(top, top + _SHOWN), slice(left, left + _SHOWN)
    gray = np.asarray(np.clip(surface[window] * 255, 0, 255), np.uint8)
    large = cv2.resize(gray, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_NEAREST)
    picture = cv2.cvtColor(large, cv2.COLOR_GRAY2RGB)
    truth = cv2.resize(mask[window], None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_NEAREST)
    return np.vstack([picture, outlined(picture, truth)])


if __name__ == "__main__":
    (_HERE / "figures").mkdir(exist_ok=True)
    sheet(surfaces(), "synthetic_surfaces.jpg")
    sheet(defects(), "synthetic_defects.jpg")
