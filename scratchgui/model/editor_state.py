"""How the image is edited and shown: tool, brush, class, threshold, overlay."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from scratchgui.core.cutting import Cutting
from scratchgui.model.palette import ClassPalette
from scratchgui.model.tool_key import ToolKey
from scratchgui.model.tool_options import ToolOptions, stepped
from scratchgui.model.view_state import ViewState
from scratchgui.model.watched import Watched, integer, number

BRUSH_SIZES = (1, 500)
"""Smallest and largest diameter of the brush (px)."""


class EditorState(QObject):
    """The state of the editing tools. Setting an attribute brings it into its range and emits `<name>_changed`.

    Attributes:
        tool: The chosen tool.
        brush_size: Diameter of brush and eraser, 1 … 500 image px.
        active_class: Class that the brush paints, 1 … 255.
        cutting: How the defects of the image in view are cut out of its prediction.
        overlay_opacity: Opacity of the mask over the image, 0 … 1.
        overlay_visible: Whether mask and prediction are shown.
        boxes_visible: Whether the defects' boxes are shown.
        outline: Whether the mask is shown by its outline instead of filled.
        heat_map: Whether the model's probability is shown.
        raw_held: Whether everything over the image is hidden while a key is held.
        options: What the single tools can be told.
        classes: The defect classes with their colors.

    Signals:
        class_chosen(int): The user chose a class, also when it was the active one already.
    """

    class_chosen = Signal(int)

    tool_changed = Signal(object)
    brush_size_changed = Signal(int)
    active_class_changed = Signal(int)
    cutting_changed = Signal(object)
    overlay_opacity_changed = Signal(float)
    overlay_visible_changed = Signal(bool)
    boxes_visible_changed = Signal(bool)
    outline_changed = Signal(bool)
    heat_map_changed = Signal(bool)
    raw_held_changed = Signal(bool)

    tool = Watched(ToolKey.BRUSH, ToolKey)
    brush_size = Watched(20, integer(*BRUSH_SIZES))
    active_class = Watched(1, integer(1, 255))
    cutting = Watched(Cutting(), lambda cutting: replace(cutting, threshold=min(max(cutting.threshold, 0.0), 1.0)))
    overlay_opacity = Watched(0.45, number(0, 1))
    overlay_visible = Watched(True, bool)
    boxes_visible = Watched(True, bool)
    outline = Watched(False, bool)
    heat_map = Watched(False, bool)
    raw_held = Watched(False, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.options = ToolOptions(self)
        self.view = ViewState(self)
        self.classes = ClassPalette(self)

    @property
    def threshold(self) -> float:
        """Probability from which a pixel counts as a defect, 0 … 1: the part of `cutting` that changes most."""
        return self.cutting.threshold

    @threshold.setter
    def threshold(self, value: float) -> None:
        self.cutting = replace(self.cutting, threshold=value)

    def choose_class(self, label: int) -> None:
        """Paint with a class from now on; what is selected becomes one of it."""
        self.active_class = label
        self.class_chosen.emit(label)

    def step_brush_size(self, steps: int) -> None:
        """Make the brush larger (positive) or smaller by about a tenth a step, at least 1 px."""
        self.brush_size = stepped(self.brush_size, steps)
