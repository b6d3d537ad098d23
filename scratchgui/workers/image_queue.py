"""Which image goes through the network next: the one that is looked at, then its neighbors, then all others."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Kind(Enum):
    """Why an image is worked on."""

    VISIBLE = auto()
    NEIGHBOR = auto()
    REJUDGE = auto()
    BULK = auto()


@dataclass(frozen=True, slots=True)
class Job:
    """One image to work on.

    Attributes:
        rel: The image.
        kind: Why.
        batch: Batch of its kind; a job of an earlier batch is no longer wanted.
    """

    rel: str
    kind: Kind
    batch: int


class _Names:
    """Names in order, each once; quicker to fill with 100,000 than an OrderedDict."""

    def __init__(self) -> None:
        self.names: deque[str] = deque()
        self._known: dict[str, None] = {}

    def add(self, names: Iterable[str]) -> int:
        """Append those that do not wait yet; return how many these are."""
        new = dict.fromkeys(names)
        if self._known:
            new = {name: None for name in new if name not in self._known}
        self.names.extend(new)
        self._known = self._known | new if self._known else new
        return len(new)

    def put_first(self, name: str) -> None:
        """Put a name at the head; it stays where it is when it waits already."""
        if name not in self._known:
            self.names.appendleft(name)
            self._known[name] = None

    def take(self) -> str:
        """Take the first one out."""
        name = self.names.popleft()
        del self._known[name]
        return name

    def clear(self) -> None:
        """Forget all."""
        self.names.clear()
        self._known.clear()


class ImageQueue:
    """Jobs in order of urgency; every method may be called from any thread.

    The visible image is one: another one takes its place. Pausing holds back the bulk alone.

    Attributes:
        fillings: How often images came to the bulk.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._visible: str | None = None
        self._waiting = {kind: _Names() for kind in (Kind.NEIGHBOR, Kind.REJUDGE, Kind.BULK)}
        self._paused = False
        self._closed = False
        self._batches = dict.fromkeys(Kind, 0)
        self.fillings = 0

    def show(self, rel: str, neighbors: Iterable[str] = ()) -> None:
        """Put the visible image first, and its neighbors after it; both replace the earlier ones."""
        with self._changed:
            self._visible = rel
            self._waiting[Kind.NEIGHBOR].clear()
            self._waiting[Kind.NEIGHBOR].add(neighbors)
            self._changed.notify_all()

    def add(self, kind: Kind, rels: Iterable[str]) -> int:
        """Append images; return how many were not waiting yet."""
        with self._changed:
            added = self._waiting[kind].add(rels)
            self.fillings += kind is Kind.BULK and added > 0
            self._changed.notify_all()
            return added

    def put_back(self, job: Job) -> None:
        """Put a job that had to give way at the head of its kind, unless it is no longer wanted."""
        with self._changed:
            if self._is_wanted(job) and job.kind in self._waiting:
                self._waiting[job.kind].put_first(job.rel)
                self._changed.notify_all()

    def take(self) -> Job | None:
        """Wait for the most urgent job and take it out; None when the queue is closed."""
        with self._changed:
            while not self._closed:
                job = self._next()
                if job is not None:
                    return job
                self._changed.wait()
            return None

    def next_bulk(self) -> str | None:
        """Return the image that is next when nothing more urgent comes; None when there is none, or it is held back."""
        with self._changed:
            names = self._waiting[Kind.BULK].names
            return names[0] if names and not self._paused else None

    def claim(self, rel: str) -> bool:
        """Take the visible image out if it is this one: its result is at hand already."""
        with self._changed:
            if self._visible != rel:
                return False
            self._visible = None
            return True

    def gives_way(self, job: Job) -> bool:
        """Tell whether a running job must end: not wanted any more, or another image is looked at."""
        # No lock: this is asked at every tile, and reads of single attributes are consistent.
        visible = self._visible
        return self._closed or not self._is_wanted(job) or (visible is not None and visible != job.rel)

    def drop(self, *kinds: Kind) -> None:
        """Forget the waiting jobs of these kinds, all when none is given; a running one of them must end."""
        with self._changed:
            for kind in kinds or Kind:
                self._batches[kind] += 1
                if kind is Kind.VISIBLE:
                    self._visible = None
                else:
                    self._waiting[kind].clear()

    def pause(self, paused: bool) -> None:
        """Hold the bulk back, or let it go on."""
        with self._changed:
            self._paused = paused
            self._changed.notify_all()

    def close(self) -> None:
        """End all waiting in `take`."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing could be taken now, because nothing waits."""
        with self._changed:
            return self._visible is None and not any(waiting.names for waiting in self._waiting.values())

    def _is_wanted(self, job: Job) -> bool:
        return job.batch == self._batches[job.kind]

    def _next(self) -> Job | None:
        if self._visible is not None:
            rel, self._visible = self._visible, None
            return Job(rel, Kind.VISIBLE, self._batches[Kind.VISIBLE])
        for kind, waiting in self._waiting.items():
            if waiting.names and not (kind is Kind.BULK and self._paused):
                return Job(waiting.take(), kind, self._batches[kind])
        return None
