"""Correcting whole defects: keep what the model found, delete, join, cut, change the class."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from scratchgui.canvas.tools.base import PointerEvent, Tool
from scratchgui.canvas.tools.pick_marks import PickMarks
from scratchgui.canvas.tools.pick_target import TargetFinder
from scratchgui.canvas.tools.region_gestures import Cut, Sweep, join_targets

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.canvas.tools.pick_target import Target
    from scratchgui.canvas.tools.region_gestures import Gesture
    from scratchgui.canvas.viewport import Placement
    from scratchgui.core.geometry import Box

_DELETING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class Pick(Tool):
    """Outlines the region under the mouse: one of the mask, or one that the model predicts.

    While the inspector's mask does not count yet, the first predicted region that is clicked begins it: those that are
    not clicked are not in it, and stay to be seen as outlines. Deleting one instead takes the others over.
    """

    hint = (
        "Click keeps a predicted defect or selects a marked one · drag keeps many · Del and Alt+drag delete · "
        "Ctrl+click joins · Shift+drag cuts"
    )

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._finder = TargetFinder(host)
        self._marks = PickMarks(host)
        self._gesture: Gesture | None = None
        host.editor.class_chosen.connect(self._change_class)

    @property
    def cursor(self) -> Qt.CursorShape:
        """A pointing hand over a defect."""
        return Qt.CursorShape.CrossCursor if self._marks.hovered is None else Qt.CursorShape.PointingHandCursor

    @property
    def is_busy(self) -> bool:
        """Tell whether a region is selected, which Esc lets go."""
        return self._marks.selected is not None

    def press(self, event: PointerEvent) -> None:
        """Select, join, or begin a sweep or a cut."""
        target, selected = self._finder.find(floor(event.x), floor(event.y)), self._marks.selected
        if event.shift:
            self._gesture = Cut(self.host, event, selected)
        elif event.ctrl and selected is not None and target is not None:
            join_targets(self.host, selected, target)
        else:
            marked = target is not None and not target.predicted and not event.alt
            self._select(target if marked else None)
            self._gesture = Sweep(self.host, self._finder, deleting=event.alt)
            self._gesture.move(event)
        self._marks.hover(None)

    def move(self, event: PointerEvent) -> None:
        """Go on with it."""
        if self._gesture is not None:
            self._gesture.move(event)

    def release(self, event: PointerEvent) -> None:
        """Complete it."""
        gesture, self._gesture = self._gesture, None
        found = None if gesture is None else gesture.finish()
        if found is not None:
            self._select(found)

    def hover(self, event: PointerEvent) -> None:
        """Outline the region under the mouse."""
        x, y = floor(event.x), floor(event.y)
        if self._marks.hovered is None or not self._marks.hovered.holds(x, y):
            self._marks.hover(self._finder.find(x, y))

    def leave(self) -> None:
        """Outline nothing while the mouse is elsewhere."""
        self._marks.hover(None)

    def takes_key(self, key: Qt.Key) -> bool:
        """Take Delete while there is something that it deletes."""
        return key in _DELETING and self._marks.to_delete is not None

    def key(self, key: Qt.Key) -> None:
        """Delete the region under the mouse, or else the selected one."""
        target = self._marks.to_delete
        document = None if target is None else self.host.document_to_edit()
        if target is not None and document is not None and document.delete_region(target.x, target.y):
            self.host.finish_stroke()

    def paint(self, painter: QPainter, place: Placement, exposed: Box, ratio: float) -> None:
        """Paint the selected region's outline and what the gesture shows."""
        self._marks.paint(painter, place, exposed, ratio)
        if self._gesture is not None:
            self._gesture.paint(painter, ratio)

    def cancel(self) -> None:
        """Take back what is not complete; select and outline nothing."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
        self._marks.hover(None)
        self._select(None)

    def mask_changed(self) -> None:
        """Outline nothing until the mouse moves; what was selected stays so if it is still there."""
        selected = self._marks.selected
        self._marks.hover(None)
        self._marks.select(selected and self._finder.in_mask(selected.x, selected.y))

    def _change_class(self, label: int) -> None:
        """Give the selected region another class."""
        selected = self._marks.selected
        document = None if selected is None else self.host.document_to_edit()
        if selected is None or document is None or selected.label == label:
            return
        if document.fill(*selected.region, label, "Change class"):
            self.host.finish_stroke()
        else:
            self.host.tell("A locked class is not changed, so the defect stays what it is.")

    def _select(self, target: Target | None) -> None:
        """Select a region of the mask, or none, and tell it, so that the list of defects follows."""
        if target is not None or self._marks.selected is not None:
            self._marks.select(target)
            self.host.click_region(*((-1, -1) if target is None else (target.x, target.y)))
