from __future__ import annotations

import threading

import numpy as np
import pytest

from scratchgui.core.annotation import load_annotation
from scratchgui.core.correction import Beginning
from scratchgui.core.project import Project, ReviewStatus
from scratchgui.model.mask_document import MaskDocument
from scratchgui.workers import save_service
from scratchgui.workers.save_service import AutoSave


@pytest.fixture
def service(runner) -> AutoSave:
    return AutoSave(runner, seconds=0.02, retry_seconds=0.02)


@pytest.fixture
def document(qapp) -> MaskDocument:
    return MaskDocument.blank("a.png", 128, 96)


def paint(document: MaskDocument, y: int = 40) -> None:
    document.begin_stroke(1)
    document.extend_stroke(10, y, 60, y, 5)
    document.end_stroke("Brush")


class BrokenDisk:
    """Refuses the first saves."""

    def __init__(self, monkeypatch, refusals: int) -> None:
        self.refusals = refusals
        self._real = save_service.save_annotation
        monkeypatch.setattr(save_service, "save_annotation", self)

    def __call__(self, *args, **options):
        if self.refusals:
            self.refusals -= 1
            raise save_service.UserError("The mask cannot be saved (No space left on device)")
        return self._real(*args, **options)


def test_an_edit_is_saved_by_itself(service, document, project, qtbot):
    service.who = "Ada"
    service.watch(document, project)
    with qtbot.waitSignal(service.saved) as saved:
        paint(document)
        assert service.unsaved(project, "a.png") is document
    assert saved.args[0] == "a.png"
    annotation = load_annotation(project, "a.png")
    assert np.array_equal(annotation.mask, document.mask)
    assert annotation.info.status is ReviewStatus.CORRECTED
    assert annotation.info.who == "Ada"
    assert not document.dirty
    assert service.is_clean
    assert service.unsaved(project, "a.png") is None


def test_what_was_written_is_told_as_it_was_written(service, document, project, qtbot, monkeypatch):
    begun, gate, real = threading.Event(), threading.Event(), save_service.save_annotation

    def slow(*args, **options):
        begun.set()
        assert gate.wait(10)
        return real(*args, **options)

    monkeypatch.setattr(save_service, "save_annotation", slow)
    service.watch(document, project)
    paint(document, 20)
    expected = document.mask.copy()
    with qtbot.waitSignal(service.written) as written:
        service.save(ReviewStatus.CORRECTED)
        assert begun.wait(10)
        paint(document, 60)
        gate.set()
    assert written.args[:2] == [project, "a.png"]
    assert np.array_equal(written.args[2], expected)
    assert service.flush()
    document.undo()
    document.undo()
    with qtbot.assertNotEmitted(service.written):
        assert service.flush()


def test_a_mask_whose_every_step_is_undone_is_on_disk_no_more(service, document, project, qtbot):
    service.watch(document, project)
    with qtbot.waitSignal(service.saved):
        paint(document)
    with qtbot.waitSignal(service.saved) as saved:
        document.undo()
    assert saved.args == ["a.png", None]
    assert load_annotation(project, "a.png") is None
    assert service.is_clean
    with qtbot.waitSignal(service.saved):
        document.redo()
    assert load_annotation(project, "a.png").mask.any()


def test_a_mask_of_an_earlier_day_stays_when_all_of_today_is_undone(service, document, project, qtbot):
    service.watch(document, project)
    with qtbot.waitSignal(service.saved):
        paint(document)
    again = MaskDocument("a.png", document.mask.copy())
    service.watch(again, project)
    with qtbot.waitSignal(service.saved):
        again.clear()
    with qtbot.waitSignal(service.saved):
        again.undo()
    assert np.array_equal(load_annotation(project, "a.png").mask, document.mask)


def test_a_removal_that_fails_is_told_and_tried_again(service, document, project, qtbot, monkeypatch):
    service.watch(document, project)
    with qtbot.waitSignal(service.saved):
        paint(document)
    refusals = iter([save_service.UserError("The mask cannot be removed (Read-only file system)")])
    remove = save_service.remove_annotation

    def refuse_once(*what) -> None:
        for error in refusals:
            raise error
        remove(*what)

    monkeypatch.setattr(save_service, "remove_annotation", refuse_once)
    with qtbot.waitSignals([service.failed, service.saved]):
        document.undo()
    assert load_annotation(project, "a.png") is None
    assert service.is_clean


def test_several_edits_in_a_row_are_one_save(runner, document, project, qtbot):
    service = AutoSave(runner, seconds=0.2)
    service.watch(document, project)
    with qtbot.waitSignal(service.saved) as saved:
        for y in (20, 40, 60):
            paint(document, y)
    assert saved.args[1].revision == 1
    assert not document.dirty


