"""What the bar over the canvas offers for each tool: one row an option of `ToolOptions`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from scratchgui.model.tool_key import ToolKey

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Toggle:
    """An option that is on or off.

    Attributes:
        name: Attribute of `ToolOptions`.
        text: What stands beside the box.
        tooltip: A sentence.
    """

    name: str
    text: str
    tooltip: str


@dataclass(frozen=True, slots=True)
class Number:
    """An option that is a whole number.

    Attributes:
        name: Attribute of `ToolOptions`.
        text: What stands before the field.
        low: Smallest value.
        high: Largest value.
        unit: What stands behind the number, with a space of its own.
        tooltip: A sentence.
        only_with: A toggle's name; the number can be set only while that is on. Empty for always.
        only_without: A toggle's name; it can be set only while that is off.
    """

    name: str
    text: str
    low: int
    high: int
    unit: str
    tooltip: str
    only_with: str = ""
    only_without: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option with a few values.

    Attributes:
        name: Attribute of `ToolOptions`.
        text: What stands before the buttons; may be empty.
        values: What each value is called.
        tooltip: A sentence.
    """

    name: str
    text: str
    values: Mapping[str, str]
    tooltip: str


Option: TypeAlias = Toggle | Number | Choice

PROTECT: Final = Toggle("protect_others", "Keep other classes", "Leave pixels of other classes as they are")

_STROKES: Final = (
    Toggle("gray_only", "Gray level only", "Change only pixels of about the gray level where the stroke begins"),
    Number("gray_tolerance", "±", 1, 255, "", "How much darker or brighter these pixels may be (0–255)", "gray_only"),
    Toggle(
        "pen_pressure", "Pen pressure", "The harder a pen is pressed, the wider the stroke; a mouse paints full width"
    ),
    PROTECT,
)

OPTIONS: Final[dict[ToolKey, tuple[Option, ...]]] = {
    ToolKey.BRUSH: _STROKES,
    ToolKey.ERASER: _STROKES,
    ToolKey.SCRATCH_PEN: (
        Toggle("path_snap", "Snap", "Follow the scratch in the image; Shift held does the other"),
        Choice(
            "path_ridge",
            "",
            {"either": "Any line", "dark": "Dark", "bright": "Bright"},
            "Whether scratches are darker or brighter than the surface",
        ),
        Toggle("path_auto_width", "Width from image", "Mark the scratch as wide as it is in the image"),
        Number(
            "path_width",
            "Width",
            1,
            200,
            " px",
            "How wide the scratch is marked ([ and ], or Ctrl + wheel over the image)",
            only_without="path_auto_width",
        ),
        PROTECT,
    ),
    ToolKey.LASSO: (
        Toggle("lasso_erase", "Erase", "Erase what the outline goes around instead of marking it"),
        PROTECT,
    ),
    ToolKey.FILL: (PROTECT,),
    ToolKey.WAND: (
        Choice(
            "wand_source",
            "",
            {"image": "Image", "probability": "Probability"},
            "Whether pixels are compared by their brightness or by the model's probability of a defect",
        ),
        Number("wand_tolerance", "Tolerance", 0, 255, "", "How far pixels may be from the one you press (0–255)"),
        PROTECT,
    ),
    ToolKey.BOX: (
        Choice(
            "box_action",
            "",
            {"keep": "Keep the prediction inside", "delete": "Delete inside"},
            "What a box does; with Alt held it does the other one",
        ),
        PROTECT,
    ),
    ToolKey.PICK: (
        Number("speck_area", "Specks are under", 1, 9_999, " px²", "What “Remove specks” in the menu Edit removes"),
        Number("gap_length", "Gaps are up to", 1, 200, " px", "What “Close gaps” in the menu Edit closes"),
    ),
}
"""Options by tool, from left to right; a tool without any has no bar."""
