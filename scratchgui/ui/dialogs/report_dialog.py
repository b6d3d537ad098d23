"""Where the report goes, what it contains and which images it covers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from scratchgui.ui import tokens
from scratchgui.ui.widgets.basics import label

_WIDTH = 460


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What the user asked for.

    Attributes:
        folder: Where the files go; it may not exist yet.
        html: Whether to write the illustrated report.
        csv: Whether to write the tables.
        reviewed_only: Whether images that were not approved are left out.
    """

    folder: Path
    html: bool
    csv: bool
    reviewed_only: bool


class ReportDialog(QDialog):
    """Not modal: the queue can be looked at while it is open.

    Signals:
        export_requested(options): A `ReportOptions`; the dialog has closed.
    """

    export_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export report")
        self.setMinimumWidth(_WIDTH)
        self.folder = QLineEdit(self)
        self.browse_button = QPushButton("Choose…", self)
        self.html = QCheckBox("Illustrated report (HTML, one file)", self)
        self.csv = QCheckBox("Tables of images and defects (CSV)", self)
        self.all_images = QRadioButton(self)
        self.reviewed = QRadioButton(self)
        self.cancel_button = QPushButton("Cancel", self)
        self.export_button = QPushButton("Export", self)
        self.export_button.setDefault(True)
        self.html.setChecked(True)
        self.csv.setChecked(True)
        self.all_images.setChecked(True)
        self._problem = label("", "muted", parent=self)
        self._build()
        self._connect()
        self.set_counts(0, 0)

    def _build(self) -> None:
        place = QHBoxLayout()
        place.setSpacing(tokens.GAP_S)
        place.addWidget(self.folder, 1)
        place.addWidget(self.browse_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP_S)
        buttons.addWidget(self._problem, 1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, tokens.GAP_L)
        layout.setSpacing(tokens.GAP_XS)
        for head, widgets in (
            ("Files", (self.html, self.csv)),
            ("Images", (self.all_images, self.reviewed)),
        ):
            layout.addWidget(label(head, "head", parent=self))
            for widget in widgets:
                layout.addWidget(widget)
            layout.addSpacing(tokens.GAP_M)
        layout.addWidget(label("Folder", "head", parent=self))
        layout.addSpacing(tokens.GAP_XS)
        layout.addLayout(place)
        layout.addSpacing(tokens.GAP_L)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.browse_button.clicked.connect(self._browse)
        self.cancel_button.clicked.connect(self.reject)
        self.export_button.clicked.connect(self._export)
        self.folder.textChanged.connect(self._check)
        self.html.toggled.connect(self._check)
        self.csv.toggled.connect(self._check)

    def open_for(self, folder: Path, total: int, reviewed: int) -> None:
        """Show the dialog for a project of `total` images, `reviewed` of them approved; `folder` is the proposal."""
        self.folder.setText(str(folder))
        self.set_counts(total, reviewed)
        self.show()
        self.raise_()
        self.export_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_counts(self, total: int, reviewed: int) -> None:
        """Say how many images each choice covers."""
        self.all_images.setText(f"All images ({total:,})")
        self.reviewed.setText(f"Approved images only ({reviewed:,})")
        self.reviewed.setEnabled(reviewed > 0)
        if reviewed == 0:
            self.all_images.setChecked(True)
        self._check()

    def options(self) -> ReportOptions:
        """Return what is chosen now."""
        return ReportOptions(
            folder=Path(self.folder.text().strip()).expanduser(),
            html=self.html.isChecked(),
            csv=self.csv.isChecked(),
            reviewed_only=self.reviewed.isChecked(),
        )

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder for the report", self.folder.text())
        if chosen:
            self.folder.setText(chosen)

    def _check(self) -> None:
        """Say what is missing instead of exporting nothing."""
        problem = ""
        if not (self.html.isChecked() or self.csv.isChecked()):
            problem = "Choose at least one file."
        elif not self.folder.text().strip():
            problem = "Choose a folder."
        self._problem.setText(problem)
        self.export_button.setEnabled(not problem)

    def _export(self) -> None:
        self.accept()
        self.export_requested.emit(self.options())
