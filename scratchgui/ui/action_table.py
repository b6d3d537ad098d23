"""Every action: one row each. Menus, tooltips, key sheet and command palette are made from these rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from scratchgui.ui.action_keys import ActionKey, Facts

if TYPE_CHECKING:
    from collections.abc import Callable


class Scope(StrEnum):
    """Where an action's keys act: in the whole window, or only while the canvas or the queue has the keyboard."""

    WINDOW = "window"
    CANVAS = "canvas"


def _always(facts: Facts) -> bool:
    return True


def _project(facts: Facts) -> bool:
    return facts.project_open


def _image(facts: Facts) -> bool:
    return facts.image_open


def _editable(facts: Facts) -> bool:
    return facts.image_open and not facts.read_only


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action.

    Attributes:
        key: Its name in the program.
        text: What menus and the palette call it; without a mnemonic.
        icon: File in ``resources/icons`` without ``.svg``; empty for none.
        keys: Shortcuts separated by "; " in Qt's portable form; the first one is shown.
        tooltip: A sentence for the tooltip; the text where empty.
        scope: Where the shortcuts act.
        checkable: Whether it is on or off.
        held: Whether it is on only while its key is held.
        enabled_when: Whether it can be used, from the facts.
    """

    key: ActionKey
    text: str
    icon: str = ""
    keys: str = ""
    tooltip: str = ""
    scope: Scope = Scope.WINDOW
    checkable: bool = False
    held: bool = False
    enabled_when: Callable[[Facts], bool] = _always


def _on_canvas(
    key: ActionKey,
    text: str,
    icon: str,
    keys: str = "",
    tooltip: str = "",
    when: Callable[[Facts], bool] = _image,
    *,
    checkable: bool = False,
    held: bool = False,
) -> ActionSpec:
    """Return a row whose keys act only while canvas or queue has the keyboard."""
    return ActionSpec(key, text, icon, keys, tooltip, Scope.CANVAS, checkable, held, when)


def _in_window(
    key: ActionKey,
    text: str,
    icon: str,
    keys: str = "",
    tooltip: str = "",
    when: Callable[[Facts], bool] = _always,
    *,
    checkable: bool = False,
) -> ActionSpec:
    """Return a row whose keys act in the whole window."""
    return ActionSpec(key, text, icon, keys, tooltip, Scope.WINDOW, checkable, False, when)


K = ActionKey
_ROWS: Final = (
    _in_window(K.OPEN_FOLDER, "Open folder…", "folder-open", "Ctrl+O", "Open a folder of images"),
    _in_window(K.OPEN_PROJECT, "Open project…", "project", "Ctrl+Shift+O", "Open an existing project"),
    _in_window(K.OPEN_SAMPLE, "Open sample project", "sample", "", "Open a project with images to try things on"),
    _in_window(
        K.MOVE_PROJECT,
        "Move project folder…",
        "folder",
        "",
        "Keep masks, models and reports in another folder; the images stay where they are",
        lambda facts: facts.project_open and not facts.training,
    ),
    _in_window(K.CLOSE_PROJECT, "Close project", "close", "Ctrl+W", "Go back to the start page", _project),
    _in_window(K.EXPORT_REPORT, "Export report…", "report", "Ctrl+E", "Write a report of this project", _project),
    _in_window(K.SETTINGS, "Settings…", "settings", "Ctrl+,"),
    _in_window(K.QUIT, "Quit", "quit", "Ctrl+Q", "Quit ScratchGUI"),
    _in_window(K.UNDO, "Undo", "undo", "Ctrl+Z", "", lambda facts: facts.can_undo),
    _in_window(K.REDO, "Redo", "redo", "Ctrl+Shift+Z; Ctrl+Y", "", lambda facts: facts.can_redo),
    _on_canvas(
        K.DELETE_REGION,
        "Delete defect",
        "delete-region",
        "Del",
        "Delete the selected defect",
        lambda facts: _editable(facts) and facts.has_regions,
    ),
    _on_canvas(
        K.CLEAR_MASK,
        "Clear all defects",
        "clear",
        "Ctrl+Del",
        "Delete every defect of this image",
        lambda facts: _editable(facts) and (facts.has_mask or facts.has_regions),
    ),
    _on_canvas(
        K.ACCEPT_PREDICTION,
        "Take over the prediction",
        "accept",
        "P",
        "Use the model's defects as this image's mask",
        lambda facts: _editable(facts) and facts.has_prediction,
    ),
    _on_canvas(K.PREVIOUS, "Previous image", "previous", "Left", "", _project),
    _on_canvas(K.NEXT, "Next image", "next", "Right", "", _project),
    _on_canvas(K.NEXT_TO_REVIEW, "Next image to review", "next-review", "N", "", _project),
    _on_canvas(
        K.APPROVE_NEXT,
        "Approve and go on",
        "approve",
        "Return; Enter",
        "Approve this image and go to the next one to review",
        _editable,
    ),
    _on_canvas(
        K.CLEAN_NEXT,
        "Clean and go on",
        "clean",
        "C",
        "Approve this image as clean, without any defect, and go to the next one to review",
        _editable,
    ),
    _on_canvas(
        K.MARK_UNREVIEWED,
        "Back to unreviewed",
        "unreview",
        "U",
        "Take the approval of this image back",
        lambda facts: _editable(facts) and facts.reviewed,
    ),
    _on_canvas(K.TOOL_BRUSH, "Brush", "brush", "B", "Paint defects", checkable=True),
    _on_canvas(K.TOOL_ERASER, "Eraser", "eraser", "E", "Erase defects", checkable=True),
    _on_canvas(K.TOOL_PICK, "Pick a defect", "pick", "R", "Click a defect to delete it", checkable=True),
    _on_canvas(K.TOOL_PAN, "Move the view", "hand", "M", "Drag the image (any tool: hold Space)", checkable=True),
    _on_canvas(K.BRUSH_SMALLER, "Smaller brush", "brush-smaller", "["),
    _on_canvas(K.BRUSH_LARGER, "Larger brush", "brush-larger", "]"),
    _on_canvas(K.FIT, "Fit image", "fit", "F; Ctrl+0", "Show the whole image"),
    _in_window(K.ZOOM_100, "Zoom to 100%", "zoom-100", "Ctrl+1", "One image pixel on one screen pixel", _image),
    _in_window(K.ZOOM_IN, "Zoom in", "zoom-in", "Ctrl+=; Ctrl++", "", _image),
    _in_window(K.ZOOM_OUT, "Zoom out", "zoom-out", "Ctrl+-", "", _image),
    _on_canvas(K.TOGGLE_OVERLAY, "Overlay", "overlay", "V", "Show the defects over the image", checkable=True),
    _on_canvas(K.TOGGLE_BOXES, "Boxes", "boxes", "Shift+V", "Show a box around each defect", checkable=True),
    _on_canvas(K.OUTLINE, "Outline only", "outline", "O", "Show defects by their outline", checkable=True),
    _on_canvas(
        K.HEAT_MAP,
        "Heat map",
        "heat-map",
        "H",
        "Show the model's probability of a defect",
        lambda facts: facts.image_open and facts.has_prediction,
        checkable=True,
    ),
    _on_canvas(K.HOLD_RAW, "Raw image while held", "raw", "Q", "Show the image alone while the key is held", held=True),
    _on_canvas(K.SENSITIVITY_DOWN, "Less sensitive", "sensitivity-down", ",", "Find fewer defects"),
    _on_canvas(K.SENSITIVITY_UP, "More sensitive", "sensitivity-up", ".", "Find more defects"),
    _on_canvas(K.NEXT_REGION, "Next defect", "next-region", "J", "", lambda facts: facts.has_regions),
    _on_canvas(K.PREVIOUS_REGION, "Previous defect", "previous-region", "K", "", lambda facts: facts.has_regions),
    _on_canvas(K.TOGGLE_PANELS, "Panels", "panels", "Tab", "Show or hide both panels", _project, checkable=True),
    _in_window(
        K.PREDICT_ALL,
        "Predict all images",
        "predict",
        "Ctrl+Shift+P",
        "Look for defects in every image with the model in use",
        lambda facts: facts.project_open and facts.has_model and not facts.predicting,
    ),
    _in_window(
        K.PAUSE_PREDICTION,
        "Pause predicting",
        "pause",
        "",
        "Pause predicting; again to go on",
        lambda facts: facts.predicting,
        checkable=True,
    ),
    _in_window(K.CANCEL_PREDICTION, "Stop predicting", "cancel", "", "", lambda facts: facts.predicting),
    _in_window(
        K.RETRAIN,
        "Retrain",
        "retrain",
        "Ctrl+R",
        "Train a better model on what was reviewed",
        lambda facts: facts.can_retrain and not facts.training,
    ),
    _in_window(
        K.STOP_TRAINING,
        "Stop training, keep best",
        "stop",
        "",
        "Stop training and keep the best model so far",
        lambda facts: facts.training,
    ),
    _in_window(
        K.GO_BACK_MODEL,
        "Go back to the previous model",
        "go-back",
        "",
        "Use the model from before the last training",
        lambda facts: facts.has_previous_model and not facts.training,
    ),
    _in_window(K.COMMANDS, "Commands…", "command", "Ctrl+K", "Search and run any command"),
    _in_window(K.KEYS_SHEET, "Keyboard shortcuts", "keyboard", "?", "Show all keys"),
    _in_window(K.THEME_TOGGLE, "Switch light and dark", "theme", "", "Switch between the light and the dark theme"),
    _in_window(K.USER_GUIDE, "User guide", "book", "F1", "Read how to work with ScratchGUI"),
    _in_window(K.OPEN_LOG, "Open log folder", "log", "", "Show the log files, for reporting a problem"),
    _in_window(K.ABOUT, "About ScratchGUI", "info", "", "Version and license"),
)

ACTIONS: Final[dict[ActionKey, ActionSpec]] = {row.key: row for row in _ROWS}
"""Every action by its key, in the order of the menus."""

MENUS: Final[dict[str, tuple[ActionKey | None, ...]]] = {
    "File": (
        *(K.OPEN_FOLDER, K.OPEN_PROJECT, K.OPEN_SAMPLE, K.MOVE_PROJECT, K.CLOSE_PROJECT, None),
        *(K.EXPORT_REPORT, None, K.SETTINGS, None, K.QUIT),
    ),
    "Edit": (
        *(K.UNDO, K.REDO, None, K.ACCEPT_PREDICTION, K.DELETE_REGION, K.CLEAR_MASK, None),
        *(K.TOOL_BRUSH, K.TOOL_ERASER, K.TOOL_PICK, K.TOOL_PAN, None, K.BRUSH_SMALLER, K.BRUSH_LARGER),
    ),
    "Review": (
        *(K.APPROVE_NEXT, K.CLEAN_NEXT, K.MARK_UNREVIEWED, None, K.PREVIOUS, K.NEXT, K.NEXT_TO_REVIEW, None),
        *(K.NEXT_REGION, K.PREVIOUS_REGION, None, K.SENSITIVITY_UP, K.SENSITIVITY_DOWN),
    ),
    "View": (
        *(K.FIT, K.ZOOM_100, K.ZOOM_IN, K.ZOOM_OUT, None, K.TOGGLE_OVERLAY, K.TOGGLE_BOXES, K.OUTLINE, K.HEAT_MAP),
        *(K.HOLD_RAW, None, K.TOGGLE_PANELS, K.THEME_TOGGLE),
    ),
    "Model": (
        *(K.PREDICT_ALL, K.PAUSE_PREDICTION, K.CANCEL_PREDICTION, None),
        *(K.RETRAIN, K.STOP_TRAINING, None, K.GO_BACK_MODEL),
    ),
    "Help": (K.COMMANDS, K.KEYS_SHEET, K.USER_GUIDE, None, K.OPEN_LOG, K.ABOUT),
}
"""The menus; None is a line. Every action is in exactly one of them."""
