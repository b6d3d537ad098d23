"""The project's defect classes: each change takes effect at once, so there is nothing to confirm."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.dialogs.class_row import ClassRow
from scratchgui.ui.widgets.basics import label as text_label

if TYPE_CHECKING:
    from scratchgui.model.palette import ClassPalette

_SIZE: Final = QSize(660, 420)
_ABOUT: Final = (
    "Kinds of defects, such as scratch, dent or stain. With more than one, each has a button beside the image "
    "and a digit key. Hidden classes are not drawn; the pixels of locked ones stay as they are."
)


class ClassesDialog(QDialog):
    """Not modal: what changes can be seen in the window beside it.

    Signals:
        add_requested(): A class is to be added.
        changed(label, changes): Fields of a class are to be set, a dict.
        remove_requested(label): A class is to be removed.
    """

    add_requested = Signal()
    changed = Signal(int, dict)
    remove_requested = Signal(int)

    def __init__(self, classes: ClassPalette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Classes")
        self.resize(_SIZE)
        self.setMinimumSize(580, 280)
        self.rows: dict[int, ClassRow] = {}
        self._classes = classes
        self._list = QWidget(self)
        self._lines = QVBoxLayout(self._list)
        self.add_button = QPushButton("Add class", self)
        self.close_button = QPushButton("Close", self)
        self._build()
        self.add_button.clicked.connect(self.add_requested)
        self.close_button.clicked.connect(self.accept)
        classes.changed.connect(self._refresh)
        self._refresh()

    def _build(self) -> None:
        self._lines.setContentsMargins(0, 0, tokens.GAP_M, 0)
        self._lines.setSpacing(tokens.GAP_XS)
        self._lines.addStretch()
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._list)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        for button in (self.add_button, self.close_button):
            button.setAutoDefault(False)  # Enter ends a name, and nothing else
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(tokens.GAP_M)
        layout.addWidget(text_label("Classes", "title", parent=self))
        layout.addWidget(text_label(_ABOUT, "muted", wrap=True, parent=self))
        layout.addWidget(area, 1)
        layout.addLayout(buttons)

    def open_dialog(self) -> None:
        """Show the dialog."""
        self.show()
        self.raise_()
        self.activateWindow()

    def edit_name(self, label: int) -> None:
        """Let the user type the name of a class."""
        row = self.rows.get(label)
        if row is not None:
            row.name.setFocus(Qt.FocusReason.OtherFocusReason)
            row.name.selectAll()

    def _refresh(self) -> None:
        """Bring the rows up to date; those that stay are kept, so that the keyboard stays where it is."""
        present = self._classes.present
        for label in [label for label in self.rows if label not in present]:
            row = self.rows.pop(label)
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, (label, item) in enumerate(present.items()):
            if label not in self.rows:
                row = self.rows[label] = ClassRow(label, self._list)
                row.changed.connect(partial(self.changed.emit, label))
                row.remove_requested.connect(partial(self.remove_requested.emit, label))
                self._lines.insertWidget(place, row)
            self.rows[label].show_class(item, self._classes.digit(label), several=self._classes.several)
