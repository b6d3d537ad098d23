from __future__ import annotations

import threading

import numpy as np
import pytest
from file_access import watch_files

from scratchgui.core.annotation import Annotation, remove_annotation, save_annotation
from scratchgui.core.errors import AnnotationError
from scratchgui.core.project import ReviewStatus
from scratchgui.workers import annotation_loader
from scratchgui.workers.annotation_loader import AnnotationLoader
from scratchgui.workers.task import TaskRunner


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


def settle(runner: TaskRunner) -> None:
    """Wait until masks are looked for, and what was found is read."""
    for _ in range(2):
        assert runner.wait_for_done()


def test_an_image_without_a_mask_is_told(loader, project, runner, heard):
    loader.load(project, "a.png")
    settle(runner)
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
    settle(runner)
    assert [rel for rel, _ in heard] == ["b.png"]


def test_those_read_ahead_are_told_at_once_and_only_once(loader, project, runner, heard):
    save(project, "b.png", 2)
    loader.load(project, "a.png")
    loader.read_ahead(project, ["b.png", "clean.png"])
    settle(runner)
    loader.load(project, "clean.png")
    assert heard[-1] == ("clean.png", None)
    loader.load(project, "b.png")
    first = heard[-1][1]
    assert heard[-1][0] == "b.png"
    first.mask[:] = 9  # whoever got it writes into it
    loader.load(project, "b.png")
    settle(runner)
    assert (heard[-1][1].mask == 2).all()


@pytest.mark.parametrize(("before", "after"), [(None, 5), (2, 5), (2, None)])
def test_one_that_is_another_on_disk_than_was_read_ahead_is_told_again(
    loader, project, runner, heard, qtbot, before, after
):
    def told() -> list[int | None]:
        return [annotation and int(annotation.mask[0, 0]) for rel, annotation in heard if rel == "b.png"]

    if before:
        save(project, "b.png", before)
    loader.load(project, "a.png")
    loader.read_ahead(project, ["b.png"])
    settle(runner)
    if after:
        save(project, "b.png", after)
    else:
        remove_annotation(project, "b.png")
    loader.load(project, "b.png")
    assert told() == [before]
    qtbot.waitUntil(lambda: told() == [before, after])


def test_one_that_was_saved_since_it_was_read_ahead_is_read_anew(loader, project, runner, heard):
    save(project, "b.png", 2)
    loader.load(project, "a.png")
    loader.read_ahead(project, ["b.png"])
    settle(runner)
    save(project, "b.png", 5)
    loader.drop(project, "b.png")
    loader.load(project, "b.png")
    assert heard[-1][0] == "a.png"
    settle(runner)
    assert (heard[-1][1].mask == 5).all()


def test_the_windows_thread_looks_at_no_file(loader, project, runner, heard, monkeypatch):
    save(project, "b.png", 2)
    seen = watch_files(monkeypatch)
    for rel in ("a.png", "b.png"):
        loader.load(project, rel)
        loader.read_ahead(project, ["b.png", "c.png"])
        settle(runner)
    assert [rel for rel, _ in heard] == ["a.png", "b.png"]
    assert seen and not any(by_window for by_window, _ in seen)


def test_a_save_that_waits_is_read_when_it_is_complete(loader, project, runner, heard):
    save(project, "a.png", 1)
    gate = threading.Event()
    runner.run(lambda: gate.wait(10), pool="save")
    runner.run(lambda: save(project, "a.png", 7), pool="save")
    loader.load(project, "a.png")
    gate.set()
    settle(runner)
    assert (heard[-1][1].mask == 7).all()


def test_a_damaged_mask_is_an_error_and_one_read_ahead_is_silent(loader, project, runner, heard, reported):
    save(project, "b.png", 2)
    project.annotation_paths("b.png")[0].write_bytes(b"no mask")
    loader.load(project, "a.png")
    loader.read_ahead(project, ["b.png"])
    settle(runner)
    assert [rel for rel, _ in heard] == ["a.png"]
    loader.load(project, "b.png")
    settle(runner)
    assert isinstance(heard[-1][1], AnnotationError)
    assert reported == []


def test_a_bug_is_reported_and_the_image_opens_read_only(loader, project, runner, heard, reported, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    save(project, "a.png", 1)
    monkeypatch.setattr(annotation_loader, "load_annotation", broken)
    loader.load(project, "a.png")
    settle(runner)
    assert isinstance(heard[-1][1], AnnotationError)
    assert [type(error) for error in reported] == [ZeroDivisionError]
    reported.clear()


def test_another_project_hears_nothing(loader, project, runner, heard):
    save(project, "a.png", 1)
    loader.load(project, "a.png")
    loader.forget()
    settle(runner)
    assert heard == []
