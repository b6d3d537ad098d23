"""What is seen, and how."""

from __future__ import annotations

from typing import Final

from scratchgui.ui.action_keys import ActionKey
from scratchgui.ui.action_spec import ActionSpec, image, in_window, on_canvas, project

K = ActionKey
ROWS: Final[tuple[ActionSpec, ...]] = (
    on_canvas(K.FIT, "Fit image", "fit", "F; Ctrl+0", "Show the whole image"),
    in_window(K.ZOOM_100, "Zoom to 100%", "zoom-100", "Ctrl+1", "One image pixel on one screen pixel", image),
    in_window(K.ZOOM_IN, "Zoom in", "zoom-in", "Ctrl+=; Ctrl++", "", image),
    in_window(K.ZOOM_OUT, "Zoom out", "zoom-out", "Ctrl+-", "", image),
    on_canvas(K.TOGGLE_OVERLAY, "Overlay", "overlay", "V", "Show the defects over the image", checkable=True),
    on_canvas(K.TOGGLE_BOXES, "Boxes", "boxes", "Shift+V", "Show a box around each defect", checkable=True),
    on_canvas(K.OUTLINE, "Outline only", "outline", "O", "Show defects by their outline", checkable=True),
    on_canvas(
        K.HEAT_MAP,
        "Heat map",
        "heat-map",
        "H",
        "Show the model's probability of a defect",
        lambda facts: facts.image_open and facts.has_prediction,
        checkable=True,
    ),
    on_canvas(K.HOLD_RAW, "Raw image while held", "raw", "Q", "Show the image alone while the key is held", held=True),
    on_canvas(
        K.HOLD_MASK, "Mask while held", "hold-mask", "A", "Show your mask alone while the key is held", held=True
    ),
    on_canvas(
        K.HOLD_PREDICTION,
        "Prediction while held",
        "hold-prediction",
        "Z",
        "Show what the model marks alone while the key is held",
        held=True,
    ),
    on_canvas(K.SWIPE, "Swipe", "swipe", "X", "Compare two sides of a divider that you can drag", checkable=True),
    on_canvas(K.ROTATE, "Rotate by 90°", "rotate", "Shift+R", "Turn the view clockwise; mask and files stay"),
    on_canvas(K.LOUPE, "Loupe", "loupe", "I", "Magnify what is under the mouse", checkable=True),
    on_canvas(K.MINI_MAP, "Mini-map", "mini-map", "", "Show where the view is while zoomed in", checkable=True),
    on_canvas(K.SCALE_BAR, "Scale bar", "scale-bar", "", "Show a bar of a round length", checkable=True),
    on_canvas(K.RULERS, "Rulers", "rulers", "Shift+U", "Show rulers along the edges", checkable=True),
    on_canvas(K.DISPLAY, "Display…", "display", "T", "Brightness, contrast and gamma of the view", checkable=True),
    on_canvas(K.TOGGLE_PANELS, "Panels", "panels", "Tab", "Show or hide both panels", project, checkable=True),
    in_window(K.THEME_TOGGLE, "Switch light and dark", "theme", "", "Switch between the light and the dark theme"),
)

MENU: Final[tuple[ActionKey | None, ...]] = (
    *(
        K.FIT,
        K.ZOOM_100,
        K.ZOOM_IN,
        K.ZOOM_OUT,
        K.ROTATE,
        None,
        K.TOGGLE_OVERLAY,
        K.TOGGLE_BOXES,
        K.OUTLINE,
        K.HEAT_MAP,
    ),
    *(None, K.HOLD_RAW, K.HOLD_MASK, K.HOLD_PREDICTION, K.SWIPE, None, K.DISPLAY, K.LOUPE, K.MINI_MAP, K.SCALE_BAR),
    *(K.RULERS, None, K.TOGGLE_PANELS, K.THEME_TOGGLE),
)
