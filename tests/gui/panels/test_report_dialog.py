from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from scratchgui.ui.dialogs.report_dialog import ReportDialog, ReportOptions


@pytest.fixture
def dialog(qtbot, tmp_path) -> ReportDialog:
    dialog = ReportDialog()
    qtbot.addWidget(dialog)
    dialog.open_for(tmp_path, total=128, reviewed=41)
    return dialog


def test_exporting_tells_what_was_chosen(qtbot, dialog, tmp_path):
    assert not dialog.isModal()
    dialog.csv.setChecked(False)
    dialog.reviewed.setChecked(True)
    with qtbot.waitSignal(dialog.export_requested) as blocker:
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert blocker.args == [ReportOptions(tmp_path, html=True, csv=False, reviewed_only=True)]
    assert dialog.isHidden()


def test_nothing_to_write_is_said(dialog):
    dialog.html.setChecked(False)
    dialog.csv.setChecked(False)
    assert not dialog.export_button.isEnabled()
    assert dialog._problem.text() == "Choose at least one file."
    dialog.csv.setChecked(True)
    dialog.folder.setText(" ")
    assert dialog._problem.text() == "Choose a folder."


def test_without_approved_images_only_all_can_be_chosen(dialog):
    dialog.reviewed.setChecked(True)
    dialog.set_counts(10, 0)
    assert not dialog.reviewed.isEnabled()
    assert not dialog.options().reviewed_only
