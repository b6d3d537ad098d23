"""`scratchgui infer --watch`: images are judged as they arrive; also on network shares, which tell nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchgui.cli.judging import stamp_of
from scratchgui.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scratchgui.cli.image_sources import ImageSources
    from scratchgui.cli.judging import Judged
    from scratchgui.cli.worklist import Stamp, Worklist
    from scratchgui.inference.pipeline import Stop

_NAP = 0.1
"""How soon Ctrl+C is heard (s)."""
_INTERVAL = 0.5
"""Shortest time between two looks at the folder (s); a file that is the same in two of them is complete."""
_SHARE_OF_LOOKING = 0.2
"""Looking takes at most this share of the time, however many files there are."""
_SHARE_OF_SUMMING_UP = 0.02


@dataclass(frozen=True, slots=True)
class Watch:
    """How images that arrive are waited for.

    Attributes:
        settle: A file that cannot be read counts as being written until it has been the same for so long (s).
        until_idle: End after so long without a new image (s); None to go on until Ctrl+C.
    """

    settle: float = 10.0
    until_idle: float | None = None

    def turns(
        self,
        sources: ImageSources,
        worklist: Worklist,
        stop: Stop,
        tell: Callable[[str], None],
        sum_up: Callable[[], object],
    ) -> Iterator[None]:
        """Yield whenever images are due, until it is time to end.

        Args:
            sources: Where they arrive.
            worklist: Gets them.
            stop: Ends it.
            tell: Told what the user should know, as sentences.
            sum_up: Writes the tables; called when there is time for it.
        """
        tell(f"Watching {', '.join(sources.words)}; Ctrl+C ends it.")
        last_news = time.monotonic()
        tables = _Tables(sum_up)
        trouble = ""
        while not stop.is_set():
            began = time.monotonic()
            try:
                worklist.look(_stamped(sources, stop), began, _INTERVAL)
                trouble = ""
            except (OSError, UserError) as error:  # a share that is gone for a while
                if str(error) != trouble:
                    trouble = str(error)
                    tell(f"The images cannot be listed ({getattr(error, 'strerror', None) or error}); trying again.")
            looked = time.monotonic() - began
            if worklist.count_due():
                yield
                tables.are_old = True
                last_news = time.monotonic()
            else:
                tables.renew_if_cheap()
            if self.until_idle is not None and time.monotonic() - last_news > self.until_idle:
                return
            _sleep(max(_INTERVAL, looked / _SHARE_OF_LOOKING), stop)

    def has_to_wait(self, worklist: Worklist, judged: Judged) -> bool:
        """Tell whether an image that could not be read may still be being written; then it is looked at again."""
        if not judged.is_unreadable:
            return False
        rel = judged.piece.rel
        if time.monotonic() - worklist.unchanged_since(rel) > self.settle:
            return False
        worklist.settle(rel)
        return True


class _Tables:
    """Renews the tables while nothing else is to be done, and seldom where that takes long."""

    def __init__(self, sum_up: Callable[[], object]) -> None:
        self._sum_up = sum_up
        self._not_before = 0.0
        self.are_old = False

    def renew_if_cheap(self) -> None:
        """Write them if they are old, and were not written lately."""
        began = time.monotonic()
        if self.are_old and began >= self._not_before:
            self._sum_up()
            ended = time.monotonic()
            self.are_old, self._not_before = False, ended + (ended - began) / _SHARE_OF_SUMMING_UP


def _stamped(sources: ImageSources, stop: Stop) -> Iterator[tuple[str, Stamp]]:
    begin = f"{sources.root}/"  # quicker than to join paths: there may be many
    for rel in sources.names():
        if stop.is_set():
            return
        stamp = stamp_of(f"{begin}{rel}")
        if stamp is not None:  # gone since it was listed
            yield rel, stamp


def _sleep(seconds: float, stop: Stop) -> None:
    until = time.monotonic() + seconds
    while not stop.is_set() and (left := until - time.monotonic()) > 0:
        time.sleep(min(_NAP, left))
