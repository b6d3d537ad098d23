"""The smallest pieces: labels, lines and icon buttons that look the same everywhere."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QWidget

from scratchgui.ui import icons, tokens

_SMALL_ICON = 15


def label(text: str, role: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """Return a label of plain text in one of the style sheet's roles."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def horizontal_line(parent: QWidget | None = None) -> QFrame:
    """Return a line of one pixel."""
    line = QFrame(parent)
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line


def icon_button(
    icon: str, tooltip: str, *, size: int = tokens.CONTROL_HEIGHT, parent: QWidget | None = None
) -> QToolButton:
    """Return a square button that shows an icon alone; the tooltip is also its name for screen readers."""
    button = QToolButton(parent)
    button.setIcon(icons.icon(icon, "muted"))
    side = tokens.ICON_SIZE if size >= tokens.CONTROL_HEIGHT else _SMALL_ICON
    button.setIconSize(QSize(side, side))
    button.setFixedSize(size, size)
    button.setToolTip(tooltip)
    button.setAccessibleName(tooltip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def restyle(widget: QWidget, **properties: str | bool) -> None:
    """Give a widget other properties that the style sheet asks for, such as its role."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return  # a new style takes longer than most of what happens at a change of images
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
