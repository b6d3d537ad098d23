"""The names of all actions, and the facts on which it depends whether they can be used."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scratchgui.model.tool_key import ToolKey


class ActionKey(StrEnum):
    """The actions; each has a row in `action_table`."""

    OPEN_FOLDER = "open_folder"
    OPEN_PROJECT = "open_project"
    OPEN_SAMPLE = "open_sample"
    MOVE_PROJECT = "move_project"
    CLOSE_PROJECT = "close_project"
    EXPORT_REPORT = "export_report"
    SETTINGS = "settings"
    QUIT = "quit"
    UNDO = "undo"
    REDO = "redo"
    DELETE_REGION = "delete_region"
    CLEAR_MASK = "clear_mask"
    ACCEPT_PREDICTION = "accept_prediction"
    FILL_HOLES = "fill_holes"
    GROW = "grow"
    SHRINK = "shrink"
    REMOVE_SPECKS = "remove_specks"
    CLOSE_GAPS = "close_gaps"
    CLASSES = "classes"
    CLASS_1 = "class_1"
    CLASS_2 = "class_2"
    CLASS_3 = "class_3"
    CLASS_4 = "class_4"
    CLASS_5 = "class_5"
    CLASS_6 = "class_6"
    CLASS_7 = "class_7"
    CLASS_8 = "class_8"
    CLASS_9 = "class_9"
    PREVIOUS = "previous"
    NEXT = "next"
    NEXT_TO_REVIEW = "next_to_review"
    SEARCH_IMAGES = "search_images"
    APPROVE_NEXT = "approve_next"
    CLEAN_NEXT = "clean_next"
    MARK_UNREVIEWED = "mark_unreviewed"
    TOOL_BRUSH = "tool_brush"
    TOOL_ERASER = "tool_eraser"
    TOOL_SCRATCH_PEN = "tool_scratch_pen"
    TOOL_LASSO = "tool_lasso"
    TOOL_FILL = "tool_fill"
    TOOL_WAND = "tool_wand"
    TOOL_BOX = "tool_box"
    TOOL_PAN = "tool_pan"
    TOOL_PICK = "tool_pick"
    BRUSH_SMALLER = "brush_smaller"
    BRUSH_LARGER = "brush_larger"
    FIT = "fit"
    ZOOM_100 = "zoom_100"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    TOGGLE_OVERLAY = "toggle_overlay"
    TOGGLE_BOXES = "toggle_boxes"
    HOLD_RAW = "hold_raw"
    HEAT_MAP = "heat_map"
    OUTLINE = "outline"
    SENSITIVITY_UP = "sensitivity_up"
    SENSITIVITY_DOWN = "sensitivity_down"
    NEXT_REGION = "next_region"
    PREVIOUS_REGION = "previous_region"
    HOLD_MASK = "hold_mask"
    HOLD_PREDICTION = "hold_prediction"
    SWIPE = "swipe"
    LOUPE = "loupe"
    MINI_MAP = "mini_map"
    SCALE_BAR = "scale_bar"
    RULERS = "rulers"
    DISPLAY = "display"
    ROTATE = "rotate"
    TOGGLE_PANELS = "toggle_panels"
    PREDICT_ALL = "predict_all"
    PAUSE_PREDICTION = "pause_prediction"
    CANCEL_PREDICTION = "cancel_prediction"
    RETRAIN = "retrain"
    STOP_TRAINING = "stop_training"
    GO_BACK_MODEL = "go_back_model"
    MODELS = "models"
    TRAINING_DETAILS = "training_details"
    COMMANDS = "commands"
    KEYS_SHEET = "keys_sheet"
    THEME_TOGGLE = "theme_toggle"
    ABOUT = "about"
    OPEN_LOG = "open_log"
    USER_GUIDE = "user_guide"


TOOL_ACTIONS: Final = {tool: ActionKey(f"tool_{tool}") for tool in ToolKey}
"""The action that chooses each tool, in the order of the strip."""


CLASS_ACTIONS: Final = {digit: ActionKey(f"class_{digit}") for digit in range(1, 10)}
"""The action of each digit key, which chooses a class."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is the case now; decides which actions can be used.

    Attributes:
        project_open: A project is open.
        image_open: An image is in view and could be read.
        read_only: The project cannot be written.
        has_prediction: The image has a prediction of the model in use.
        has_mask: The image has a mask of its own.
        has_regions: There are defects in the image, drawn or predicted.
        reviewed: The image is approved.
        can_undo: There is something to undo in this image.
        can_redo: There is something to redo in this image.
        has_model: A model is in use.
        predicting: Predictions are running or paused.
        training: A training runs.
        can_retrain: Enough was reviewed for a training.
        has_previous_model: There is a model to go back to.
    """

    project_open: bool = False
    image_open: bool = False
    read_only: bool = False
    has_prediction: bool = False
    has_mask: bool = False
    has_regions: bool = False
    reviewed: bool = False
    can_undo: bool = False
    can_redo: bool = False
    has_model: bool = False
    predicting: bool = False
    training: bool = False
    can_retrain: bool = False
    has_previous_model: bool = False
