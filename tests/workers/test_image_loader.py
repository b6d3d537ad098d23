from __future__ import annotations

import threading

import cv2
import numpy as np
import pytest

from scratchgui.core.images import read_image
from scratchgui.workers import image_loader
from scratchgui.workers.image_loader import ImageLoader


class Reads:
    """Counts what is decoded; holds every decoding back while the gate is shut."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, path, on_content):
        def then_wait(content):
            on_content(content)
            assert self.gate.wait(10)

        image = read_image(path, then_wait)
        self.names.append(path.name)
        return image


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
    qtbot.waitUntil(lambda: "clean.png" in loader._images)
    heard: list[str] = []
    loader.loaded.connect(lambda rel, _: heard.append(rel))
    loader.load("b.png", ["a.png", "c.png"])
    assert heard == ["b.png"]
    qtbot.waitUntil(lambda: "c.png" in loader._images)
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
    qtbot.waitUntil(lambda: "b.png" in loader._decoding)
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
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(image_loader, "read_image", full)
    with qtbot.waitSignal(loader.failed) as failed:
        loader.load("a.png")
    assert "not enough memory" in failed.args[1]
    reported.clear()


def png_header(width: int, height: int) -> np.ndarray:
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return np.frombuffer(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + size + b"\x08\0\0\0\0", np.uint8)


def test_memory_is_bounded_and_huge_images_are_not_read_ahead(loader, qtbot, runner, monkeypatch, reported):
    decoded: list[str] = []

    def huge(path, on_content):
        on_content(png_header(20_000, 10_000))
        decoded.append(path.name)
        return np.zeros((10_000, 20_000), np.uint8)

    monkeypatch.setattr(image_loader, "read_image", huge)
    for rel in ("a.png", "b.png", "c.png", "clean.png"):
        with qtbot.waitSignal(loader.loaded):
            loader.load(rel, ["broken.png"])
        assert runner.wait_for_done()
    assert loader._images.size <= 600 * 1024 * 1024
    assert decoded == ["a.png", "b.png", "c.png", "clean.png"]
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.load("broken.png")
    assert loaded.args[0] == "broken.png"
    assert reported == []


def test_a_large_file_is_not_even_opened_ahead(loader, qtbot, runner, project, reads, monkeypatch):
    monkeypatch.setattr(image_loader, "_AHEAD_BYTES", project.image_path("a.png").stat().st_size - 1)
    with qtbot.waitSignal(loader.loaded):
        loader.load("a.png", ["b.png"])
    assert runner.wait_for_done()
    assert reads.names == ["a.png"]


@pytest.fixture
def large(project) -> str:
    """A JPEG large enough to have a coarse picture, red on its left half."""
    picture = np.zeros((2000, 3000, 3), np.uint8)
    picture[:, :1500] = (255, 0, 0)
    cv2.imwrite(str(project.image_path("large.jpg")), picture[..., ::-1])
    return "large.jpg"


def test_a_coarse_picture_comes_before_the_pixels(loader, qtbot, runner, large, monkeypatch):
    gate = threading.Event()

    def slow(path, on_content):
        def and_wait(content):
            on_content(content)
            assert gate.wait(10)

        return read_image(path, and_wait)

    monkeypatch.setattr(image_loader, "read_image", slow)
    with qtbot.waitSignal(loader.preview) as told:
        loader.load(large)
    rel, preview = told.args
    assert (rel, preview.width, preview.height) == (large, 3000, 2000)
    assert preview.pixels.shape == (250, 375, 3)
    assert preview.pixels[100, 50].tolist() == pytest.approx([255, 0, 0], abs=4)
    gate.set()
    with qtbot.waitSignal(loader.loaded):
        pass


def test_there_is_no_coarse_picture_after_the_pixels_or_of_another_image(loader, qtbot, runner, large):
    told: list[str] = []
    loader.preview.connect(lambda rel, _: told.append(f"coarse {rel}"))
    loader.loaded.connect(lambda rel, _: told.append(rel))
    loader.load(large)
    loader.load("a.png")
    qtbot.waitUntil(lambda: "a.png" in told)
    assert runner.wait_for_done()
    assert told == ["a.png"]
    with qtbot.waitSignal(loader.loaded):
        loader.load(large)
    assert runner.wait_for_done()
    loader.load("a.png")
    loader.load(large)
    assert told[-1] == large
    assert f"coarse {large}" not in told[told.index(large) :]


def test_what_is_left_before_it_is_decoded_is_given_up(loader, qtbot, runner, monkeypatch, reported):
    decoded: list[str] = []
    gate = threading.Event()

    def from_a_slow_share(path, on_content):
        assert gate.wait(10)
        on_content(np.zeros(10, np.uint8))
        decoded.append(path.name)
        return np.zeros((4, 4), np.uint8)

    monkeypatch.setattr(image_loader, "read_image", from_a_slow_share)
    for rel in ("a.png", "b.png", "c.png"):
        loader.load(rel)
    gate.set()
    with qtbot.waitSignal(loader.loaded):
        pass
    assert runner.wait_for_done()
    assert decoded == ["c.png"]
    assert reported == []


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
