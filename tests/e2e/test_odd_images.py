"""Odd image files in the real window: each is shown upright and can be marked, or is refused with one sentence."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import odd_files
import pytest
from odd_files import COLOR_FILES, REFUSED_FILES, RISING_FILES, THIN_FILES
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from scratchgui.core.annotation import load_annotation, save_annotation
from scratchgui.core.images import read_image
from scratchgui.core.project import Project, ReviewStatus
from scratchgui.model.tool_key import ToolKey
from scratchgui.notifications import Level
from scratchgui.workers import image_loader

from .test_journey import PREDICTING_MS, approve, on_canvas, paint_line
from .test_trouble import wait_for_sentence

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench
    from scratchgui.notifications import Notice

READABLE = COLOR_FILES | RISING_FILES


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """An empty folder for images."""
    folder = tmp_path / "odd"
    folder.mkdir()
    return folder


def open_image(qtbot: QtBot, bench: Workbench, folder: Path, rel: str) -> None:
    """Open an image and wait until its pixels are there, or that they cannot be read is told."""
    if bench.session.project is None:
        bench.project.open(folder)
        qtbot.waitUntil(lambda: bench.session.images.rowCount() > 0, timeout=PREDICTING_MS)
    bench.viewing.choose(rel)
    record = bench.session.record(rel)
    assert record is not None
    qtbot.waitUntil(
        lambda: bench.session.current == rel and (bench.session.image is not None or bool(record.failure)),
        timeout=PREDICTING_MS,
    )


def test_all_kinds_of_files_are_shown_marked_and_predicted(qtbot: QtBot, bench: Workbench, odd: Path):
    for name, make in READABLE.items():
        (odd / name).write_bytes(make())
    for name in READABLE:
        open_image(qtbot, bench, odd, name)
        image = bench.session.image
        assert image is not None, bench.session.record(name).failure
        assert image.image.shape[:2] == (120, 160)
        bench.editor.tool = ToolKey.BRUSH
        paint_line(bench, on_canvas(bench, 20, 90), on_canvas(bench, 60, 90))
        assert image.document.mask[90, 40] == 1
        assert not image.document.mask[10:50].any()  # the model may have marked the border between the colors
    assert bench.autosave.flush()
    project = bench.session.project
    for name in READABLE:
        annotation = load_annotation(project, name)
        assert annotation is not None
        assert annotation.mask.shape == (120, 160)
        assert annotation.mask[90, 40] == 1
    records = bench.session.images.records
    qtbot.waitUntil(lambda: all(record.predicted or record.failure for record in records), timeout=2 * PREDICTING_MS)
    assert [record.failure for record in records if record.failure] == []


def test_files_that_cannot_be_read_are_one_sentence_each(qtbot: QtBot, bench: Workbench, told: list[Notice], odd: Path):
    for name, make in REFUSED_FILES.items():
        (odd / name).write_bytes(make())
    (odd / "good.png").write_bytes(COLOR_FILES["palette.png"]())
    shown: list[str] = []
    bench.viewing.unreadable.connect(shown.append)
    for name in REFUSED_FILES:
        open_image(qtbot, bench, odd, "good.png")
        shown.clear()
        open_image(qtbot, bench, odd, name)
        qtbot.waitUntil(lambda: bool(shown))
        assert bench.session.image is None
        assert len(shown) == 1
        assert shown[0].startswith("The image ")
        assert shown[0].count("\n") == 0
        assert name in shown[0]
        QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton)
        assert not bench.correction.approve()
    open_image(qtbot, bench, odd, "good.png")
    assert bench.session.image is not None
    assert [notice.text for notice in told if notice.level is Level.ERROR] == []


@pytest.mark.parametrize("name", THIN_FILES)
def test_thin_images_can_be_marked(qtbot: QtBot, bench: Workbench, odd: Path, name: str):
    odd_files.write_thin(odd, name)
    open_image(qtbot, bench, odd, name)
    height, width = THIN_FILES[name]
    image = bench.session.image
    assert image is not None
    assert image.image.shape[:2] == (height, width)
    bench.editor.brush_size = 3
    for zoom in (None, 1.0, 16.0):
        if zoom is not None:
            middle = bench.canvas.rect().center()
            bench.canvas.zoom_at(zoom / bench.canvas.viewport.zoom, middle.x(), middle.y())
        bench.canvas.repaint()
        place = bench.canvas.viewport.image_box
        point = QPoint(place.x + place.width // 2, place.y + place.height // 2)
        if bench.canvas.rect().contains(point):
            QTest.mouseClick(bench.canvas, Qt.MouseButton.LeftButton, pos=point)
    assert image.document.mask.any()
    approve(qtbot, bench)
    annotation = load_annotation(bench.session.project, name)
    assert annotation.mask.shape == (height, width)
    assert np.array_equal(annotation.mask, image.document.mask)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_mask_and_picture_of_a_camera_held_sideways_agree(qtbot: QtBot, bench: Workbench, odd: Path, orientation: int):
    (odd / "a.jpg").write_bytes(odd_files.turned(orientation))
    open_image(qtbot, bench, odd, "a.jpg")
    bench.canvas.repaint()
    seen = bench.canvas.grab().toImage()
    ratio = bench.canvas.devicePixelRatioF()
    for (column, row), color in {(40, 30): "#f00", (120, 90): "#0f0", (120, 30): "#000", (40, 90): "#000"}.items():
        pixel = seen.pixelColor(on_canvas(bench, column, row) * ratio)
        expected = [int(digit, 16) * 17 for digit in color[1:]]
        assert np.abs(np.subtract(pixel.getRgb()[:3], expected)).max() < 12
    # Along the upper edge of the red quarter, which no other orientation of this picture has at this place.
    bench.editor.brush_size = 5
    paint_line(bench, on_canvas(bench, 10, 5), on_canvas(bench, 70, 5))
    approve(qtbot, bench)
    mask = load_annotation(bench.session.project, "a.jpg").mask
    assert mask.shape == (120, 160)
    upright = read_image(odd / "a.jpg")
    assert (upright[mask > 0][:, 0] > 200).mean() > 0.95
    rows, columns = np.nonzero(mask)
    assert rows.max() <= 8
    assert columns.min() <= 12
    assert columns.max() >= 68
    qtbot.waitUntil(lambda: bench.session.record("a.jpg").predicted, timeout=PREDICTING_MS)
    assert bench.session.image.prediction.probability.shape[1:] == (120, 160)


def mark_other_size(odd: Path) -> tuple[Project, bytes, bytes]:
    """Make an annotation of 80 × 60 px for an image of 160 × 120 px; return the project and both files."""
    (odd / "a.png").write_bytes(COLOR_FILES["palette.png"]())
    project = Project.for_folder(odd)
    mask = np.zeros((60, 80), np.uint8)
    mask[10:20, 10:70] = 1
    save_annotation(project, "a.png", mask, ReviewStatus.APPROVED)
    files = project.annotation_paths("a.png")
    return project, files[0].read_bytes(), files[1].read_bytes()


def test_a_mask_of_another_size_opens_read_only_and_stays(
    qtbot: QtBot, bench: Workbench, told: list[Notice], odd: Path
):
    project, *before = mark_other_size(odd)
    open_image(qtbot, bench, odd, "a.png")
    notice = wait_for_sentence(qtbot, told, "80 × 60")
    assert "160 × 120" in notice.text
    assert "move the mask file away" in notice.text
    assert not bench.canvas.editable
    paint_line(bench, on_canvas(bench, 20, 90), on_canvas(bench, 60, 90))
    assert not bench.correction.approve()
    assert not bench.correction.mark_clean()
    bench.correction.clear()
    assert bench.autosave.flush()
    assert [path.read_bytes() for path in project.annotation_paths("a.png")] == before


def test_an_image_replaced_by_one_of_another_size_keeps_its_mask(
    qtbot: QtBot, bench: Workbench, told: list[Notice], odd: Path
):
    for name in ("a.png", "b.png"):
        (odd / name).write_bytes(COLOR_FILES["palette.png"]())
    open_image(qtbot, bench, odd, "a.png")
    paint_line(bench, on_canvas(bench, 20, 90), on_canvas(bench, 60, 90))
    open_image(qtbot, bench, odd, "b.png")
    assert bench.autosave.flush()
    saved = [path.read_bytes() for path in bench.session.project.annotation_paths("a.png")]
    cv2.imwrite(str(odd / "a.png"), np.zeros((50, 70), np.uint8))
    bench.loader.forget("a.png")
    open_image(qtbot, bench, odd, "a.png")
    notice = wait_for_sentence(qtbot, told, "70 × 50")
    assert "160 × 120" in notice.text
    assert not bench.canvas.editable
    assert bench.autosave.flush()
    assert [path.read_bytes() for path in bench.session.project.annotation_paths("a.png")] == saved


def test_an_image_replaced_while_it_is_open_is_read_anew_when_it_is_opened_again(
    qtbot: QtBot, bench: Workbench, told: list[Notice], odd: Path
):
    for name in ("a.png", "b.png"):
        (odd / name).write_bytes(COLOR_FILES["palette.png"]())
    open_image(qtbot, bench, odd, "a.png")
    qtbot.waitUntil(lambda: bench.session.image.prediction is not None, timeout=PREDICTING_MS)
    cv2.imwrite(str(odd / "a.png"), np.zeros((50, 70), np.uint8))
    bench.inference.use_active_model()
    wait_for_sentence(qtbot, told, "a.png has changed on disk since it was opened: open it again.")
    open_image(qtbot, bench, odd, "b.png")
    open_image(qtbot, bench, odd, "a.png")
    assert bench.session.image.image.shape[:2] == (50, 70)
    qtbot.waitUntil(lambda: bench.session.image.prediction is not None, timeout=PREDICTING_MS)
    assert bench.session.image.prediction.probability.shape[1:] == (50, 70)


def test_several_pictures_in_one_file_are_said_once(qtbot: QtBot, bench: Workbench, told: list[Notice], odd: Path):
    for name in ("a.tif", "b.tif"):
        (odd / name).write_bytes(COLOR_FILES["pages.tif"]())
    (odd / "c.tif").write_bytes(COLOR_FILES["lzw.tif"]())
    for name in ("c.tif", "a.tif", "b.tif", "a.tif"):
        open_image(qtbot, bench, odd, name)
        assert bench.runner.wait_for_done()
    assert [notice.text for notice in told if "pictures" in notice.text] == [
        "a.tif holds 3 pictures: the first one of each file is shown and judged."
    ]


class Gate:
    """Holds the decoding of large images back while it is shut."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        monkeypatch.setattr(image_loader, "read_image", self._read)

    def _read(self, path, on_content):
        def then_wait(content):
            on_content(content)
            assert path.name != "large.jpg" or self.open.wait(20)

        return read_image(path, then_wait)


