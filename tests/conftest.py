"""What all tests share: no screen, no user's settings, no network."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

from scratchgui.workers.garbage import collect_due

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"


@pytest.fixture(autouse=True)
def program_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch):
    """Keep settings, logs and caches of a test away from the user's home."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("SCRATCHGUI_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def collected_on_this_thread() -> Iterator[None]:
    """Collect garbage between the tests, as the program does: never on another thread (see `MainThreadCollector`)."""
    gc.disable()
    yield
    collect_due()
