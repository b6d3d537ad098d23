"""How much the crops of a training are varied, as the user sets it; what is done with it is in the training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

Strength: TypeAlias = Literal["none", "light", "normal", "strong"]
STRENGTHS: tuple[Strength, ...] = ("none", "light", "normal", "strong")


class Augmentation(BaseModel):
    """What may differ between two photographs of the same kind of surface, and by how much.

    Attributes:
        flips: Mirror and turn by quarters; to be left out where up and down are not the same on the surface.
        rotation: Turn by a few degrees and shear.
        scale: Make larger and smaller.
        elastic: Bend softly.
        illumination: Brightness, contrast, gamma, and light that is not the same everywhere.
        color: Tint, and gray.
        blur: Out of focus, by less than a thin scratch is wide.
        noise: Of the camera, and of its compression.
    """

    model_config = ConfigDict(extra="forbid")

    flips: bool = True
    rotation: Strength = "normal"
    scale: Strength = "normal"
    elastic: Strength = "light"
    illumination: Strength = "normal"
    color: Strength = "light"
    blur: Strength = "normal"
    noise: Strength = "normal"

    @classmethod
    def at(cls, strength: Strength) -> Augmentation:
        """Return the settings with everything at one strength; flips only where anything is varied."""
        groups = [name for name in cls.model_fields if name != "flips"]
        return cls(flips=strength != "none", **dict.fromkeys(groups, strength))

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> Augmentation:
        """Return the settings that were kept; what is not among them or cannot be is as in the beginning."""
        usual = cls().model_dump()
        values = {name: kept.get(name, value) for name, value in usual.items()}
        known = {
            name: value for name, value in values.items() if value in ((True, False) if name == "flips" else STRENGTHS)
        }
        return cls.model_validate({**usual, **known})