def test_nothing_is_written_in_the_middle_of_a_stroke(service, document, project, qtbot):
    service.watch(document, project)
    paint(document)
    document.begin_stroke(1)
    document.extend_stroke(10, 70, 60, 70, 5)
    with qtbot.assertNotEmitted(service.saving, wait=100):
        pass
    with qtbot.waitSignal(service.saved):
        document.cancel_stroke()
    assert np.array_equal(load_annotation(project, "a.png").mask, document.mask)


def test_approving_saves_at_once_without_an_edit(service, document, project, qtbot):
    service.watch(document, project)
    service.set_beginning(Beginning(document.mask.copy(), "m1", 0.5))
    with qtbot.waitSignal(service.saved) as saved:
        service.save(ReviewStatus.APPROVED)
    assert saved.args[1].status is ReviewStatus.APPROVED
    assert saved.args[1].source_model == "m1"
    assert saved.args[1].correction.is_unchanged
    assert load_annotation(project, "a.png").info.status is ReviewStatus.APPROVED


def test_an_edit_after_approving_is_a_correction(service, document, project, qtbot):
    service.watch(document, project)
    with qtbot.waitSignal(service.saved):
        service.save(ReviewStatus.APPROVED)
    with qtbot.waitSignal(service.saved) as saved:
        paint(document)
    assert saved.args[1].status is ReviewStatus.CORRECTED


def test_switching_saves_the_former_document(runner, document, project, qtbot):
    service = AutoSave(runner, seconds=60)
    service.watch(document, project)
    paint(document)
    other = MaskDocument.blank("b.png", 128, 96)
    with qtbot.waitSignal(service.saved) as saved:
        service.watch(other, project)
    assert saved.args[0] == "a.png"
    assert service.is_clean


def test_an_edit_while_it_is_being_saved_is_saved_too(service, document, project, qtbot, monkeypatch):
    gate, begun = threading.Event(), threading.Event()
    real = save_service.save_annotation

    def slow(*args, **options):
        begun.set()
        assert gate.wait(10)
        return real(*args, **options)

    monkeypatch.setattr(save_service, "save_annotation", slow)
    service.watch(document, project)
    paint(document, 20)
    service.save(ReviewStatus.CORRECTED)
    assert begun.wait(10)
    paint(document, 60)
    gate.set()
    qtbot.waitUntil(lambda: not document.dirty)
    assert np.array_equal(load_annotation(project, "a.png").mask, document.mask)


def test_flush_writes_all_before_it_returns(runner, document, project):
    service = AutoSave(runner, seconds=60)
    service.watch(document, project)
    paint(document)
    assert service.flush()
    assert np.array_equal(load_annotation(project, "a.png").mask, document.mask)
    assert not document.dirty


def test_a_failed_save_stays_dirty_is_told_once_and_tried_again(service, document, project, qtbot, monkeypatch):
    BrokenDisk(monkeypatch, refusals=3)
    failures: list[str] = []
    service.failed.connect(lambda rel, sentence: failures.append(sentence))
    service.watch(document, project)
    with qtbot.waitSignal(service.failed):
        paint(document)
    assert document.dirty
    assert not service.is_clean
    with qtbot.waitSignal(service.saved):
        pass
    assert len(failures) == 1
    assert "No space left" in failures[0]
    assert not document.dirty


def test_a_failed_save_survives_another_image(service, document, project, qtbot, monkeypatch):
    BrokenDisk(monkeypatch, refusals=2)
    service.watch(document, project)
    with qtbot.waitSignal(service.failed):
        service.save(ReviewStatus.APPROVED)
    service.watch(MaskDocument.blank("b.png", 128, 96), project)
    with qtbot.waitSignal(service.saved) as saved:
        pass
    assert saved.args[0] == "a.png"
    assert saved.args[1].status is ReviewStatus.APPROVED


def test_flush_says_when_something_is_not_on_disk(service, document, project, monkeypatch):
    BrokenDisk(monkeypatch, refusals=1000)
    service.watch(document, project)
    paint(document)
    assert not service.flush()
    assert document.dirty


def test_the_same_name_in_two_projects_is_two_documents(service, document, project, tmp_path, monkeypatch):
    BrokenDisk(monkeypatch, refusals=4)
    service.watch(document, project)
    paint(document)
    assert not service.flush()
    (tmp_path / "other").mkdir()
    elsewhere = Project.for_folder(tmp_path / "other")
    twin = MaskDocument.blank("a.png", 128, 96)
    service.watch(twin, elsewhere)
    paint(twin)
    assert service.unsaved(project, "a.png") is document
    assert service.unsaved(elsewhere, "a.png") is twin
    assert service.flush()
    assert load_annotation(project, "a.png") is not None
    assert load_annotation(elsewhere, "a.png") is not None


def test_a_folder_that_cannot_be_written_is_a_sentence(service, document, project, qtbot):
    project.annotations_folder.write_text("in the way")
    service.watch(document, project)
    with qtbot.waitSignal(service.failed) as failed:
        paint(document)
    assert "cannot be saved" in failed.args[1]
    project.annotations_folder.unlink()
    with qtbot.waitSignal(service.saved):
        pass
