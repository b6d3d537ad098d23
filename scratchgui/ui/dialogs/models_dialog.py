"""All models of the project: which is in use, how they got better, and what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from scratchgui.core.learning_record import WINDOW
from scratchgui.ui import tokens
from scratchgui.ui.dialogs.model_table import ModelTable
from scratchgui.ui.dialogs.training_parts import PlotCard
from scratchgui.ui.widgets.basics import label
from scratchgui.ui.widgets.plot import Plot

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from scratchgui.core.learning_record import OutOfSample
    from scratchgui.core.model_shelf import ShelvedModel

_SIZE: Final = QSize(980, 640)
_SMALLEST: Final = QSize(720, 480)


class ModelsDialog(QDialog):
    """Not modal: what a model finds can be looked at in the window behind.

    Signals:
        use_requested(object): Use the model of an id; None for the starter model.
        go_back_requested(): Use the model from before.
        renamed(str, str): The model of an id gets another name.
        delete_requested(str): Delete the model of an id.
        comparison_requested(Path): Show what a training's folder says of the model and the one before it.
    """

    use_requested = Signal(object)
    go_back_requested = Signal()
    renamed = Signal(str, str)
    delete_requested = Signal(str)
    comparison_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self.resize(_SIZE)
        self.setMinimumSize(_SMALLEST)
        self._active = ""
        self._kept: Collection[str] = ()
        self.table = ModelTable(self)
        self.use_button = _button(self, "Use this model", "Find defects with the chosen model from now on")
        self.back_button = _button(self, "Go back", "Use the model from before again")
        self.changes_button = _button(self, "See changes", "See what it marks otherwise than the model before it")
        self.rename_button = _button(self, "Rename", "Give the chosen model another name (F2)")
        self.delete_button = _button(self, "Delete", "Delete the chosen model; the notice brings it back")
        self.close_button = _button(self, "Close", "")
        self.scores = Plot(
            "Score of each model over the images reviewed",
            x="Images reviewed",
            y_range=(0, 1),
            whole_x=True,
            parent=self,
        )
        self.scores.add_series("dice", "accent", dots=True)
        self.scores.add_series("used", "ok", width=0, dots=True)
        self.reviewed = Plot(
            "How well each image was marked before it was corrected",
            x="Images in the order in which they were reviewed",
            y_range=(0, 1),
            whole_x=True,
            parent=self,
        )
        self.reviewed.add_series("image", "muted", width=0, dots=True)
        self.reviewed.add_series("mean", "accent")
        self.scores_empty = label("", "muted", wrap=True, parent=self)
        self.reviewed_empty = label("", "muted", wrap=True, parent=self)
        self._build()
        self._connect()

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP_S)
        for button in (self.use_button, self.back_button, self.changes_button, self.rename_button, self.delete_button):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        legend = {"dice": "Dice", "used": "in use"}
        cards = QHBoxLayout()
        cards.setSpacing(tokens.GAP_M)
        cards.addWidget(_chart("Scores", self.scores, legend, self.scores_empty, self), 1)
        legend = {"image": "one image", "mean": f"mean of {WINDOW}"}
        cards.addWidget(_chart("Before correction", self.reviewed, legend, self.reviewed_empty, self), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, tokens.GAP_L, 20, tokens.GAP_L)
        layout.setSpacing(tokens.GAP_M)
        layout.addWidget(self.table, 2)
        layout.addLayout(cards, 3)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.table.selected.connect(self._show_buttons)
        self.table.renamed.connect(self.renamed)
        self.use_button.clicked.connect(self._use)
        self.back_button.clicked.connect(self.go_back_requested)
        self.changes_button.clicked.connect(self._compare)
        self.rename_button.clicked.connect(lambda: self.table.edit(self.table.currentIndex().siblingAtColumn(0)))
        self.delete_button.clicked.connect(self._delete)
        self.close_button.clicked.connect(self.close)

    def show_models(self, models: list[ShelvedModel], active: str, kept: Collection[str], *, can_go_back: bool) -> None:
        """Show the models, the oldest first in the list.

        Args:
            models: What there is.
            active: Id of the one in use.
            kept: Ids of those that cannot be deleted: the one in use and the one before.
            can_go_back: Whether there was another one before.
        """
        self._active, self._kept = active, kept
        self.table.show_models(models, active)
        self.back_button.setEnabled(can_go_back)
        scored = [(model, model.card.scores.get("dice")) for model in models if not model.is_starter]
        points = [(model, dice) for model, dice in scored if dice is not None]
        tips = [f"{model.card.name}: Dice {dice:.2f} with {model.corrections:,} images" for model, dice in points]
        self.scores.set_values("dice", [m.corrections for m, _ in points], [dice for _, dice in points], tips)
        used = [(m.corrections, dice, tip) for (m, dice), tip in zip(points, tips, strict=True) if m.card.id == active]
        self.scores.set_values("used", *([list(column) for column in zip(*used, strict=True)] or [[], [], []]))
        _show_empty(
            self.scores, self.scores_empty, "" if points else "Retrain once: the first model of your own appears here."
        )

    def show_reviewed(self, reviewed: Sequence[OutOfSample]) -> None:
        """Show how well each image was marked before it was corrected, in the order of reviewing."""
        numbers = [float(number) for number in range(1, len(reviewed) + 1)]
        tips = [f"{item.rel}: {_of_image(item)}" for item in reviewed]
        self.reviewed.set_values("image", numbers, [item.mark for item in reviewed], tips)
        self.reviewed.set_values("mean", numbers, [item.running for item in reviewed])
        text = "Correct and approve what a model has marked: how well it did is kept, image by image."
        _show_empty(self.reviewed, self.reviewed_empty, "" if reviewed else text)

    def open_dialog(self) -> None:
        """Bring the dialog to the front."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.table.setFocus()

    def _show_buttons(self) -> None:
        model = self.table.chosen
        own = model is not None and not model.is_starter
        self.use_button.setEnabled(model is not None and model.card.id != self._active)
        self.changes_button.setEnabled(model is not None and model.run is not None)
        self.rename_button.setEnabled(own)
        can_delete = own and model is not None and model.card.id not in self._kept
        self.delete_button.setEnabled(can_delete)
        reason = "The model in use, the one before it and the one of the program are kept"
        self.delete_button.setToolTip("Delete the chosen model; the notice brings it back" if can_delete else reason)

    def _use(self) -> None:
        model = self.table.chosen
        if model is not None:
            self.use_requested.emit(None if model.is_starter else model.card.id)

    def _compare(self) -> None:
        model = self.table.chosen
        if model is not None and model.run is not None:
            self.comparison_requested.emit(model.run)

    def _delete(self) -> None:
        model = self.table.chosen
        if model is not None:
            self.delete_requested.emit(model.card.id)


def _button(parent: QWidget, text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text, parent)
    button.setAutoDefault(False)
    button.setToolTip(tooltip)
    return button


def _chart(head: str, plot: Plot, legend: dict[str, str], empty: QLabel, parent: QWidget) -> QFrame:
    card = PlotCard(head, plot, legend, parent)
    layout = card.layout()
    if layout is not None:
        layout.addWidget(empty)
        empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return card


def _show_empty(plot: Plot, empty: QLabel, text: str) -> None:
    """Show a sentence instead of a plot without values."""
    empty.setText(text)
    empty.setVisible(bool(text))
    plot.setVisible(not text)


def _of_image(item: OutOfSample) -> str:
    if item.dice is None:
        return "clean, and nothing was marked" if item.mark else "clean, but something was marked"
    return f"Dice {item.dice:.2f}"
