from __future__ import annotations

import threading

import numpy as np
import pytest

from scratchgui.core.annotation import Annotation, save_annotation
from scratchgui.core.errors import AnnotationError
from scratchgui.core.project import ReviewStatus
from scratchgui.workers import annotation_loader
from scratchgui.workers.annotation_loader import AnnotationLoader


@pytest.fixture
def heard(loader) -> list[tuple[str, object]]:
    heard: list[tuple[str, object]] = []
    loader.arrived.connect(lambda rel, answer: heard.append((rel, answer)))
    return heard


@pytest.fixture
def loader(runner) -> AnnotationLoader:
    return AnnotationLoader(runner)


def mask_of(value: int) -> np.ndarray:
    return np.full((96, 128), value, np.uint8)


def save(project, rel: str, value: int) -> None:
    save_annotation(project, rel, mask_of(value), ReviewStatus.CORRECTED)


def test_an_image_without_a_mask_is_told_at_once(loader, project, heard):
    loader.load(project, "a.png")
    assert heard == [("a.png", None)]


def test_a_mask_is_read(loader, project, qtbot):
    save(project, "a.png", 3)
    with qtbot.waitSignal(loader.arrived) as arrived:
        loader.load(project, "a.png")
    assert isinstance(arrived.args[1], Annotation)
    assert (arrived.args[1].mask == 3).all()


def test_only_the_one_asked_for_last_is_told(loader, project, runner, heard):
    for rel, value in (("a.png", 1), ("b.png", 2)):
        save(project, rel, value)
        loader.load(project, rel)
    assert runner.wait_for_done()
    assert [rel for rel, _ in heard] == ["b.png"]


def test_one_read_ahead_is_told_at_once_and_only_once(loader, project, runner, heard):
    save(project, "b.png", 2)
    loader.load(project, "a.png")
    loader.read_ahead(project, ["b.png", "clean.png"])
    assert runner.wait_for_done()
    loader.load(project, "b.png")
    first = heard[-1][1]
    assert heard[-1][0] == "b.png"
    first.mask[:] = 9  # whoever got it writes into it
    loader.load(project, "b.png")
    assert runner.wait_for_done()
    assert (heard[-1][1].mask == 2).all()


def test_one_that_was_written_since_it_was_read_ahead_is_read_anew(loader, project, runner, heard):
    save(project, "b.png", 2)
    loader.load(project, "a.png")
    loader.read_ahead(project, ["b.png"])
    assert runner.wait_for_done()
    save(project, "b.png", 5)
    loader.load(project, "b.png")
    assert heard[-1][0] == "a.png"
    assert runner.wait_for_done()
    assert (heard[-1][1].mask == 5).all()


def test_a_save_that_waits_is_read_when_it_is_complete(loader, project, runner, heard):
    save(project, "a.png", 1)
    gate = threading.Event()
    runner.run(lambda: gate.wait(10), pool="save")
    runner.run(lambda: save(project, "a.png", 7), pool="save")
    loader.load(project, "a.png")
    gate.set()
    assert runner.wait_for_done()
    assert (heard[-1][1].mask == 7).all()


def test_a_damaged_mask_is_an_error_and_one_read_ahead_is_silent(loader, project, runner, heard, reported):
    save(project, "b.png", 2)
    project.annotation_paths("b.png")[0].write_bytes(b"no mask")
    loader.load(project, "a.png")
    loader.read_ahead(project, ["b.png"])
    assert runner.wait_for_done()
    assert [rel for rel, _ in heard] == ["a.png"]
    loader.load(project, "b.png")
    assert runner.wait_for_done()
    assert isinstance(heard[-1][1], AnnotationError)
    assert reported == []


def test_a_bug_is_reported_and_the_image_opens_read_only(loader, project, runner, heard, reported, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    save(project, "a.png", 1)
    monkeypatch.setattr(annotation_loader, "load_annotation", broken)
    loader.load(project, "a.png")
    assert runner.wait_for_done()
    assert isinstance(heard[-1][1], AnnotationError)
    assert [type(error) for error in reported] == [ZeroDivisionError]
    reported.clear()


def test_another_project_hears_nothing(loader, project, runner, heard):
    save(project, "a.png", 1)
    loader.load(project, "a.png")
    loader.forget()
    assert runner.wait_for_done()
    assert heard == []
