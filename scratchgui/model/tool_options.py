"""What the single tools can be told."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from scratchgui.model.watched import Watched


class ToolOptions(QObject):
    """Setting an attribute brings it into its range and emits `<name>_changed`.

    Attributes:
        protect_others: Whether painting leaves pixels of other classes as they are.
    """

    protect_others_changed = Signal(bool)

    protect_others = Watched(False, bool)
