"""Which model is in use, how good it is, and the way back to the former one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from scratchgui.ui import tokens
from scratchgui.ui.docks.score_text import score_sentence, short_name
from scratchgui.ui.widgets.basics import label

if TYPE_CHECKING:
    from scratchgui.core.model_card import ModelCard


class ModelSection(QWidget):
    """The model's name, scores and date.

    Signals:
        go_back_requested(): The former model is to be used again.
        all_requested(): The list of all models is to be seen.
    """

    go_back_requested = Signal()
    all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = label("", parent=self)
        self._scores = label("", "muted", wrap=True, parent=self)
        self._date = label("", "caption", parent=self)
        self._engine = label("", "caption", parent=self)
        self._engine.setToolTip("What runs the model, and where; the settings tell how to change it.")
        self._engine.hide()
        self.back_button = QPushButton(self)
        self.back_button.setProperty("role", "link")
        self.back_button.clicked.connect(self.go_back_requested)
        self.all_button = QPushButton("All models…", self)
        self.all_button.setProperty("role", "link")
        self.all_button.setToolTip("See all models and how they got better; use, rename or delete them")
        self.all_button.clicked.connect(self.all_requested)
        self._build()
        self.set_model(None, None)

    def _build(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._name, 1)
        line.addWidget(self.back_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_M, 0, tokens.GAP_M, tokens.GAP_M)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self._scores)
        layout.addWidget(self._date)
        layout.addWidget(self._engine)
        layout.addSpacing(tokens.GAP_XS)
        layout.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)

    def set_engine(self, name: str) -> None:
        """Show what runs the model, and where."""
        self._engine.setText(f"Runs on {name}")
        self._engine.show()

    def set_model(self, card: ModelCard | None, previous: ModelCard | None) -> None:
        """Show the model in use.

        Args:
            card: The model's card; None when no model could be opened.
            previous: The model used before, which one click brings back; None when there is none.
        """
        self._name.setText("No model" if card is None else card.name)
        scores = "" if card is None else score_sentence(card.scores)
        self._scores.setText("Choose a model to find defects." if card is None else scores)
        self._scores.setVisible(bool(self._scores.text()))
        self._date.setText("" if card is None else f"Trained {card.created:%B} {card.created.day}, {card.created.year}")
        self._date.setVisible(card is not None)
        self.setToolTip("" if card is None else card.data)
        self.back_button.setVisible(previous is not None)
        if previous is not None:
            self.back_button.setText(f"Go back to {short_name(previous.name)}")
            self.back_button.setToolTip(f"Use {previous.name} again")
