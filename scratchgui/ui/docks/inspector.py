"""Everything about the current image and the model, at the window's right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from scratchgui.ui.docks.defect_section import DefectSection
from scratchgui.ui.docks.model_section import ModelSection
from scratchgui.ui.docks.sensitivity_section import SensitivitySection
from scratchgui.ui.docks.training_card import TrainingCard
from scratchgui.ui.docks.verdict_section import VerdictSection
from scratchgui.ui.widgets.basics import horizontal_line
from scratchgui.ui.widgets.section import Section

MINIMUM_WIDTH: Final = 264


class InspectorPanel(QScrollArea):
    """Sections under each other; all but the verdict collapse.

    Attributes:
        verdict: The decision and its rule.
        sensitivity: The threshold of this image.
        defects: The defects of this image.
        model: The model in use.
        training: The training card.
        sections: The collapsing frames by name (``"sensitivity"``, ``"defects"``, ``"model"``, ``"training"``).
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(MINIMUM_WIDTH)
        self.verdict = VerdictSection()
        self.sensitivity = SensitivitySection()
        self.defects = DefectSection()
        self.model = ModelSection()
        self.training = TrainingCard()
        self.sections = {
            "sensitivity": Section("Sensitivity", self.sensitivity),
            "defects": Section("Defects", self.defects),
            "model": Section("Model", self.model),
            "training": Section("Training", self.training),
        }
        self._build()

    def _build(self) -> None:
        page = QFrame(self)
        page.setProperty("role", "panel")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.verdict)
        for section in self.sections.values():
            layout.addWidget(horizontal_line(page))
            layout.addWidget(section)
        layout.addWidget(horizontal_line(page))
        layout.addStretch(1)
        self.setWidget(page)
