"""Collecting garbage on the window's thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 500


def collect_due() -> None:
    """Collect what Python's own collector would have collected by now."""
    due = [
        place for place, counted in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if _over(*counted)
    ]
    if due:
        gc.collect(due[-1])


def _over(count: int, threshold: int) -> bool:
    return 0 < threshold < count


class MainThreadCollector(QObject):
    """Stands in for Python's collector, which works on whatever thread happens to make an object.

    Qt crashes when another thread deletes an object of the window's, for instance one with a timer that runs.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(collect_due)

    def start(self) -> None:
        """Collect from now on; Python's own collector is switched off."""
        gc.disable()
        self._timer.start()
