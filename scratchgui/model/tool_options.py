"""What the single tools can be told."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from scratchgui.model.watched import Watched, integer


class ToolOptions(QObject):
    """Setting an attribute brings it into its range and emits `<name>_changed`.

    Attributes:
        protect_others: Whether painting leaves pixels of other classes as they are.
        pen_pressure: Whether brush and eraser are as wide as a pen is pressed.
        gray_only: Whether they change only pixels of about the gray level that is under the press.
        gray_tolerance: How much darker or brighter these may be, 1 … 255.
        lasso_erase: Whether the lasso erases what it goes around.
        wand_source: What the magic wand looks at: "image" or "probability".
        wand_tolerance: How far a pixel may be from the one that is pressed, 0 … 255.
        box_action: What happens inside a box: "keep" the prediction, or "delete" all.
        path_snap: Whether the scratch pen follows the scratches of the image.
        path_ridge: Which ones: "either", "dark" or "bright".
        path_auto_width: Whether its path is as wide as the scratch in the image.
        path_width: How wide it is, 1 … 200 px; while it is measured, what was measured last.
        speck_area: Defects smaller than this are specks, 1 … 9,999 px².
        gap_length: Longest gap in a scratch that can be closed, 1 … 200 px.
    """

    protect_others_changed = Signal(bool)
    pen_pressure_changed = Signal(bool)
    gray_only_changed = Signal(bool)
    gray_tolerance_changed = Signal(int)
    lasso_erase_changed = Signal(bool)
    wand_source_changed = Signal(str)
    wand_tolerance_changed = Signal(int)
    box_action_changed = Signal(str)
    path_snap_changed = Signal(bool)
    path_ridge_changed = Signal(str)
    path_auto_width_changed = Signal(bool)
    path_width_changed = Signal(int)
    speck_area_changed = Signal(int)
    gap_length_changed = Signal(int)

    protect_others = Watched(False, bool)
    pen_pressure = Watched(True, bool)
    gray_only = Watched(False, bool)
    gray_tolerance = Watched(24, integer(1, 255))
    lasso_erase = Watched(False, bool)
    wand_source = Watched("image", str)
    wand_tolerance = Watched(20, integer(0, 255))
    box_action = Watched("keep", str)
    path_snap = Watched(True, bool)
    path_ridge = Watched("either", str)
    path_auto_width = Watched(True, bool)
    path_width = Watched(4, integer(1, 200))
    speck_area = Watched(8, integer(1, 9_999))
    gap_length = Watched(10, integer(1, 200))

    def step_path_width(self, steps: int) -> None:
        """Make the scratch pen's path wider (positive) or narrower by about a tenth a step; it is measured no more."""
        self.path_auto_width = False
        self.path_width = stepped(self.path_width, steps)


def stepped(size: int, steps: int) -> int:
    """Return a larger (positive) or smaller size (px), by about a tenth a step, at least 1 px."""
    for _ in range(abs(steps)):
        change = max(1, round(size * 0.1))
        size += change if steps > 0 else -change
    return size
