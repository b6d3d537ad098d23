"""What a tool is, and what it may ask of the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.area_drawing import Sampler
    from scratchgui.canvas.viewport import Placement
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
        screen_x: Column on the screen (device px), which is another one where the view is turned.
        shift: Whether Shift is held.
        alt: Whether Alt is held.
        ctrl: Whether Ctrl is held.
        double: Whether this is the second press of a double click.
        pressure: How hard a pen presses (0 … 1); 1 for a mouse.
    """

    x: float
    y: float
    device_x: float
    device_y: float
    screen_x: float
    shift: bool = False
    alt: bool = False
    ctrl: bool = False
    double: bool = False
    pressure: float = 1.0


class Scene(Protocol):
    """What is to be seen on the canvas."""

    @property
    def editor(self) -> EditorState:
        """Brush size, class and so on."""

    @property
    def shown_mask(self) -> Mask | None:
        """The label map that is shown: the document's, or else the prediction."""

    @property
    def own_mask(self) -> Mask | None:
        """The inspector's mask, uint8 (H, W); None while it does not count and the prediction does."""

    @property
    def picture(self) -> NDArray[np.uint8] | None:
        """The image, uint8 (H, W) gray or (H, W, 3) RGB; None without one."""

    @property
    def prediction(self) -> Mask | None:
        """What the model marks at the present threshold, uint8 (H, W); None when it is not known."""

    @property
    def probability(self) -> NDArray[np.uint8] | None:
        """The highest probability of all classes, uint8 (H, W), 255 = 1; None when it is not known."""

    @property
    def placement(self) -> Placement:
        """Where the image lies in the view."""

    def marks(self, *, new: bool) -> Sampler | None:
        """Return what tells which label is drawn at device pixels, a few of any image's size.

        Args:
            new: Tell what the model marks and the inspector's mask does not, instead of what the shown mask marks.
        """


class ToolHost(Scene, Protocol):
    """What a tool needs of the canvas: to see the scene, to edit the mask, to show and to tell."""

    def repaint(self, box: Box) -> None:
        """Paint the tool's own drawing again within a box of device pixels."""

    @property
    def may_edit(self) -> bool:
        """Whether the mask may be changed."""

    def document_to_edit(self) -> MaskDocument | None:
        """Return the document after the canvas has told that an edit begins; None when nothing may be edited."""

    def document_to_pick(self) -> MaskDocument | None:
        """Return the document like `document_to_edit`, but one that does not count yet begins empty."""

    def outline(self, found: tuple[Box, NDArray[np.bool_]] | None) -> None:
        """Outline a region, or nothing."""

    def pan(self, dx: float, dy: float) -> None:
        """Move the image by device pixels."""

    def click_region(self, x: int, y: int) -> None:
        """Tell that a pixel, in the image or outside of it, was clicked without editing it."""

    def finish_stroke(self) -> None:
        """Tell that an edit is complete."""

    def tell(self, sentence: str) -> None:
        """Tell the user why a gesture did nothing, or less than it might have."""

    def advise(self, sentence: str) -> None:
        """Say what the tool waits for, in the place of its hint; with an empty sentence the hint is there again."""


class Pointing:
    """What a tool may do when the mouse or a pen does something over the view."""

    def press(self, event: PointerEvent) -> None:
        """The left button goes down."""

    def move(self, event: PointerEvent) -> None:
        """The mouse moves with the left button down."""

    def release(self, event: PointerEvent) -> None:
        """The left button goes up."""

    def hover(self, event: PointerEvent) -> None:
        """The mouse moves with no button down."""

    def leave(self) -> None:
        """The mouse is not over the view any more."""

    def second_button(self, event: PointerEvent) -> None:
        """The right button goes down."""

    def wheel(self, notches: float) -> bool:
        """The wheel turns with Ctrl or Alt held, away from the user when positive; return whether it is used."""
        return False


class Tool(Pointing):
    """A tool: the canvas hands it the mouse. One object lives as long as the canvas.

    Attributes:
        hint: One sentence on how it is used, for the status bar.
        has_brush: Whether the brush's outline is the cursor, and the wheel with Ctrl or Alt its size.
    """

    hint = ""
    has_brush = False

    def __init__(self, host: ToolHost) -> None:
        self.host = host

    @property
    def cursor(self) -> Qt.CursorShape:
        """The mouse cursor while nothing is pressed."""
        return Qt.CursorShape.ArrowCursor

    @property
    def brush_at(self) -> tuple[float, float] | None:
        """Where the brush's outline stays although the mouse moves (device px); None when it follows the mouse."""
        return None

    @property
    def is_busy(self) -> bool:
        """Tell whether something is begun that goes on after the button is up, so that Esc takes it back."""
        return False

    def takes_key(self, key: Qt.Key) -> bool:
        """Tell whether a key is the tool's now, whatever it does elsewhere."""
        return False

    def key(self, key: Qt.Key) -> None:
        """A key goes down that the tool takes now."""

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the tool's own drawing over everything, as a `Decoration` does."""

    def cancel(self) -> None:
        """Take back what is not complete, and forget what was seen of this image."""

    def mask_changed(self) -> None:
        """The mask was edited, undone or redone: forget what was seen of it."""
