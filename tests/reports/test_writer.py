from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scratchgui.core import files
from scratchgui.core.errors import UserError
from scratchgui.core.project import Project
from scratchgui.reports.summary import ModelMasks, ReportCancelled
from scratchgui.reports.writer import ReportOptions, write_report

Options = Callable[..., ReportOptions]
OLD = {"report.html": b"old page", "images.csv": b"old images", "defects.csv": b"old defects"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with the files of an earlier report."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name, data in OLD.items():
        (folder / name).write_bytes(data)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_files_are_written_into_a_new_folder(
    project: Project, model: ModelMasks, options: Options, tmp_path: Path
) -> None:
    target = tmp_path / "reports" / "today"
    summary, written = write_report(project, None, model, options(folder=target))
    assert [path.name for path in written] == ["report.html", "images.csv", "defects.csv"]
    assert sorted(content(target)) == sorted(path.name for path in written)
    assert len(summary.results) == 5


@pytest.mark.parametrize(
    ("html", "csv", "names"), [(True, False, ["report.html"]), (False, True, ["images.csv", "defects.csv"])]
)
def test_only_what_was_asked_for(
    project: Project, model: ModelMasks, options: Options, html: bool, csv: bool, names: list[str]
) -> None:
    _, written = write_report(project, None, model, options(html=html, csv=csv))
    assert [path.name for path in written] == names == [path.name for path in sorted(written, key=written.index)]
    assert len(content(written[0].parent)) == len(names)


def test_only_the_chosen_images(project: Project, model: ModelMasks, options: Options) -> None:
    _, written = write_report(project, None, model, options(images=("c.png",), inspector="Eve"))
    page, images = written[0].read_text(encoding="utf-8"), written[1].read_text(encoding="utf-8-sig")
    assert "Eve" in page and "c.png" in page and "a.png" not in page
    assert [line.split(",")[0] for line in images.splitlines()] == ["image", "c.png"]


@pytest.mark.parametrize("at", [0, 3, 5, 7, 11])
def test_a_cancel_at_any_time_leaves_the_old_files(
    project: Project, model: ModelMasks, options: Options, out: Path, at: int
) -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > at

    with pytest.raises(ReportCancelled):
        write_report(project, None, model, options(folder=out), cancelled=cancelled)
    assert content(out) == OLD


def test_a_full_disk_is_one_sentence_and_leaves_the_old_files(
    project: Project, model: ModelMasks, options: Options, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(UserError, match=r"^The report cannot be written \(No space left on device\)") as caught:
        write_report(project, None, model, options(folder=out))
    assert caught.value.path == out
    assert content(out) == OLD


def test_a_file_in_the_way_is_one_sentence(
    project: Project, model: ModelMasks, options: Options, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(UserError, match="The report cannot be written"):
        write_report(project, None, model, options(folder=tmp_path / "taken"))
    assert (tmp_path / "taken").read_text() == "a file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_one_sentence(project: Project, model: ModelMasks, options: Options, out: Path) -> None:
    out.chmod(0o500)
    try:
        with pytest.raises(UserError, match="The report cannot be written"):
            write_report(project, None, model, options(folder=out))
        assert content(out) == OLD
    finally:
        out.chmod(0o700)


def test_without_images_there_is_no_report(project: Project, model: ModelMasks, options: Options, out: Path) -> None:
    with pytest.raises(UserError, match="no images to report on"):
        write_report(project, None, model, options(folder=out, images=()))
    assert content(out) == OLD


def test_a_failing_second_file_leaves_no_mixture(
    project: Project, model: ModelMasks, options: Options, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new page beside old tables would show other numbers than they do."""
    real, calls = os.fsync, []

    def full_at_the_second(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    monkeypatch.setattr(files.os, "fsync", full_at_the_second)
    with pytest.raises(UserError, match="No space left"):
        write_report(project, None, model, options(folder=out))
    assert content(out) == OLD
