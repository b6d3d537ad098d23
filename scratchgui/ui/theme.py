"""Which theme is in use, and putting one on the application, live."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from scratchgui.ui.stylesheet import style_sheet
from scratchgui.ui.tokens import DARK, LIGHT, TEXT_SIZE, Theme

# Families to prefer where the desktop names no font of its own.
_PLAIN_FAMILIES: Final = ("Sans Serif", "Sans", "DejaVu Sans", "")
_BETTER_FAMILIES: Final = ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "Liberation Sans")


class Mode(StrEnum):
    """What the user chose; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class _ThemeState(QObject):
    """The theme in use. Signal ``changed()``: repaint what is not drawn by the style sheet."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = DARK
        self.mode = Mode.SYSTEM
        self.follows_system = False


state: Final = _ThemeState()


def current() -> Theme:
    """Return the theme in use."""
    return state.theme


def apply_theme(app: QApplication, mode: str = Mode.SYSTEM) -> Theme:
    """Put a theme on the whole application, live.

    Args:
        app: The application.
        mode: ``"system"``, ``"light"`` or ``"dark"``.

    Returns:
        The theme now in use.
    """
    state.mode = Mode(mode)
    _follow_system(app)
    wanted = {Mode.LIGHT: Qt.ColorScheme.Light, Mode.DARK: Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(wanted.get(state.mode, Qt.ColorScheme.Unknown))
    _install(app, _resolve(state.mode))
    return state.theme


def _resolve(mode: Mode) -> Theme:
    if mode is Mode.SYSTEM:
        scheme = QGuiApplication.styleHints().colorScheme()
        return LIGHT if scheme == Qt.ColorScheme.Light else DARK
    return LIGHT if mode is Mode.LIGHT else DARK


def _follow_system(app: QApplication) -> None:
    if state.follows_system:
        return
    state.follows_system = True
    app.setStyle("Fusion")
    app.setFont(system_font())
    app.styleHints().colorSchemeChanged.connect(_scheme_changed)


def _scheme_changed() -> None:
    app = QApplication.instance()
    if state.mode is Mode.SYSTEM and isinstance(app, QApplication) and _resolve(state.mode) is not state.theme:
        _install(app, _resolve(state.mode))


def _install(app: QApplication, theme: Theme) -> None:
    sheet = style_sheet(theme)
    if theme is state.theme and app.styleSheet() == sheet:
        return
    state.theme = theme
    app.setPalette(_palette(theme))
    app.setStyleSheet(sheet)
    state.changed.emit()


def system_font() -> QFont:
    """Return the desktop's interface font at 13 px with tabular figures."""
    font = QApplication.font()
    if font.family() in _PLAIN_FAMILIES:
        font.setFamilies([*_BETTER_FAMILIES, font.family() or "Sans Serif"])
    font.setPixelSize(TEXT_SIZE)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def sized_font(size: int, *, semibold: bool = False) -> QFont:
    """Return the interface font in another size (px), for text that is painted by hand."""
    font = QFont(QApplication.font())
    font.setPixelSize(size)
    if semibold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, token in {
        roles.Window: "window",
        roles.WindowText: "text",
        roles.Base: "field",
        roles.AlternateBase: "panel",
        roles.Text: "text",
        roles.Button: "raised",
        roles.ButtonText: "text",
        roles.BrightText: "text",
        roles.ToolTipBase: "raised",
        roles.ToolTipText: "text",
        roles.PlaceholderText: "muted",
        roles.Highlight: "accent",
        roles.HighlightedText: "accent_text",
        roles.Accent: "accent",
        roles.Link: "accent",
        roles.LinkVisited: "accent",
        roles.Light: "hover",
        roles.Midlight: "raised",
        roles.Mid: "line",
        roles.Dark: "line",
        roles.Shadow: "line",
    }.items():
        palette.setColor(role, theme.color(token))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme.color("disabled"))
    palette.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, theme.color("line"))
    return palette
