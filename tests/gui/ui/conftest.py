from __future__ import annotations

import pytest

from scratchgui.ui.main_window import MainWindow


@pytest.fixture
def window(qtbot, actions) -> MainWindow:
    window = MainWindow(actions)
    qtbot.addWidget(window)
    window.resize(1200, 800)
    with qtbot.waitExposed(window):
        window.show()
    return window
