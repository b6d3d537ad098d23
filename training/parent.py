"""A process that ends with the program that started it, unless it is to be kept."""

from __future__ import annotations

import os
import time
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.core.run_process import ProcessId

_LOOK_SECONDS = 1.0


def end_with(parent: ProcessId | None, *, is_kept: Callable[[], bool] = lambda: False) -> None:
    """End this process soon after its parent, however that ends.

    A pipe would tell at once, but nobody could take the training over who did not start it.

    Args:
        parent: Who started it; None when it is gone already.
        is_kept: Asked when the parent is gone; True lets this process go on.
    """
    Thread(target=_watch, args=(parent, is_kept), name="parent", daemon=True).start()


def _watch(parent: ProcessId | None, is_kept: Callable[[], bool]) -> None:
    while parent is not None and parent.is_alive:
        time.sleep(_LOOK_SECONDS)
    if not is_kept():
        os._exit(1)
