"""The class that the brush paints, one color button each; nothing at all where a project has one class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from scratchgui.ui import theme, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.core.project import DefectClass
    from scratchgui.model.editor_state import EditorState

_CHIP: Final = 18


class ClassChooser(QWidget):
    """Color buttons under each other, exclusive, bound to the editor's class."""

    def __init__(self, editor: EditorState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._choose)
        editor.active_class_changed.connect(self._show)
        self.set_classes([])

    def set_classes(self, classes: Sequence[DefectClass]) -> None:
        """Offer a project's classes; with one class or none there is nothing to choose."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._layout.removeWidget(button)
            button.deleteLater()
        for label, item in enumerate(classes, 1):
            button = _ClassButton(item, label, self)
            self._group.addButton(button, label)
            self._layout.addWidget(button)
        self.setVisible(len(classes) > 1)
        self._show(self._editor.active_class)

    def _choose(self, label: int) -> None:
        self._editor.active_class = label

    def _show(self, label: int) -> None:
        button = self._group.button(label)
        if button is not None:
            button.setChecked(True)


class _ClassButton(QToolButton):
    """A round patch of the class's color; the chosen one has a ring."""

    def __init__(self, item: DefectClass, label: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._color = QColor(item.color)
        self.setCheckable(True)
        self.setFixedSize(tokens.HIT_AREA, tokens.HIT_AREA)
        self.setToolTip(f"Paint {item.name} ({label})" if label < 10 else f"Paint {item.name}")
        self.setAccessibleName(item.name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the patch and, when chosen, its ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = QRectF(self.rect()).center()
        if self.isChecked():
            painter.setPen(QPen(theme.current().color("text"), 1.5))
            painter.drawEllipse(center, _CHIP / 2 + 2, _CHIP / 2 + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        radius = _CHIP / 2 - (1 if self.isChecked() or self.underMouse() else 2)
        painter.drawEllipse(center, radius, radius)
