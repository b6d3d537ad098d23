from __future__ import annotations

import pytest

from scratchgui.workers.task import TaskRunner


@pytest.fixture
def reported() -> list[BaseException]:
    """Exceptions that no caller took."""
    return []


@pytest.fixture
def runner(qapp, reported):
    """Pools that are empty and silent when the test ends."""
    runner = TaskRunner(reported.append)
    yield runner
    assert runner.close()
