"""The tokens: every color and measure of the interface, for both themes. No other file names a color."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor

GAP_XS: Final = 4
GAP_S: Final = 8
GAP_M: Final = 12
GAP_L: Final = 16
CONTROL_HEIGHT: Final = 28
HIT_AREA: Final = 32
ICON_SIZE: Final = 18
RADIUS: Final = 6
FOCUS_RING: Final = 2
TEXT_SIZE: Final = 13
CAPTION_SIZE: Final = 11
HEAD_SIZE: Final = 12
VERDICT_SIZE: Final = 20
APPROVED_OUTLINE: Final = "#56b4e9"
FOUND_OUTLINE: Final = "#ff5a1f"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colors of one theme as #rrggbb; every color of the interface is one of these."""

    name: str
    dark: bool
    surround: str
    window: str
    panel: str
    raised: str
    hover: str
    pressed: str
    field: str
    line: str
    line_strong: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_text: str
    selection: str
    scroll: str
    scroll_hover: str
    ok: str
    review: str
    ng: str
    shadow: str

    def color(self, token: str) -> QColor:
        """Return the color of a token's name; any other text is read as a color (``"#rrggbb"``)."""
        return QColor(getattr(self, token, token))


DARK: Final = Theme(
    name="dark",
    dark=True,
    surround="#202020",
    window="#1b1b1b",
    panel="#242424",
    raised="#2e2e2e",
    hover="#373737",
    pressed="#2a2a2a",
    field="#1d1d1d",
    line="#3a3a3a",
    line_strong="#4d4d4d",
    text="#e8e8e8",
    muted="#a3a3a3",
    disabled="#6b6b6b",
    accent="#4c9aff",
    accent_hover="#66a9ff",
    accent_pressed="#3d89ec",
    accent_text="#101418",
    selection="#263a53",
    scroll="#4a4a4a",
    scroll_hover="#626262",
    ok="#46b877",
    review="#e3ad3c",
    ng="#f4766e",
    shadow="#000000",
)

LIGHT: Final = Theme(
    name="light",
    dark=False,
    surround="#d0d0d0",
    window="#f3f3f3",
    panel="#fbfbfb",
    raised="#ffffff",
    hover="#ececec",
    pressed="#e2e2e2",
    field="#ffffff",
    line="#d9d9d9",
    line_strong="#bdbdbd",
    text="#1c1c1c",
    muted="#5e5e5e",
    disabled="#a0a0a0",
    accent="#1769e0",
    accent_hover="#0f5cca",
    accent_pressed="#0c4fb0",
    accent_text="#ffffff",
    selection="#dbe8fb",
    scroll="#c4c4c4",
    scroll_hover="#a3a3a3",
    ok="#19763f",
    review="#8a5a00",
    ng="#c0302a",
    shadow="#000000",
)
