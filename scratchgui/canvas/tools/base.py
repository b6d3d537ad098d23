"""What a tool is, and what it may ask of the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.core.geometry import Box
    from scratchgui.core.mask import Mask
    from scratchgui.model.editor_state import EditorState
    from scratchgui.model.mask_document import MaskDocument


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """Where the mouse is and which keys are held.

    Attributes:
        x: Column in image coordinates (px); pixel 0 is 0 … 1.
        y: Row.
        device_x: Column in the view (device px).
        device_y: Row.
        shift: Whether Shift is held.
        alt: Whether Alt is held.
    """

    x: float
    y: float
    device_x: float
    device_y: float
    shift: bool = False
    alt: bool = False


class ToolHost(Protocol):
    """What a tool needs of the canvas."""

    @property
    def editor(self) -> EditorState:
        """Brush size, class and so on."""

    @property
    def shown_mask(self) -> Mask | None:
        """The label map that is shown: the document's, or else the prediction."""

    def document_to_edit(self) -> MaskDocument | None:
        """Return the document after the canvas has told that an edit begins; None when nothing may be edited."""

    def outline(self, found: tuple[Box, NDArray[np.bool_]] | None) -> None:
        """Outline a region, or nothing."""

    def pan(self, dx: float, dy: float) -> None:
        """Move the image by device pixels."""

    def click_region(self, x: int, y: int) -> None:
        """Tell that an image pixel was clicked without editing it."""

    def finish_stroke(self) -> None:
        """Tell that an edit is complete."""


class Tool:
    """A tool: the canvas hands it the mouse. One object lives as long as the canvas.

    Attributes:
        hint: One sentence on how it is used, for the status bar.
        has_brush: Whether the brush's outline is the cursor.
    """

    hint = ""
    has_brush = False

    def __init__(self, host: ToolHost) -> None:
        self.host = host

    @property
    def cursor(self) -> Qt.CursorShape:
        """The mouse cursor while nothing is pressed."""
        return Qt.CursorShape.ArrowCursor

    def press(self, event: PointerEvent) -> None:
        """The left button goes down."""

    def move(self, event: PointerEvent) -> None:
        """The mouse moves with the left button down."""

    def release(self, event: PointerEvent) -> None:
        """The left button goes up."""

    def hover(self, event: PointerEvent) -> None:
        """The mouse moves with no button down."""

    def cancel(self) -> None:
        """Take back what is not complete, and forget what was seen of this image."""

    def mask_changed(self) -> None:
        """The mask was edited, undone or redone: forget what was seen of it."""
