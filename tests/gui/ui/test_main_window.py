from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt

from scratchgui.notifications import Level, Notice
from scratchgui.ui.status_strip import JobView, duration_text, job_text
from scratchgui.ui.toast import MOST


def test_the_start_page_is_seen_first(window):
    assert window.start_page.isVisible()
    assert not window.status.isVisible()
    assert window.windowTitle() == "ScratchGUI"


def test_its_module_imports_nothing_heavy(tmp_path):
    code = (
        "import sys, scratchgui.ui.main_window;"
        "print(*sorted({'numpy', 'pydantic', 'cv2', 'torch', 'openvino'} & set(sys.modules)))"
    )
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == []


def texts(window) -> list[str]:
    return [card.notice.text for card in window.toasts.cards]


def test_there_are_three_toasts_at_most_and_the_oldest_goes(window):
    for number in range(MOST + 2):
        window.toasts.show_notice(Notice(Level.INFO, f"Note {number}"))
    assert texts(window) == ["Note 2", "Note 3", "Note 4"]


def test_errors_stay_and_what_has_no_room_waits(qtbot, window):
    for number in range(MOST):
        window.toasts.show_notice(Notice(Level.ERROR, f"Error {number}"))
    window.toasts.show_notice(Notice(Level.INFO, "Note"))
    assert texts(window) == ["Error 0", "Error 1", "Error 2"]
    qtbot.mouseClick(window.toasts.cards[0].close_button, Qt.MouseButton.LeftButton)
    assert texts(window) == ["Error 1", "Error 2", "Note"]


def test_a_toast_does_what_its_button_says(qtbot, window):
    done = []
    window.toasts.show_notice(Notice(Level.SUCCESS, "Done", action_text="Open", action=lambda: done.append(True)))
    qtbot.mouseClick(window.toasts.cards[0].action_button, Qt.MouseButton.LeftButton)
    assert done == [True]
    assert texts(window) == []


@pytest.mark.parametrize(
    ("job", "text"),
    [
        (
            JobView("Predicting", 143, 2000, rate=12.2, seconds_left=130),
            "Predicting 143 / 2,000 · 12 img/s · 2 min left",
        ),
        (JobView("Predicting", 1, 9, rate=0.52), "Predicting 1 / 9 · 0.5 img/s"),
        (JobView("Predicting", 1, 9, rate=0.05, seconds_left=160), "Predicting 1 / 9 · 20 s/img · 3 min left"),
        (JobView("Predicting", 1, 9, rate=0.01, seconds_left=800), "Predicting 1 / 9 · 2 min/img · 13 min left"),
        (JobView("Predicting", 1, 9, rate=3.0, seconds_left=9, paused=True), "Predicting 1 / 9 · paused · 9 s left"),
        (JobView("Predicting", 1, 9, paused=True), "Predicting 1 / 9 · paused"),
    ],
)
def test_a_job_in_a_line(job, text):
    assert job_text(job) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1 s"), (40, "40 s"), (59.7, "1 min"), (119, "2 min"), (3590, "1 h"), (4800, "1 h 20 min")],
)
def test_a_duration_is_short(seconds, text):
    assert duration_text(seconds) == text
