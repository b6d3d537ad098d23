"""Every action: one row each. Menus, tooltips, key sheet and command palette are made from these rows."""

from __future__ import annotations

from typing import Final

from scratchgui.ui import edit_actions, view_actions
from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.action_spec import ActionSpec, editable, in_window, on_canvas, project

K = ActionKey
_FILE: Final = (
    in_window(K.OPEN_FOLDER, "Open folder…", "folder-open", "Ctrl+O", "Open a folder of images"),
    in_window(K.OPEN_PROJECT, "Open project…", "project", "Ctrl+Shift+O", "Open an existing project"),
    in_window(K.OPEN_SAMPLE, "Open sample project", "sample", "", "Open a project with images to try things on"),
    in_window(
        K.MOVE_PROJECT,
        "Move project folder…",
        "folder",
        "",
        "Keep masks, models and reports in another folder; the images stay where they are",
        lambda facts: facts.project_open and not facts.training,
    ),
    in_window(K.CLOSE_PROJECT, "Close project", "close", "Ctrl+W", "Go back to the start page", project),
    in_window(K.EXPORT_REPORT, "Export report…", "report", "Ctrl+E", "Write a report of this project", project),
    in_window(K.SETTINGS, "Settings…", "settings", "Ctrl+,"),
    in_window(K.QUIT, "Quit", "quit", "Ctrl+Q", "Quit ScratchGUI"),
)
_REVIEW: Final = (
    on_canvas(K.PREVIOUS, "Previous image", "previous", "Left", "", project),
    on_canvas(K.NEXT, "Next image", "next", "Right", "", project),
    on_canvas(K.NEXT_TO_REVIEW, "Next image to review", "next-review", "N", "", project),
    in_window(K.SEARCH_IMAGES, "Search images", "search", "Ctrl+F", "List only the images with these letters", project),
    on_canvas(
        K.APPROVE_NEXT,
        "Approve and go on",
        "approve",
        "Return; Enter",
        "Approve this image and go to the next one to review",
        editable,
    ),
    on_canvas(
        K.CLEAN_NEXT,
        "Clean and go on",
        "clean",
        "C",
        "Approve this image as clean, without any defect, and go to the next one to review",
        editable,
    ),
    on_canvas(
        K.MARK_UNREVIEWED,
        "Back to unreviewed",
        "unreview",
        "U",
        "Take the approval of this image back",
        lambda facts: editable(facts) and facts.reviewed,
    ),
    on_canvas(K.SENSITIVITY_DOWN, "Less sensitive", "sensitivity-down", ",", "Find fewer defects"),
    on_canvas(K.SENSITIVITY_UP, "More sensitive", "sensitivity-up", ".", "Find more defects"),
    on_canvas(K.NEXT_REGION, "Next defect", "next-region", "J", "", lambda facts: facts.has_regions),
    on_canvas(K.PREVIOUS_REGION, "Previous defect", "previous-region", "K", "", lambda facts: facts.has_regions),
)
_MODEL_AND_HELP: Final = (
    in_window(
        K.PREDICT_ALL,
        "Predict all images",
        "predict",
        "Ctrl+Shift+P",
        "Look for defects in every image with the model in use",
        lambda facts: facts.project_open and facts.has_model and not facts.predicting,
    ),
    in_window(
        K.PAUSE_PREDICTION,
        "Pause predicting",
        "pause",
        "",
        "Pause predicting; again to go on",
        lambda facts: facts.predicting,
        checkable=True,
    ),
    in_window(K.CANCEL_PREDICTION, "Stop predicting", "cancel", "", "", lambda facts: facts.predicting),
    in_window(
        K.RETRAIN,
        "Retrain",
        "retrain",
        "Ctrl+R",
        "Train a better model on what was reviewed",
        lambda facts: facts.can_retrain and not facts.training,
    ),
    in_window(
        K.STOP_TRAINING,
        "Stop training, keep best",
        "stop",
        "",
        "Stop training and keep the best model so far",
        lambda facts: facts.training,
    ),
    in_window(
        K.GO_BACK_MODEL,
        "Go back to the previous model",
        "go-back",
        "",
        "Use the model from before the last training",
        lambda facts: facts.has_previous_model and not facts.training,
    ),
    in_window(
        K.MODELS,
        "All models…",
        "model",
        "Ctrl+Shift+M",
        "See all models and how they got better; use, rename or delete them",
        project,
    ),
    in_window(
        K.TRAINING_DETAILS, "Training details…", "training", "", "See curves, speed and examples of a training", project
    ),
    in_window(K.COMMANDS, "Commands…", "command", "Ctrl+K", "Search and run any command"),
    in_window(K.KEYS_SHEET, "Keyboard shortcuts", "keyboard", "?", "Show all keys"),
    in_window(K.USER_GUIDE, "User guide", "book", "F1", "Read how to work with ScratchGUI"),
    in_window(K.OPEN_LOG, "Open log folder", "log", "", "Show the log files, for reporting a problem"),
    in_window(K.ABOUT, "About ScratchGUI", "info", "", "Version and license"),
)
_ROWS: Final = (*_FILE, *edit_actions.ROWS, *_REVIEW, *view_actions.ROWS, *_MODEL_AND_HELP)

ACTIONS: Final[dict[ActionKey, ActionSpec]] = {row.key: row for row in _ROWS}
"""Every action by its key, in the order of the menus."""

MENUS: Final[dict[str, tuple[ActionKey | None, ...]]] = {
    "File": (
        *(K.OPEN_FOLDER, K.OPEN_PROJECT, K.OPEN_SAMPLE, K.MOVE_PROJECT, K.CLOSE_PROJECT, None),
        *(K.EXPORT_REPORT, None, K.SETTINGS, None, K.QUIT),
    ),
    "Edit": edit_actions.MENU,
    "Review": (
        *(
            K.APPROVE_NEXT,
            K.CLEAN_NEXT,
            K.MARK_UNREVIEWED,
            None,
            K.PREVIOUS,
            K.NEXT,
            K.NEXT_TO_REVIEW,
            K.SEARCH_IMAGES,
            None,
        ),
        *(K.NEXT_REGION, K.PREVIOUS_REGION, None, K.SENSITIVITY_UP, K.SENSITIVITY_DOWN),
    ),
    "View": view_actions.MENU,
    "Model": (
        *(K.PREDICT_ALL, K.PAUSE_PREDICTION, K.CANCEL_PREDICTION, None),
        *(K.RETRAIN, K.STOP_TRAINING, K.TRAINING_DETAILS, None, K.MODELS, K.GO_BACK_MODEL),
    ),
    "Help": (K.COMMANDS, K.KEYS_SHEET, K.USER_GUIDE, None, K.OPEN_LOG, K.ABOUT),
}
"""The menus; None is a line. Every action is in exactly one of them."""
