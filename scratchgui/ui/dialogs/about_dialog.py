"""What this program is, in which version, under which license."""

from __future__ import annotations

import platform
from typing import Final

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

import scratchgui
from scratchgui.ui import tokens
from scratchgui.ui.widgets.basics import label
from scratchgui.ui.widgets.logo import Logo

_WIDTH: Final = 420
_LICENSE: Final = "Free software under the Apache License, version 2.0, without any warranty."
_PARTS: Final = "Built with Qt for Python (LGPL), OpenVINO, PyTorch and OpenCV."


class AboutDialog(QDialog):
    """Version and license; not modal.

    Signals:
        log_requested(): The user wants to see the log files.
    """

    log_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About ScratchGUI")
        self.setFixedWidth(_WIDTH)
        self.copy_button = QPushButton("Copy details", self)
        self.log_button = QPushButton("Open log folder", self)
        self.close_button = QPushButton("Close", self)
        self.close_button.setDefault(True)
        self._build()
        self.copy_button.clicked.connect(self._copy)
        self.log_button.clicked.connect(self.log_requested)
        self.close_button.clicked.connect(self.accept)

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addStretch()
        names.addWidget(label("ScratchGUI", "display", parent=self))
        names.addWidget(label(f"Version {scratchgui.__version__}", "muted", parent=self))
        names.addStretch()
        head = QHBoxLayout()
        head.setSpacing(tokens.GAP_L)
        head.addWidget(Logo(64, self))
        head.addLayout(names, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP_S)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.log_button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 20)
        layout.setSpacing(tokens.GAP_S)
        layout.addLayout(head)
        layout.addSpacing(tokens.GAP_S)
        layout.addWidget(label("Find, correct, learn and report scratches on surfaces.", wrap=True, parent=self))
        for text in (_LICENSE, _PARTS):
            layout.addWidget(label(text, "muted", wrap=True, parent=self))
        layout.addSpacing(tokens.GAP_M)
        layout.addLayout(buttons)

    def open_dialog(self) -> None:
        """Show the dialog."""
        self.copy_button.setText("Copy details")
        self.show()
        self.raise_()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(details())
        self.copy_button.setText("Copied")


def details() -> str:
    """Return what someone needs to know who looks into a problem."""
    return "\n".join(
        (
            f"ScratchGUI {scratchgui.__version__}",
            f"Python {platform.python_version()} · Qt {qVersion()} · PySide6 {pyside_version}",
            f"{platform.platform()} · {platform.machine()}",
        )
    )