@pytest.fixture
def large(odd: Path) -> Path:
    """A folder with a small image and a JPEG that is large enough to have a coarse picture."""
    (odd / "a.png").write_bytes(COLOR_FILES["palette.png"]())
    cv2.imwrite(str(odd / "large.jpg"), cv2.resize(odd_files.quarters()[..., ::-1], (3200, 2400)))
    return odd


def test_a_coarse_picture_stands_in_for_a_large_image(
    qtbot: QtBot, bench: Workbench, large: Path, monkeypatch: pytest.MonkeyPatch
):
    gate = Gate(monkeypatch)
    monkeypatch.setattr(image_loader, "_AHEAD_BYTES", 0)
    open_image(qtbot, bench, large, "a.png")
    with qtbot.waitSignal(bench.session.preview_changed):
        bench.viewing.choose("large.jpg")
    canvas = bench.canvas
    assert canvas.viewport.image == (3200, 2400)
    assert bench.session.image is None
    middle = canvas.rect().center()
    canvas.zoom_at(1.5, middle.x(), middle.y())
    place = canvas.viewport.placement
    canvas.repaint()
    coarse = canvas.grab().toImage()
    paint_line(bench, on_canvas(bench, 900, 900), on_canvas(bench, 1500, 900))
    assert not bench.correction.approve()
    gate.open.set()
    qtbot.waitUntil(lambda: bench.session.image is not None)
    assert canvas.viewport.placement == place
    assert not bench.session.image.document.mask.any()
    canvas.repaint()
    fine = canvas.grab().toImage()
    for column, row in ((1200, 900), (2000, 1500), (2000, 900), (1200, 1500)):
        point = on_canvas(bench, column, row) * canvas.devicePixelRatioF()
        assert np.abs(np.subtract(coarse.pixelColor(point).getRgb(), fine.pixelColor(point).getRgb())).max() < 10
    assert canvas.editable


