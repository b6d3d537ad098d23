"""What every controller shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchgui.model.editor_state import EditorState
    from scratchgui.model.model_registry import ModelRegistry
    from scratchgui.model.session import Session
    from scratchgui.notifications import Notifications
    from scratchgui.settings import SettingsStore
    from scratchgui.workers.task import TaskRunner


@dataclass(frozen=True, slots=True)
class Context:
    """The objects that live as long as the window."""

    session: Session
    editor: EditorState
    registry: ModelRegistry
    notices: Notifications
    runner: TaskRunner
    settings: SettingsStore
