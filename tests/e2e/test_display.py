"""Looking closer in the real window: pictures made in the background come to the right image, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from scratchgui.core.images import read_image
from scratchgui.core.tone import with_local_contrast

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench


def open_first(qtbot: QtBot, bench: Workbench, folder: Path) -> None:
    bench.project.open(str(folder))
    qtbot.waitUntil(lambda: bench.session.image is not None, timeout=20_000)


def shown(bench: Workbench) -> np.ndarray:
    pyramid = bench.canvas.compositor.pyramid
    assert pyramid is not None
    return pyramid.levels[0]


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    """A folder with two images of 16 bits and one of 8."""
    folder = tmp_path / "deep"
    folder.mkdir()
    for index in range(2):
        values = np.random.default_rng(index).normal(20_000, 900, (90, 120)).astype(np.uint16)
        cv2.imwrite(str(folder / f"a{index}.png"), values)
    cv2.imwrite(str(folder / "b.png"), np.full((90, 120), 90, np.uint8))
    return folder


def test_local_contrast_follows_from_image_to_image(qtbot: QtBot, bench: Workbench, pictures: Path) -> None:
    open_first(qtbot, bench, pictures)
    image = bench.session.image
    view = bench.editor.view
    view.local_contrast = True
    qtbot.waitUntil(lambda: shown(bench) is not image.image)
    assert bench.canvas.shown.original is image.image
    view.local_contrast = False
    assert shown(bench) is image.image
    view.local_contrast = True
    bench.viewing.step(1)
    # The answer for the image before comes while the next one is opened: it must not be shown.
    qtbot.waitUntil(lambda: bench.session.image is not None and bench.session.image is not image)
    following = bench.session.image
    qtbot.waitUntil(lambda: shown(bench) is not following.image)
    assert np.array_equal(shown(bench), with_local_contrast(following.image))
    assert shown(bench).shape == following.image.shape
    view.reset_tone()
    assert shown(bench) is following.image


def test_sixteen_bits_are_read_when_they_are_wanted(qtbot: QtBot, bench: Workbench, deep: Path) -> None:
    open_first(qtbot, bench, deep)
    bench.viewing.choose("a0.png")
    qtbot.waitUntil(lambda: bench.session.image is not None and bench.session.image.rel == "a0.png")
    image, panel = bench.session.image, bench.view_bar.display_panel
    assert bench.display.raw is None
    bench.actions.action("display").trigger()
    qtbot.waitUntil(lambda: bench.display.raw is not None)
    assert panel.low.slider.isVisible()
    assert shown(bench) is image.image
    panel.low.slider.setValue(20_000)
    assert shown(bench).dtype == np.uint16
    np.testing.assert_array_equal(image.image, read_image(deep / "a0.png"))
    bench.viewing.choose("b.png")
    qtbot.waitUntil(lambda: bench.session.image is not None and bench.session.image.rel == "b.png")
    bench.runner.wait_for_done()
    assert bench.display.raw is None and not panel.low.slider.isVisible()
    assert shown(bench) is bench.session.image.image
    bench.viewing.choose("a1.png")
    qtbot.waitUntil(lambda: shown(bench).dtype == np.uint16)
