"""A heading with a chevron over a body that it opens and closes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import icons

_CHEVRON = 14


class Section(QWidget):
    """A collapsing part of a panel.

    Signals:
        collapsed_changed(bool): The user opened or closed it.
    """

    collapsed_changed = Signal(bool)

    def __init__(self, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = body
        self.header = QPushButton(title, self)
        self.header.setProperty("role", "section")
        self.header.setIconSize(QSize(_CHEVRON, _CHEVRON))
        self.header.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.header.clicked.connect(self._toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(body)
        self.set_collapsed(False)

    @property
    def collapsed(self) -> bool:
        """Whether the body is hidden."""
        return self.body.isHidden()

    def set_collapsed(self, collapsed: bool) -> None:
        """Open or close the section without telling that the user did."""
        self.body.setHidden(collapsed)
        self.header.setIcon(icons.icon("chevron-right" if collapsed else "chevron-down", "muted"))

    def _toggle(self) -> None:
        self.set_collapsed(not self.collapsed)
        self.collapsed_changed.emit(self.collapsed)
