from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from scratchgui.core.protocol import Finished, Progress, Started, Validated
from scratchgui.ui.docks.score_text import change_sentence, time_left
from scratchgui.ui.docks.training_card import TrainingCard

OLD = {"dice": 0.71, "false_alarm_rate": 0.04}
NEW = {"dice": 0.76, "false_alarm_rate": 0.03}


@pytest.fixture
def card(qtbot) -> TrainingCard:
    card = TrainingCard()
    qtbot.addWidget(card)
    card.resize(320, 400)
    card.set_model_name("U-Net B0 · v4")
    card.show()
    return card


def test_before_a_training(qtbot, card):
    card.show_idle(0, 1, "Approve at least two images.")
    assert not card.retrain_button.isEnabled()
    assert card._reason.text() == "Approve at least two images."
    card.show_idle(12, 41, "")
    assert f"{card._badge.text()} {card._new.text()}" == "12 corrections since the last training"
    with qtbot.waitSignal(card.retrain_requested):
        qtbot.mouseClick(card.retrain_button, Qt.MouseButton.LeftButton)


def test_during_a_training(qtbot, card):
    card.show_starting()
    card.show_started(Started(200, 50, 33, 8, "cpu", 33))
    empty = card.running.curve.grab().toImage()
    for step in range(1, 101):
        card.running.show_progress(Progress(step, 200, 1, 50, 0.9 / step, 1e-4, 12.0, 125.0))
    card.running.show_validation(Validated(1, 0.5, 0.1, best=True))
    card.running.show_progress(Progress(101, 200, 1, 50, 0.01, 1e-4, 12.0, 124.0))
    card.running.show_validation(Validated(2, 0.74, 0.1, best=True))
    running = card.running
    assert running._percent.text() == "50%"
    assert running._left.text() == "2 min left"
    assert running._dice.text() == "Validation Dice 0.74"
    assert running.curve.grab().toImage() != empty
    card.running.show_stage("Comparing both models")
    assert running._stage.text() == "Comparing both models"
    with qtbot.waitSignal(card.running.stop_requested):
        qtbot.mouseClick(running.stop_button, Qt.MouseButton.LeftButton)
    assert not running.stop_button.isEnabled()
    assert card.retrain_button.isHidden() or not card._idle.isVisible()


def test_a_long_training_keeps_a_short_curve(card):
    card.show_starting()
    for step in range(5000):
        card.running.curve.add_loss(step / 5000, 1.0)
    assert len(card.running.curve._loss) <= 600


def test_a_better_model_and_the_way_back(qtbot, card):
    card.show_result(Finished("b", better=True, reason="", old=OLD, new=NEW, improved=17, compared=24))
    card.show_idle(0, 41, "Review one more image.")
    result = card.result
    assert result._head.text() == "Better on 17 of 24 validation images."
    assert result._text.text() == "Dice 0.71 → 0.76, false alarms 4% → 3%. Now in use."
    with qtbot.waitSignal(card.result.go_back_requested):
        qtbot.mouseClick(result.back_button, Qt.MouseButton.LeftButton)
    assert result.isHidden()


def test_a_model_that_is_not_better_stays_out(qtbot, card):
    card.show_result(Finished("b", better=False, reason="Dice fell.", old=NEW, new=OLD, improved=7, compared=24))
    assert card.result._head.text() == "Not better; keeping v4."
    assert card.result.back_button.isHidden()
    assert card.result._details.isHidden()
    qtbot.mouseClick(card.result.details_button, Qt.MouseButton.LeftButton)
    assert card.result._details.toPlainText() == "Dice fell."
    assert not card.result._details.isHidden()
    card.show_starting()
    assert card.result.isHidden()


def test_a_failed_training_says_why(card):
    card.show_failed("There is not enough memory.", "Traceback")
    assert card.result._text.text() == "There is not enough memory."
    assert not card.result.details_button.isHidden()
    assert not card._idle.isHidden()


def test_a_training_waits_and_goes_on(qtbot, card):
    running = card.running
    card.show_starting()
    assert not running.pause_button.isEnabled()
    card.show_started(Started(200, 50, 33, 8, "cpu", 33))
    with qtbot.waitSignal(running.pause_requested) as asked:
        qtbot.mouseClick(running.pause_button, Qt.MouseButton.LeftButton)
    assert asked.args == [True]
    assert not running.pause_button.isEnabled()
    running.show_paused(True)
    assert (running._stage.text(), running.pause_button.text()) == ("Paused", "Resume")
    with qtbot.waitSignal(running.pause_requested) as asked:
        qtbot.mouseClick(running.pause_button, Qt.MouseButton.LeftButton)
    assert asked.args == [False]
    running.show_paused(False)
    assert (running._stage.text(), running.pause_button.text()) == ("Training", "Pause")
    qtbot.mouseClick(running.stop_button, Qt.MouseButton.LeftButton)
    running.show_paused(False)
    assert not running.pause_button.isEnabled()


def test_what_the_training_tells_stays_in_the_card(card):
    card.show_starting()
    card.running.show_note("Memory ran out: batches of 4 instead of 8.")
    assert card.running._note.text() == "Memory ran out: batches of 4 instead of 8."
    card.show_starting()
    assert card.running._note.isHidden()


def test_the_time_is_chosen_beside_the_button(qtbot, card):
    changes = []
    card.budget.changed.connect(changes.append)
    for name in ("normal", "best", "quick"):
        qtbot.mouseClick(card.budget.buttons[name], Qt.MouseButton.LeftButton)
    assert changes == [
        {"training_minutes": 10.0, "training_until_best": False},
        {"training_until_best": True},
        {"training_minutes": 2.0, "training_until_best": False},
    ]
    assert card.budget.buttons["custom"].isHidden()
    card.budget.show_budget(4.5, until_best=False)
    assert (card.budget.value, card.budget.buttons["custom"].text()) == ("custom", "4.5 min")
    card.budget.show_budget(4.5, until_best=True)
    assert card.budget.value == "best"


def test_changes_are_offered_where_both_models_were_compared(qtbot, card):
    result = Finished("b", better=False, reason="Dice fell.", old=NEW, new=OLD, improved=7, compared=24)
    card.show_result(result)
    assert card.result.changes_button.isHidden()
    card.show_result(replace(result, comparison="comparison.json"))
    with qtbot.waitSignal(card.result.changes_requested):
        qtbot.mouseClick(card.result.changes_button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (3, "a few seconds left"), (42, "40 s left"), (125, "2 min left"), (7000, "117 min left")],
)
def test_time_left(seconds, text):
    assert time_left(seconds) == text


def test_undefined_scores_are_not_compared():
    assert change_sentence({"dice": None}, {"dice": 0.5}) == ""
