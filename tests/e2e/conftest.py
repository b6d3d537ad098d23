"""The whole program in one process: the real window, real files, a real training."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from scratchgui import app, paths
from scratchgui.core.model_card import CARD_FILE, load_card, save_card
from scratchgui.notifications import Notice, Notifications
from scratchgui.settings import SettingsStore
from scratchgui.ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench

LOADING_MS = 20_000


@pytest.fixture(scope="session")
def starter() -> Path:
    bundle = paths.starter_bundle()
    if not (bundle / CARD_FILE).is_file():
        pytest.skip("the starter model is not in resources/starter")
    return bundle


@pytest.fixture(scope="session")
def timid(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter model with a threshold of 1: in comparisons it finds nothing, so that any training beats it."""
    folder = tmp_path_factory.mktemp("models") / "timid"
    shutil.copytree(starter, folder)
    save_card(folder, load_card(starter).model_copy(update={"id": "timid", "threshold": 1.0}))
    return folder


SCRATCH = ((30, 40), (190, 120))
"""Ends of the scratch in every picture, column and row (px)."""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of small gray pictures with one bright scratch each, on surfaces that do not look alike."""
    folder = tmp_path / "parts"
    folder.mkdir()
    for index in range(6):
        rng = np.random.default_rng(index)
        grain = cv2.resize(rng.normal(0, 12, (20, 28)), (224, 160), interpolation=cv2.INTER_CUBIC)
        image = np.clip(rng.normal(90, 8, (160, 224)) + grain, 0, 255).astype(np.uint8)
        cv2.line(image, *SCRATCH, 220, 7)
        cv2.imwrite(str(folder / f"part_{index}.png"), image)
    return folder


@pytest.fixture
def told() -> list[Notice]:
    """What the user was told."""
    return []


@pytest.fixture
def open_window(
    qtbot: QtBot, timid: Path, told: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Workbench]]:
    """Show the window with everything behind it, as `main` builds it; bugs fail the test."""
    monkeypatch.setattr(paths, "starter_bundle", lambda: timid)
    application = app.make_application()
    theme.apply_theme(application, "dark")
    shells: list[app.Shell] = []

    def show() -> Workbench:
        notices = Notifications()
        notices.posted.connect(told.append)
        shell = app.Shell(SettingsStore(), notices)
        shells.append(shell)
        qtbot.addWidget(shell.window)
        shell.window.resize(1440, 900)
        shell.window.show()
        with qtbot.waitSignal(shell.ready, timeout=LOADING_MS):
            shell.start()
        assert shell.workbench is not None
        return shell.workbench

    yield show
    for shell in shells:
        shell.window.close()
        # Qt deletes what it owns, in its own order; left to the garbage collector it would go in any order, in the
        # middle of another test.
        for part in (shell.window, shell):
            part.deleteLater()
            QCoreApplication.sendPostedEvents(part, QEvent.Type.DeferredDelete)
    gc.unfreeze()  # the program keeps what it is made of from the collector; here it ends
    bugs = [notice.details for notice in told if "Traceback" in notice.details]
    assert not bugs, bugs[0]


@pytest.fixture
def bench(open_window: Callable[[], Workbench]) -> Workbench:
    """The window with everything behind it."""
    return open_window()