def test_nothing_can_be_painted_on_the_image_before_while_the_next_is_read(
    qtbot: QtBot, bench: Workbench, large: Path, monkeypatch: pytest.MonkeyPatch
):
    gate = Gate(monkeypatch)
    monkeypatch.setattr(image_loader, "_AHEAD_BYTES", 0)
    open_image(qtbot, bench, large, "a.png")
    before = bench.session.image.document
    start, end = on_canvas(bench, 20, 90), on_canvas(bench, 60, 90)
    QTest.mousePress(bench.canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(bench.canvas, end)
    bench.viewing.choose("large.jpg")
    QTest.mouseMove(bench.canvas, start)
    QTest.mouseRelease(bench.canvas, Qt.MouseButton.LeftButton, pos=start)
    paint_line(bench, start, end)
    assert not before.mask.any()
    assert not before.dirty
    gate.open.set()
    qtbot.waitUntil(lambda: bench.session.image is not None)
    assert not bench.session.image.document.mask.any()


def test_an_image_that_takes_long_is_announced(
    qtbot: QtBot, bench: Workbench, odd: Path, monkeypatch: pytest.MonkeyPatch
):
    gate = Gate(monkeypatch)
    monkeypatch.setattr(image_loader, "_AHEAD_BYTES", 0)
    (odd / "a.png").write_bytes(COLOR_FILES["palette.png"]())
    (odd / "large.jpg").write_bytes(COLOR_FILES["palette.png"]())
    open_image(qtbot, bench, odd, "a.png")
    bench.viewing.choose("large.jpg")
    qtbot.waitUntil(lambda: bench.canvas.viewport.image == (0, 0))
    gate.open.set()
    qtbot.waitUntil(lambda: bench.session.image is not None)
    assert bench.canvas.viewport.image == (160, 120)
    assert bench.canvas.editable
