"""Variations that albumentations has in a form that would erase thin scratches: light, and soft bends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import albumentations as A
import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LIGHT_KNOTS, _BEND_KNOTS = 3, 5
"""Random values along each side of a soft field: light with more of them looks like stains."""
_EVERY = 3
"""Of each direction, one pixel of so many is looked at for the gray levels of a crop."""
_LEAST_CONTRAST = 0.5
"""Share of the distance between dark and bright that stays."""
_DARKEST, _BRIGHTEST = 4.0, 250.0
"""Gray levels beyond which nothing is pushed that was not there before."""


def soft_field(rng: np.random.Generator, shape: tuple[int, ...], knots: int) -> NDArray[np.float32]:
    """Return a field (H, W), −1 … 1, that changes slowly over the whole of it."""
    values = rng.uniform(-1, 1, (knots, knots)).astype(np.float32)
    field = cv2.resize(values, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(field, -1, 1), np.float32)


class Light(A.ImageOnlyTransform):  # type: ignore[misc]
    """Brightness, contrast, gamma, and light that is not the same everywhere.

    Light multiplies, and at least half of the contrast stays: a dark image does not become black. What is bright is
    brightened only as far as nothing is cut off: a scratch that shines on a shining surface stays to be seen.
    """

    def __init__(self, gain: float, contrast: float, gamma: float, uneven: float, p: float) -> None:
        """Set the limits.

        Args:
            gain: Brightness is multiplied by 1 − gain … 1 + gain.
            contrast: The distance from the mean by 1 − contrast … 1 + contrast.
            gamma: Exponent e^−gamma … e^gamma.
            uneven: Light differs by so much to both sides within the crop.
            p: Share of the crops.
        """
        super().__init__(p=p)
        self.gain = gain
        self.contrast = contrast
        self.gamma = gamma
        self.uneven = uneven

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        """Draw the values for one crop."""
        rng = self.random_generator
        is_uneven = self.uneven and rng.random() < 0.5
        return {
            "gain": 1 + rng.uniform(-self.gain, self.gain),
            "contrast": 1 + rng.uniform(-self.contrast, self.contrast),
            "gamma": float(np.exp(rng.uniform(-self.gamma, self.gamma))),
            "field": 1 + self.uneven * soft_field(rng, params["shape"], _LIGHT_KNOTS) if is_uneven else None,
        }

    def apply(
        self,
        img: NDArray[np.uint8],
        gain: float,
        contrast: float,
        gamma: float,
        field: NDArray[np.float32] | None,
        **_: object,
    ) -> NDArray[np.uint8]:
        """Return the crop, uint8 (H, W, 3), in another light."""
        levels = np.arange(256, dtype=np.float32)
        some = img[::_EVERY, ::_EVERY]
        mean, (low, high) = float(some.mean()), np.percentile(some, (0.5, 99.5))
        tone = mean + (levels - mean) * contrast
        tone = 255 * (np.clip(tone, 0, 255) / 255) ** gamma * gain
        kept = float(tone[int(high)] - tone[int(low)]) / max(float(high - low), 1.0)
        tone *= max(1.0, _LEAST_CONTRAST / max(kept, 0.01))
        tone = _within(tone, float(tone[int(low)]), float(tone[int(high)]), float(low), float(high))
        if field is None:
            return np.asarray(cv2.LUT(img, np.clip(tone + 0.5, 0, 255).astype(np.uint8)), np.uint8)
        lit = tone.astype(np.float32)[img] * field[..., None]
        highest = float(np.percentile(lit[::_EVERY, ::_EVERY], 99.5))
        limit = max(_BRIGHTEST, float(high))
        return np.asarray(np.clip(lit * min(1.0, limit / max(highest, 1.0)) + 0.5, 0, 255), np.uint8)


def _within(
    tone: NDArray[np.float32], low: float, high: float, low_before: float, high_before: float
) -> NDArray[np.float32]:
    """Shift and scale gray levels so that nothing is cut off that was not."""
    bottom, top = min(_DARKEST, low_before), max(_BRIGHTEST, high_before)
    tone = tone + max(0.0, bottom - low)
    high += max(0.0, bottom - low)
    return np.asarray(
        tone if high <= top else bottom + (tone - bottom) * ((top - bottom) / (high - bottom)), np.float32
    )


class Tint(A.ImageOnlyTransform):  # type: ignore[misc]
    """Another color of the light; it only takes away, so that nothing is cut off."""

    def __init__(self, most: float, p: float) -> None:
        """Set how much of a color may be taken away (0 … 1), and the share of the crops."""
        super().__init__(p=p)
        self.most = most

    def get_params(self) -> dict[str, Any]:
        """Draw the color of one crop."""
        shares = 1 - self.random_generator.uniform(0, self.most, 3)
        return {"color": (shares / shares.max()).astype(np.float32)}

    def apply(self, img: NDArray[np.uint8], color: NDArray[np.float32], **_: object) -> NDArray[np.uint8]:
        """Return the crop, uint8 (H, W, 3), in another color."""
        levels = np.arange(256, dtype=np.float32)[:, None] * color
        return np.asarray(cv2.LUT(img, (levels + 0.5).astype(np.uint8)[None]), np.uint8)


class Bend(A.DualTransform):  # type: ignore[misc]
    """Moves pixels along a soft field: a straight scratch becomes a softly curved one, as wide as before."""

    def __init__(self, reach: float, p: float) -> None:
        """Set how far.

        Args:
            reach: Pixels are moved by up to this share of the crop's side.
            p: Share of the crops.
        """
        super().__init__(p=p)
        self.reach = reach

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        """Draw the field of one crop."""
        shape = params["shape"]
        rows, columns = np.indices(shape[:2], np.float32)
        far = np.float32(self.reach * min(shape[:2]))
        rng = self.random_generator
        return {
            "columns": columns + far * soft_field(rng, shape, _BEND_KNOTS),
            "rows": rows + far * soft_field(rng, shape, _BEND_KNOTS),
        }

    def apply(
        self, img: NDArray[np.uint8], columns: NDArray[np.float32], rows: NDArray[np.float32], **_: object
    ) -> NDArray[np.uint8]:
        """Return the bent crop."""
        return _moved(img, columns, rows, cv2.INTER_LINEAR)

    def apply_to_mask(
        self, mask: NDArray[np.uint8], columns: NDArray[np.float32], rows: NDArray[np.float32], **_: object
    ) -> NDArray[np.uint8]:
        """Return the bent label map."""
        return _moved(mask, columns, rows, cv2.INTER_NEAREST)


def _moved(
    array: NDArray[np.uint8], columns: NDArray[np.float32], rows: NDArray[np.float32], how: int
) -> NDArray[np.uint8]:
    return np.asarray(cv2.remap(array, columns, rows, how, borderMode=cv2.BORDER_REFLECT_101), np.uint8)
