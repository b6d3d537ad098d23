"""Colors that belong to the data: classes, and the neutral gray around an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from scratchgui.core import classes as class_list
from scratchgui.core.classes import Pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.core.project import DefectClass

SURROUND_DARK: Final = "#202020"


class ClassPalette(QObject):
    """The defect classes of the open project as everything that shows them sees them.

    Signals:
        changed(): Something about the classes is different now.

    Attributes:
        present: The classes by their labels.
        digits: The label that each digit key stands for.
        colors: Color of class 1, 2, … as #rrggbb, or empty for one that is hidden.
        patterns: Pattern of class 1, 2, …, plain for one that is hidden.
        hidden: Labels of the classes that are not drawn.
        locked: Labels of the classes whose pixels stay as they are.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.present: dict[int, DefectClass] = {}
        self.digits: dict[int, int] = {}
        self.colors: tuple[str, ...] = ()
        self.patterns: tuple[Pattern, ...] = ()
        self.hidden: frozenset[int] = frozenset()
        self.locked: frozenset[int] = frozenset()

    @property
    def several(self) -> bool:
        """Whether there is more than one class, so that classes are worth showing."""
        return len(self.present) > 1

    def set_classes(self, classes: Sequence[DefectClass]) -> None:
        """Take a project's classes, removed ones included."""
        self.present = class_list.present(classes)
        self.digits = class_list.digits(classes)
        self.hidden = frozenset(label for label, item in self.present.items() if item.hidden)
        self.locked = frozenset(label for label, item in self.present.items() if item.locked)
        self.colors = tuple("" if item.hidden else item.color for item in classes)
        self.patterns = tuple(Pattern.PLAIN if item.hidden else class_list.pattern_of(item) for item in classes)
        self.changed.emit()

    def color(self, label: int) -> str:
        """Return the color of class 1 … 255 as #rrggbb, hidden or not."""
        item = self.present.get(label)
        return class_list.class_color(label) if item is None else item.color

    def name(self, label: int) -> str:
        """Return what a class is called."""
        item = self.present.get(label)
        return f"class {label}" if item is None else item.name

    def digit(self, label: int) -> int | None:
        """Return the key 1 … 9 that chooses a class, if there is one."""
        return next((digit for digit, owner in self.digits.items() if owner == label), None)
