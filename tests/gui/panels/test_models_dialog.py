"""The list of models, with what can be done with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from scratchgui.core.learning_record import OutOfSample
from scratchgui.core.model_card import ModelCard
from scratchgui.core.model_shelf import ShelvedModel
from scratchgui.ui.dialogs.models_dialog import ModelsDialog

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
RUN = Path("/parts/runs/3")


def model(number: int, dice: float | None, *, run: Path | None = None) -> ShelvedModel:
    card = ModelCard(
        id=f"m{number}",
        name=f"U-Net B0 · v{number}",
        created=BEGIN + timedelta(days=number),
        scores={"dice": dice, "false_alarm_rate": None},
        training={"learning": {"corrections": 5 * number}},
    )
    return ShelvedModel(card, is_starter=number == 1, run=run)


MODELS = [model(1, 0.5), model(2, 0.6), model(3, 0.7, run=RUN), model(4, None), model(5, 0.8)]


@pytest.fixture
def dialog(qtbot) -> ModelsDialog:
    dialog = ModelsDialog()
    qtbot.addWidget(dialog)
    dialog.show_models(MODELS, "m5", {"m5", "m4"}, can_go_back=True)
    dialog.show_reviewed([])
    dialog.open_dialog()
    return dialog


def choose(dialog: ModelsDialog, number: int) -> None:
    dialog.table.setCurrentCell(5 - number, 0)


def test_the_newest_comes_first_and_undefined_scores_are_dashes(dialog: ModelsDialog):
    texts = [[dialog.table.item(row, column).text() for column in (0, 2, 3, 4, 5)] for row in range(5)]
    assert texts[0] == ["U-Net B0 · v5", "0.80", "–", "25", "In use"]
    assert texts[1] == ["U-Net B0 · v4", "–", "–", "20", ""]
    assert texts[4] == ["U-Net B0 · v1", "0.50", "–", "–", ""]
    assert "Undefined" in dialog.table.item(1, 2).toolTip()


def test_only_what_makes_sense_can_be_done(dialog: ModelsDialog):
    buttons = (dialog.use_button, dialog.changes_button, dialog.rename_button, dialog.delete_button)
    can = {}
    for number in range(1, 6):
        choose(dialog, number)
        can[number] = [button.isEnabled() for button in buttons]
    assert can == {
        1: [True, False, False, False],
        2: [True, False, True, True],
        3: [True, True, True, True],
        4: [True, False, True, False],
        5: [False, False, True, False],
    }
    assert dialog.back_button.isEnabled()
    dialog.show_models(MODELS[:1], "m1", {"m1"}, can_go_back=False)
    assert not dialog.back_button.isEnabled()


def test_each_button_asks_for_the_chosen_model(qtbot, dialog: ModelsDialog):
    choose(dialog, 3)
    for button, signal, told in (
        (dialog.use_button, dialog.use_requested, "m3"),
        (dialog.changes_button, dialog.comparison_requested, RUN),
        (dialog.delete_button, dialog.delete_requested, "m3"),
    ):
        with qtbot.waitSignal(signal) as asked:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert asked.args == [told]
    choose(dialog, 1)
    with qtbot.waitSignal(dialog.use_requested) as asked:
        qtbot.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)
    assert asked.args == [None]


@pytest.mark.parametrize(("typed", "told"), [("Night shift", [["m3", "Night shift"]]), ("  ", [])])
def test_a_name_is_changed_in_its_place(qtbot, dialog: ModelsDialog, typed: str, told: list[list[str]]):
    renamed: list[list[str]] = []
    dialog.renamed.connect(lambda *args: renamed.append(list(args)))
    choose(dialog, 3)
    qtbot.mouseClick(dialog.rename_button, Qt.MouseButton.LeftButton)
    field = dialog.table.findChild(QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    shown = typed if told else "U-Net B0 · v3"
    qtbot.waitUntil(lambda: renamed == told and dialog.table.item(2, 0).text() == shown)


def test_the_chosen_model_stays_chosen_when_the_list_changes(dialog: ModelsDialog):
    choose(dialog, 2)
    dialog.show_models(MODELS[:3], "m3", {"m3", "m2"}, can_go_back=True)
    assert dialog.table.chosen is MODELS[1]
    dialog.show_models([MODELS[0], MODELS[2]], "m3", {"m3"}, can_go_back=True)
    assert dialog.table.chosen is MODELS[2]


def test_charts_hold_what_is_defined(dialog: ModelsDialog):
    dice, used = dialog.scores.series["dice"], dialog.scores.series["used"]
    assert (dice.xs, dice.ys) == ([10, 15, 25], [0.6, 0.7, 0.8])
    assert (used.xs, used.ys) == ([25], [0.8])
    dialog.show_reviewed(
        [
            OutOfSample("a.png", BEGIN, "m1", dice=0.4, mark=0.4, running=0.4, pixels=9, regions=1),
            OutOfSample("b.png", BEGIN, "m1", dice=None, mark=1.0, running=0.7, pixels=0, regions=0),
        ]
    )
    image, mean = dialog.reviewed.series["image"], dialog.reviewed.series["mean"]
    assert (image.ys, mean.ys) == ([0.4, 1.0], [0.4, 0.7])
    assert image.tips == ["a.png: Dice 0.40", "b.png: clean, and nothing was marked"]


def test_where_there_is_nothing_a_sentence_says_what_to_do(dialog: ModelsDialog):
    assert dialog.reviewed_empty.isVisible()
    assert not dialog.reviewed.isVisible()
    assert dialog.scores.isVisible()
    dialog.show_models(MODELS[:1], "m1", {"m1"}, can_go_back=False)
    assert dialog.scores_empty.text() == "Retrain once: the first model of your own appears here."
