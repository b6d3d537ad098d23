"""What is done beside the network, on threads of its own: reading the next image, keeping the last result."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from scratchgui.core.images import read_image
from scratchgui.inference.cache import image_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class ReadAhead:
    """Decodes one image while another one is in work."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "read-ahead")
        self._coming: tuple[Path, dict[str, int] | None, Future[NDArray[np.uint8]]] | None = None

    def begin(self, path: Path) -> None:
        """Begin to read an image that will be asked for; another one that was begun is forgotten."""
        if self._coming is None or self._coming[0] != path:
            self.forget()
            self._coming = path, _state(path), self._thread.submit(read_image, path)

    def take(self, path: Path) -> NDArray[np.uint8]:
        """Return an image, gray (H, W) or RGB (H, W, 3); waits for it if it was begun, and is the same file still.

        Raises:
            ImageReadError: It cannot be read.
        """
        if self._coming is None or self._coming[0] != path:
            return read_image(path)
        _, state, coming = self._coming
        if state is None or state != _state(path):
            self.forget()
            return read_image(path)
        self._coming = None
        return coming.result()

    def forget(self) -> None:
        """Free what was read and not asked for."""
        if self._coming is not None:
            self._coming[2].cancel()
            self._coming = None

    def close(self) -> None:
        """End the thread."""
        self.forget()
        self._thread.shutdown()


def _state(path: Path) -> dict[str, int] | None:
    try:
        return image_state(path)
    except OSError:
        return None


class Afterwards:
    """Runs what is left to do of an image while the next one is in work; no more than one runs and one waits."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "afterwards")
        self._running: Future[None] | None = None

    def run(self, call: Callable[[], None]) -> None:
        """Run something, once what was given before has ended; waits for that one."""
        self.wait()
        self._running = self._thread.submit(call)

    def wait(self) -> None:
        """Wait until everything has ended; raises what it raised."""
        running, self._running = self._running, None
        if running is not None:
            running.result()

    def close(self) -> None:
        """Wait until everything has ended, and end the thread."""
        self._thread.shutdown()
