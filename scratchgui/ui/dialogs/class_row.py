"""One class in the list of classes: color, name, pattern, digit, hide, lock, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QColorDialog, QComboBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from scratchgui.core.classes import Pattern, pattern_of
from scratchgui.ui import icons, tokens
from scratchgui.ui.class_swatch import swatch_icon
from scratchgui.ui.widgets.basics import icon_button

if TYPE_CHECKING:
    from scratchgui.core.project import DefectClass

_DIGITS: Final = range(1, 10)
_PATCH: Final = 18.0


class ClassRow(QWidget):
    """Shows a class and tells what the user changes; what is shown follows only when it was done.

    Signals:
        changed(changes): Fields of the class are to be set, a dict.
        remove_requested(): The class is to be removed.
    """

    changed = Signal(dict)
    remove_requested = Signal()

    def __init__(self, label: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = label
        self.color = _ColorButton(self)
        self.name = QLineEdit(self)
        self.pattern = QComboBox(self)
        self.digit = QComboBox(self)
        self.eye = icon_button("eye", "", parent=self)
        self.lock = icon_button("unlock", "", parent=self)
        self.remove = icon_button("close", "Remove this class", parent=self)
        self._item: DefectClass | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.name.setMaxLength(60)
        self.name.setAccessibleName("Name")
        for pattern in Pattern:
            self.pattern.addItem(pattern.capitalize(), str(pattern))
        self.pattern.setFixedWidth(116)
        self.pattern.setAccessibleName("Pattern")
        self.pattern.setToolTip("What marks of this class are filled with: tells them apart without their color")
        self.digit.addItem("no key", 0)
        for digit in _DIGITS:
            self.digit.addItem(f"key {digit}", digit)
        self.digit.setFixedWidth(92)
        self.digit.setAccessibleName("Digit key")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.GAP_S)
        layout.addWidget(self.color)
        layout.addWidget(self.name, 1)
        for widget in (self.pattern, self.digit, self.eye, self.lock, self.remove):
            layout.addWidget(widget)

    def _connect(self) -> None:
        self.color.clicked.connect(self._ask_color)
        self.name.editingFinished.connect(self._rename)
        self.pattern.activated.connect(self._choose_pattern)
        self.digit.activated.connect(lambda _: self.changed.emit({"digit": self.digit.currentData()}))
        self.eye.clicked.connect(lambda: self._flip("hidden"))
        self.lock.clicked.connect(lambda: self._flip("locked"))
        self.remove.clicked.connect(self.remove_requested)

    def show_class(self, item: DefectClass, digit: int | None, *, several: bool) -> None:
        """Show what a class is now; with `several`, it may be removed."""
        self._item = item
        self.color.set_color(QColor(item.color))
        self.color.setAccessibleName(f"Color of {item.name}")
        if self.name.text() != item.name:
            self.name.setText(item.name)
        self._show_pattern(item)
        self.digit.setCurrentIndex(self.digit.findData(digit or 0))
        _show(self.eye, "eye-off" if item.hidden else "eye", "Show" if item.hidden else "Hide", item.name)
        _show(self.lock, "lock" if item.locked else "unlock", "Unlock" if item.locked else "Lock", item.name)
        self.remove.setEnabled(several)

    def _show_pattern(self, item: DefectClass) -> None:
        for index, pattern in enumerate(Pattern):
            self.pattern.setItemIcon(index, swatch_icon(QColor(item.color), pattern))
        self.pattern.setCurrentIndex(list(Pattern).index(pattern_of(item)))

    def _choose_pattern(self, index: int) -> None:
        chosen = self.pattern.itemData(index)
        if self._item is not None and chosen != pattern_of(self._item):
            self.changed.emit({"pattern": chosen})

    def _flip(self, field: str) -> None:
        if self._item is not None:
            self.changed.emit({field: not getattr(self._item, field)})

    def _rename(self) -> None:
        name = self.name.text().strip()
        if self._item is None or name == self._item.name:
            return
        if name:
            self.changed.emit({"name": name})
        else:
            self.name.setText(self._item.name)

    def _ask_color(self) -> None:
        if self._item is not None:
            chosen = QColorDialog.getColor(QColor(self._item.color), self, f"Color of {self._item.name}")
            if chosen.isValid():
                self.changed.emit({"color": chosen.name()})


def _show(button: QToolButton, icon: str, verb: str, name: str) -> None:
    button.setIcon(icons.icon(icon, "muted"))
    button.setToolTip(f"{verb} {name}")
    button.setAccessibleName(f"{verb} {name}")


class _ColorButton(QToolButton):
    """A patch of the color."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._color = QColor()
        self.setFixedSize(QSize(tokens.CONTROL_HEIGHT, tokens.CONTROL_HEIGHT))
        self.setToolTip("Change the color")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_color(self, color: QColor) -> None:
        """Show another color."""
        self._color = color
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the patch over the button."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        patch = QRectF(0, 0, _PATCH, _PATCH)
        patch.moveCenter(QRectF(self.rect()).center())
        painter.drawRoundedRect(patch, 4, 4)
