"""How training images are varied, in the settings."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt

from scratchgui.core.augmentation import Augmentation
from scratchgui.settings import Settings
from scratchgui.ui.dialogs.variation_page import VariationPage


@pytest.fixture
def page(qtbot) -> VariationPage:
    page = VariationPage()
    qtbot.addWidget(page)
    page.resize(600, 460)
    page.show_settings(Settings())
    return page


def test_it_begins_with_what_a_training_does_by_itself(page: VariationPage):
    assert page.value() == Augmentation()


def test_a_choice_is_kept_and_shown(qtbot, page: VariationPage):
    changes: list[dict[str, dict[str, object]]] = []
    page.changed.connect(changes.append)
    page.show()
    with qtbot.waitSignal(page.preview_wanted) as wanted:
        qtbot.mouseClick(page.strengths["illumination"].buttons["strong"], Qt.MouseButton.LeftButton)
    assert wanted.args[0].illumination == "strong"
    page.flips.click()
    kept = Settings(variation=changes[-1]["variation"])
    again = VariationPage()
    qtbot.addWidget(again)
    again.show_settings(kept)
    assert again.value() == Augmentation(flips=False, illumination="strong")
    qtbot.mouseClick(page.reset_button, Qt.MouseButton.LeftButton)
    assert page.value() == Augmentation()


def test_a_page_that_was_closed_wants_no_picture(qtbot, page: VariationPage):
    page.show()
    page.flips.click()
    page.hide()
    with qtbot.assertNotEmitted(page.preview_wanted, wait=300):
        pass


def test_what_is_learned_from_is_a_choice_of_its_own(qtbot, page: VariationPage):
    assert page.unapproved.isChecked()
    with qtbot.waitSignal(page.changed) as changed:
        page.unapproved.click()
    assert changed.args == [{"learn_from_unapproved": False}]
    assert page.value() == Augmentation()


def test_showing_settings_changes_nothing(page: VariationPage):
    changes: list[object] = []
    page.changed.connect(changes.append)
    page.show_settings(Settings(learn_from_unapproved=False))
    assert not page.unapproved.isChecked()
    page.show_settings(Settings(variation={"flips": False, "noise": "light", "blur": "no such strength"}))
    assert page.value() == Augmentation(flips=False, noise="light")
    assert changes == []


def test_other_crops_are_varied_in_the_same_way(qtbot, page: VariationPage):
    with qtbot.waitSignal(page.preview_wanted) as first:
        page.show()
    with qtbot.waitSignal(page.preview_wanted) as second:
        qtbot.mouseClick(page.again_button, Qt.MouseButton.LeftButton)
    assert first.args[0] == second.args[0]
    assert first.args[1] != second.args[1]


def test_a_picture_or_the_reason_why_there_is_none(page: VariationPage, tmp_path: Path):
    page.show()
    page.show_problem("Open a project to see its images varied.")
    assert (page.message.isVisible(), page.picture.isVisible()) == (True, False)
    cv2.imwrite(str(tmp_path / "grid.png"), np.full((80, 60, 3), 90, np.uint8))
    page.show_picture(str(tmp_path / "grid.png"))
    assert (page.message.isVisible(), page.picture.isVisible()) == (False, True)
    assert not page.picture.pixmap().isNull()
