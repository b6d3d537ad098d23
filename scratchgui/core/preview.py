"""What the window asks of the process that shows varied crops: one JSON object a line, each answered by one."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from scratchgui.core.augmentation import Augmentation


class PreviewOrder(BaseModel):
    """A grid of crops of one image to draw.

    Attributes:
        image: Absolute path of the image.
        mask: Absolute path of its label map; None for a clean image.
        out: Absolute path of the PNG to write, RGB.
        augmentation: How the crops are varied.
        crop: Their side (px).
        columns: Crops in a row.
        rows: Rows of crops; the first crop of all is shown as it is.
        seed: Of the random numbers: the same one varies the same crops in the same way.
    """

    model_config = ConfigDict(extra="forbid")

    image: str
    mask: str | None = None
    out: str
    augmentation: Augmentation = Field(default_factory=Augmentation)
    crop: int = Field(default=256, ge=32, le=1024)
    columns: int = Field(default=4, ge=1, le=12)
    rows: int = Field(default=3, ge=1, le=12)
    seed: int = Field(default=0, ge=0)


class PreviewAnswer(BaseModel):
    """What became of an order.

    Attributes:
        out: The file that was written; "" where it was not.
        error: Why not, as a sentence; "" where it was.
    """

    out: str = ""
    error: str = ""
