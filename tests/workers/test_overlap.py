"""What happens beside the network: the next image is read, the last result is kept."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from scratchgui.core.errors import ImageReadError
from scratchgui.workers import overlap
from scratchgui.workers.overlap import Afterwards, ReadAhead


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch):
    """Reads ahead; `ahead.seen` are the names that were decoded, and where."""
    made = ReadAhead()
    made.seen = []
    read = overlap.read_image

    def counted(path: Path) -> np.ndarray:
        made.seen.append((path.name, threading.current_thread().name.split("_")[0]))
        return read(path)

    monkeypatch.setattr(overlap, "read_image", counted)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for value in (10, 20):
        cv2.imwrite(str(tmp_path / f"{value}.png"), np.full((4, 5), value, np.uint8))
    return tmp_path


def test_an_image_is_decoded_once_beside_and_keeps_until_it_is_asked_for(ahead, folder):
    ahead.begin(folder / "20.png")
    ahead.begin(folder / "20.png")
    assert (ahead.take(folder / "10.png") == 10).all()  # a more urgent one
    assert (ahead.take(folder / "20.png") == 20).all()
    assert sorted(ahead.seen) == [("10.png", "MainThread"), ("20.png", "read-ahead")]


def test_an_image_that_was_replaced_since_is_read_again(ahead, folder):
    ahead.begin(folder / "20.png")
    cv2.imwrite(str(folder / "20.png"), np.full((40, 50), 30, np.uint8))
    assert (ahead.take(folder / "20.png") == 30).all()


def test_what_cannot_be_read_is_an_error_when_it_is_asked_for(ahead, folder):
    (folder / "20.png").write_bytes(b"no picture")
    ahead.begin(folder / "20.png")
    with pytest.raises(ImageReadError):
        ahead.take(folder / "20.png")


def test_one_thing_runs_and_one_waits(folder):
    afterwards, go_on, done = Afterwards(), threading.Event(), []
    afterwards.run(lambda: (go_on.wait(10), done.append(1)))
    second = threading.Thread(target=afterwards.run, args=(lambda: done.append(2),))
    second.start()
    assert second.is_alive() and done == []
    go_on.set()
    second.join(10)
    afterwards.wait()
    assert done == [1, 2]
    afterwards.run(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        afterwards.wait()
    afterwards.close()
