from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtWidgets import QApplication

from scratchgui.ui import motion, theme
from scratchgui.ui.action_keys import Facts
from scratchgui.ui.actions import ActionSet
from scratchgui.ui.main_window import MainWindow


@pytest.fixture(autouse=True)
def themed(qapp: QApplication):
    theme.apply_theme(qapp, theme.Mode.DARK)
    motion.set_reduced(True)
    yield
    motion.set_reduced(False)


@pytest.fixture
def actions(qtbot) -> ActionSet:
    actions = ActionSet()
    off = ("read_only", "predicting", "training")
    actions.apply(Facts(**{item.name: item.name not in off for item in fields(Facts)}))
    return actions


@pytest.fixture
def window(qtbot, actions) -> MainWindow:
    window = MainWindow(actions)
    qtbot.addWidget(window)
    window.resize(1200, 800)
    with qtbot.waitExposed(window):
        window.show()
    return window
