"""Defects as things one points at, and their classes: canvas, list of defects, buttons and keys say the same."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from scratchgui.core.regions import region_at
from scratchgui.ui.action_keys import CLASS_ACTIONS

if TYPE_CHECKING:
    from scratchgui.app.workbench import Workbench

_NOWHERE = (-1, -1)


class _Clicked(QObject):
    """Keeps the defect that was clicked selected, also when the defects are counted anew after an edit."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._at = _NOWHERE
        bench.canvas.region_clicked.connect(self._click)
        bench.inspector.defects.chosen.connect(self._forget)
        bench.session.current_changed.connect(self._forget)
        bench.editor.tool_changed.connect(self._forget)
        bench.judging.read.connect(self._select_again)

    def _click(self, x: int, y: int) -> None:
        self._at = x, y
        self._select(self._number())

    def _select_again(self) -> None:
        if self._at != _NOWHERE:
            self._select(self._number())

    def _forget(self) -> None:
        self._at = _NOWHERE

    def _select(self, number: int) -> None:
        self._bench.inspector.defects.select(number)
        self._bench.canvas.highlight_region(number or None)

    def _number(self) -> int:
        """Number of the defect at the clicked pixel; 0 for none, or while it is not counted yet."""
        mask, reading = self._bench.canvas.shown_mask, self._bench.judging.reading
        found = region_at(mask, *self._at) if mask is not None else None
        if found is None or reading is None:
            return 0
        return next((region.number for region in reading.regions if region.box == found[0]), 0)


def connect(bench: Workbench) -> None:
    """Connect the canvas with the list of defects, and all of them with the classes."""
    bench.canvas.about_to_pick.connect(bench.correction.prepare_pick)
    _Clicked(bench)
    chooser, palette = bench.tool_strip.classes, bench.editor.classes
    chooser.chosen.connect(bench.classes.choose)
    chooser.changed.connect(bench.classes.change)
    chooser.edit_requested.connect(bench.actions.action("classes").trigger)
    palette.changed.connect(partial(_show_classes, bench))


def _show_classes(bench: Workbench) -> None:
    palette = bench.editor.classes
    names = {label: palette.name(label) for label in palette.present} if palette.several else {}
    bench.inspector.defects.set_classes([palette.color(label) for label in range(1, len(palette.colors) + 1)], names)
    bench.options_bar.set_several_classes(palette.several)
    for digit, key in CLASS_ACTIONS.items():
        label = palette.digits.get(digit)
        bench.actions.name(key, f"Class {palette.name(label)}" if label is not None and palette.several else "")
