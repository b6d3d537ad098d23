"""Everything behind the window, built once: model, workers, controllers, panels; connected by the wiring modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from scratchgui import paths
from scratchgui.app import wiring_canvas, wiring_panels, wiring_regions, wiring_training, wiring_view
from scratchgui.app.closing import Closing
from scratchgui.app.commands import Commands
from scratchgui.app.facts import FactsKeeper
from scratchgui.app.jobs import JobsView
from scratchgui.app.model_windows import ModelWindows
from scratchgui.app.recent import RecentProjects
from scratchgui.canvas.canvas_widget import CanvasWidget
from scratchgui.controllers.annotated_verdicts import AnnotatedVerdicts
from scratchgui.controllers.class_controller import ClassController
from scratchgui.controllers.cleanup_controller import CleanUpController
from scratchgui.controllers.context import Context
from scratchgui.controllers.correction_controller import CorrectionController
from scratchgui.controllers.dates import DatesController
from scratchgui.controllers.display_controller import DisplayController
from scratchgui.controllers.inference_controller import InferenceController
from scratchgui.controllers.judging import JudgingController
from scratchgui.controllers.model_controller import ModelController
from scratchgui.controllers.previous_model import PreviousModel
from scratchgui.controllers.project_controller import ProjectController
from scratchgui.controllers.report_controller import ReportController
from scratchgui.controllers.training_controller import TrainingController
from scratchgui.controllers.viewing_controller import ViewingController
from scratchgui.model.editor_state import EditorState
from scratchgui.model.model_registry import ModelRegistry
from scratchgui.model.session import Session
from scratchgui.model.training_log import TrainingLog
from scratchgui.ui.approve_bar import ApproveBar
from scratchgui.ui.canvas_area import CanvasArea
from scratchgui.ui.docks.inspector import InspectorPanel
from scratchgui.ui.docks.queue_panel import QueuePanel
from scratchgui.ui.options_bar import OptionsBar
from scratchgui.ui.tool_strip import ToolStrip
from scratchgui.ui.view_bar import ViewBar
from scratchgui.workers.image_loader import ImageLoader
from scratchgui.workers.inference_service import InferenceService
from scratchgui.workers.save_service import AutoSave
from scratchgui.workers.task import TaskRunner
from scratchgui.workers.thumbnails import Thumbnailer
from scratchgui.workers.training_service import TrainingService

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchgui.notifications import Notifications
    from scratchgui.settings import SettingsStore
    from scratchgui.ui.actions import ActionSet
    from scratchgui.ui.main_window import MainWindow


class Workbench(QObject):
    """Owns what lives as long as the window; each attribute is one part of it."""

    def __init__(
        self,
        window: MainWindow,
        actions: ActionSet,
        notices: Notifications,
        store: SettingsStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.window, self.actions, self.notices, self.store = window, actions, notices, store
        self._make_model()
        self._make_workers()
        self._make_controllers()

    def build(self) -> Iterator[None]:
        """Make the panels and connect everything, in steps of some milliseconds: the window can act between them."""
        for step in (self._make_queue, self._make_bars, self._make_inspector, self._fill_window):
            step()
            yield
        self.commands = Commands(self)
        self.facts = FactsKeeper(self)
        self.jobs = JobsView(self)
        self.recent = RecentProjects(self)
        self.closing = Closing(self)
        self.model_windows = ModelWindows(self)
        for wiring in (wiring_canvas, wiring_panels, wiring_regions, wiring_training, wiring_view):
            wiring.connect(self)
        self.apply_settings()
        self.facts.refresh()

    def _make_model(self) -> None:
        self.session = Session(self)
        self.editor = EditorState(self)
        self.registry = ModelRegistry(paths.starter_bundle(), self)
        self.training_log = TrainingLog(self)

    def _make_workers(self) -> None:
        self.runner = TaskRunner(self.notices.report, self)
        self.loader = ImageLoader(self.runner, self)
        self.thumbnails = Thumbnailer(self.runner, self)
        self.autosave = AutoSave(self.runner, seconds=self.store.value.autosave_seconds, parent=self)
        self.inference_service = InferenceService(
            self.notices.report, cache=paths.cache_dir() / "openvino", parent=self
        )
        self.training_service = TrainingService(self.runner, parent=self)

    def _make_controllers(self) -> None:
        self.context = Context(self.session, self.editor, self.registry, self.notices, self.runner, self.store)
        self.viewing = ViewingController(self.context, self.loader, self.thumbnails, self.autosave, self)
        self.display = DisplayController(self.context, self)
        self.previous_model = PreviousModel(self.context, self)
        self.inference = InferenceController(self.context, self.inference_service, self)
        self.judging = JudgingController(self.context, self)
        self.correction = CorrectionController(self.context, self.judging, self.autosave, self)
        self.clean_up = CleanUpController(self.context, self.judging, self.correction, self)
        self.classes = ClassController(self.context, self.autosave, self)
        self.verdicts = AnnotatedVerdicts(self.context, self.autosave, self)
        self.dates = DatesController(self.context, self)
        self.models = ModelController(self.context, self)
        self.training = TrainingController(self.context, self.training_service, self)
        self.report = ReportController(self.context, self)
        self.project = ProjectController(self.context, self)

    def _make_queue(self) -> None:
        self.queue = QueuePanel(self.session.images)

    def _make_bars(self) -> None:
        self.canvas = CanvasWidget(self.editor)
        self.tool_strip = ToolStrip(self.actions, self.editor)
        self.view_bar = ViewBar(self.actions, self.editor)
        self.approve_bar = ApproveBar(self.actions)
        self.options_bar = OptionsBar(self.editor)
        self.canvas_area = CanvasArea(self.tool_strip, self.canvas, self.view_bar, self.approve_bar, self.options_bar)
        self.canvas_area.setFocusProxy(self.canvas)

    def _make_inspector(self) -> None:
        self.inspector = InspectorPanel()
        for name, section in self.inspector.sections.items():
            section.set_collapsed(self.store.value.collapsed.get(name, False))

    def _fill_window(self) -> None:
        self.window.install_work_page(self.queue, self.canvas_area, self.inspector)

    def apply_settings(self) -> None:
        """Let the settings of now take effect everywhere."""
        value = self.store.value
        self.editor.brush_size = value.brush_size
        self.editor.options.speck_area = value.speck_area
        self.editor.options.gap_length = value.gap_length
        self.editor.overlay_opacity = value.overlay_opacity
        self.editor.overlay_visible = value.overlay_visible
        self.editor.boxes_visible = value.show_boxes
        view = self.editor.view
        view.mini_map, view.scale_bar, view.rulers = value.show_mini_map, value.show_scale_bar, value.show_rulers
        self.autosave.who = value.user_name
        self.autosave.set_delay(value.autosave_seconds)
        self.canvas.set_reduce_motion(value.reduce_motion)
        self.inspector.training.budget.show_budget(value.training_minutes, until_best=value.training_until_best)

    def go_on_reviewing(self) -> None:
        """Go to the next image to review, or say that there is none."""
        if not self.viewing.next_to_review():
            self.facts.refresh()
            self.notices.success(
                "Every image is reviewed.",
                action_text="Export report",
                action=self.actions.action("export_report").trigger,
            )
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
