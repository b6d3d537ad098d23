from __future__ import annotations

import threading

import numpy as np
import pytest

from scratchgui.core.images import read_image
from scratchgui.workers import image_loader
from scratchgui.workers.image_loader import ImageLoader


class Reads:
    """Counts what is read; holds every read back while the gate is shut."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, path):
        assert self.gate.wait(10)
        self.names.append(path.name)
        return read_image(path)


@pytest.fixture
def reads(monkeypatch) -> Reads:
    reads = Reads()
    monkeypatch.setattr(image_loader, "read_image", reads)
    return reads


@pytest.fixture
def loader(runner, project) -> ImageLoader:
    loader = ImageLoader(runner)
    loader.set_project(project)
    return loader


def test_an_image_is_read(loader, qtbot):
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.load("a.png")
    rel, image = loaded.args
    assert rel == "a.png"
    assert image.shape == (96, 128)
    with pytest.raises(ValueError, match="read-only"):
        image[0, 0] = 1


def test_the_next_image_is_there_at_once(loader, qtbot, runner, reads):
    with qtbot.waitSignal(loader.loaded):
        loader.load("a.png", ["b.png", "clean.png"])
    assert runner.wait_for_done()
    heard: list[str] = []
    loader.loaded.connect(lambda rel, _: heard.append(rel))
    loader.load("b.png", ["a.png", "c.png"])
    assert heard == ["b.png"]
    assert runner.wait_for_done()
    assert sorted(reads.names) == ["a.png", "b.png", "c.png", "clean.png"]


def test_only_the_last_image_asked_for_is_told(loader, runner, reads):
    heard: list[str] = []
    loader.loaded.connect(lambda rel, _: heard.append(rel))
    reads.gate.clear()
    for rel in ("a.png", "b.png", "c.png"):
        loader.load(rel)
    reads.gate.set()
    assert runner.wait_for_done()
    assert heard == ["c.png"]


def test_an_image_that_is_being_read_ahead_is_told_when_it_is_asked_for(loader, qtbot, runner, reads):
    with qtbot.waitSignal(loader.loaded):
        loader.load("a.png")
    reads.gate.clear()
    loader.load("a.png", ["b.png"])
    heard: list[str] = []
    loader.loaded.connect(lambda rel, _: heard.append(rel))
    loader.load("b.png")
    reads.gate.set()
    assert runner.wait_for_done()
    assert heard == ["b.png"]
    assert reads.names == ["a.png", "b.png"]


def test_a_damaged_image_is_a_sentence_and_one_read_ahead_is_silent(loader, qtbot, runner, reported):
    failures: list[str] = []
    loader.failed.connect(lambda rel, sentence: failures.append(rel))
    with qtbot.waitSignal(loader.loaded):
        loader.load("a.png", ["broken.png"])
    assert runner.wait_for_done()
    assert failures == []
    with qtbot.waitSignal(loader.failed) as failed:
        loader.load("broken.png")
    assert "damaged" in failed.args[1]
    assert reported == []


def test_a_full_memory_is_a_sentence(loader, qtbot, monkeypatch, reported):
    def full(path: object) -> None:
        raise MemoryError

    monkeypatch.setattr(image_loader, "read_image", full)
    with qtbot.waitSignal(loader.failed) as failed:
        loader.load("a.png")
    assert "not enough memory" in failed.args[1]
    reported.clear()


def test_memory_is_bounded(loader, qtbot, runner, monkeypatch):
    monkeypatch.setattr(image_loader, "read_image", lambda path: np.zeros((10_000, 20_000), np.uint8))
    for rel in ("a.png", "b.png", "c.png", "clean.png"):
        with qtbot.waitSignal(loader.loaded):
            loader.load(rel, ["broken.png"])
        assert runner.wait_for_done()
    assert loader._images.size <= 600 * 1024 * 1024
    assert "broken.png" not in loader._images


def test_a_changed_file_is_read_anew(loader, qtbot, reads):
    for _ in range(2):
        with qtbot.waitSignal(loader.loaded):
            loader.load("a.png")
        loader.forget("a.png")
    assert reads.names == ["a.png", "a.png"]


def test_another_project_drops_what_was_asked_for(loader, runner, reads):
    heard: list[str] = []
    loader.loaded.connect(lambda rel, _: heard.append(rel))
    reads.gate.clear()
    loader.load("a.png")
    loader.set_project(None)
    reads.gate.set()
    assert runner.wait_for_done()
    loader.load("a.png")
    assert runner.wait_for_done()
    assert heard == []
