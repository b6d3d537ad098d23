"""What all tests of widgets share: the dark theme without motion, and the actions of an open project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest
from PySide6.QtWidgets import QApplication

from scratchgui.ui import motion, theme
from scratchgui.ui.action_keys import Facts
from scratchgui.ui.actions import ActionSet


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> Iterator[None]:
    theme.apply_theme(qapp, theme.Mode.DARK)
    motion.set_reduced(True)
    yield
    motion.set_reduced(False)


@pytest.fixture
def actions(qtbot) -> ActionSet:
    """All that can be done with an image that is open while nothing runs."""
    actions = ActionSet()
    off = ("read_only", "predicting", "training")
    actions.apply(Facts(**{item.name: item.name not in off for item in fields(Facts)}))
    return actions
