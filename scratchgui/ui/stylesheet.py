"""The one style sheet, written from the tokens.

Widgets choose a look by two properties: ``role`` (``primary``, ``ghost``, ``danger``, ``chip``, ``caption``,
``muted``, ``head``, ``title``, ``verdict``, ``card`` …) and, for verdicts, ``verdict`` (``OK``, ``REVIEW``, ``NG``).
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, Final

from scratchgui.ui import style_images, tokens
from scratchgui.ui.svg import svg_bytes

if TYPE_CHECKING:
    from scratchgui.ui.tokens import Theme

_BASE: Final = """
QMainWindow, QDialog { background: $window; }
QWidget { color: $text; }
QAbstractScrollArea { background: transparent; border: none; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 8px; font-size: ${caption}px; }
QFrame[role="line"] { background: $line; border: none; }
QFrame[role="panel"] { background: $panel; border: none; }
QFrame[role="topbar"] { background: $window; border: none; border-bottom: 1px solid $line; }
QFrame[role="statusbar"] { background: $window; border: none; border-top: 1px solid $line; }
QFrame[role="card"] { background: $panel; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[role="floating"] { background: $raised; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[role="popup"] { background: $raised; border: 1px solid $line_strong; border-radius: 8px; }
QFrame[role="segments"] { background: $field; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[role="sidebar"] { background: $panel; border: none; border-right: 1px solid $line; }
QFrame[role="drop"] { background: transparent; border: 1px dashed $line_strong; border-radius: 8px; }
QFrame[role="drop"][active="true"] { background: $selection; border: 1px solid $accent; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
"""

_LABELS: Final = """
QLabel { background: transparent; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { color: $muted; font-size: ${caption}px; }
QLabel[role="head"] { font-size: ${head}px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="title"] { font-size: 16px; font-weight: 600; }
QLabel[role="display"] { font-size: 24px; font-weight: 600; }
QLabel[role="verdict"] { font-size: ${verdict}px; font-weight: 600; }
QLabel[verdict="OK"] { color: $ok; }
QLabel[verdict="REVIEW"] { color: $review; }
QLabel[verdict="NG"] { color: $ng; }
QLabel[verdict="stale"] { color: $muted; }
QLabel[role="key"] {
  color: $muted; background: $hover; border-radius: 4px; padding: 1px 5px; font-size: ${caption}px;
}
QLabel[role="badge"] {
  color: $accent_text; background: $accent; border-radius: 8px; padding: 0 5px; font-size: ${caption}px;
  font-weight: 600; min-height: 16px; max-height: 16px;
}
QLabel:disabled { color: $disabled; }
"""

_BUTTONS: Final = """
QPushButton {
  background: $raised; border: 1px solid $line; border-radius: ${radius}px; padding: 0 12px;
  min-height: 26px; max-height: 26px;
}
QPushButton:hover { background: $hover; border-color: $line_strong; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:disabled { color: $disabled; background: $panel; border-color: $line; }
QPushButton[role="primary"], QPushButton:default {
  background: $accent; color: $accent_text; border-color: $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover, QPushButton:default:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:pressed, QPushButton:default:pressed {
  background: $accent_pressed; border-color: $accent_pressed;
}
QPushButton[role="primary"]:disabled { background: $hover; color: $disabled; border-color: $hover; }
QPushButton[role="danger"] { color: $ng; }
QPushButton[role="ghost"] { background: transparent; border-color: transparent; padding: 0 8px; }
QPushButton[role="ghost"]:hover { background: $hover; }
QPushButton[role="ghost"]:pressed { background: $pressed; }
QPushButton[role="ghost"]::menu-indicator, QPushButton[role="plain"]::menu-indicator { image: none; width: 0; }
QPushButton[role="arrow"] {
  background: transparent; border-color: transparent; text-align: left; padding: 0 22px 0 7px;
}
QPushButton[role="arrow"]:hover { background: $hover; }
QPushButton[role="arrow"]:pressed { background: $pressed; }
QPushButton[role="arrow"]::menu-indicator { image: none; width: 0; }
QPushButton[role="link"] { background: transparent; border: none; padding: 0; color: $accent; }
QPushButton[role="link"]:hover { color: $accent_hover; text-decoration: underline; }
QPushButton[role="link"]:disabled { color: $disabled; text-decoration: none; }
QPushButton[role="chip"] {
  background: transparent; border: 1px solid $line; border-radius: 12px; padding: 0 10px; color: $muted;
  min-height: 22px; max-height: 22px; font-size: 12px;
}
QPushButton[role="chip"]:hover { background: $hover; color: $text; }
QPushButton[role="chip"]:checked { background: $selection; border-color: $accent; color: $text; }
QPushButton[role="section"] {
  background: transparent; border: none; border-radius: 0; padding: 0 12px; text-align: left;
  font-size: ${head}px; font-weight: 600; min-height: 32px; max-height: 32px;
}
QPushButton[role="section"]:hover { background: $hover; }
QPushButton[role="search"] {
  background: $field; color: $muted; text-align: left; padding: 0 10px; border: 1px solid $line;
}
QPushButton[role="search"]:hover { border-color: $line_strong; color: $text; }
QPushButton[role="big"] {
  background: $panel; text-align: left; padding: 8px 14px; min-height: 26px; max-height: 26px; font-weight: 600;
}
QPushButton[role="big"]:hover { background: $hover; }
QPushButton[role="big-primary"] {
  background: $accent; border-color: $accent; color: $accent_text; text-align: left; padding: 8px 14px;
  min-height: 26px; max-height: 26px; font-weight: 600;
}
QPushButton[role="big-primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="big-primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[role="big-primary"]:disabled { background: $hover; color: $disabled; border-color: $hover; }
QPushButton[role="key-field"] { background: transparent; border-color: transparent; }
QPushButton[role="key-field"]:hover { background: $hover; border-color: $line; }
QPushButton[role="key-field-on"] { background: $field; border-color: $accent; }
QPushButton[role="segment"] {
  background: transparent; border-color: transparent; color: $muted; padding: 0 12px; border-radius: 4px;
  min-height: 22px; max-height: 22px;
}
QPushButton[role="segment"]:hover { color: $text; }
QPushButton[role="segment"]:checked { background: $selection; color: $text; }
QToolButton { background: transparent; border: none; border-radius: ${radius}px; padding: 0; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $selection; }
QToolButton[role="tile"] { background: $panel; border: 1px solid $line; }
QToolButton[role="tile"]:hover { background: $hover; border-color: $line_strong; }
QToolButton::menu-indicator { image: none; }
"""

_FIELDS: Final = """
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit, QKeySequenceEdit > QLineEdit {
  background: $field; border: 1px solid $line; border-radius: ${radius}px; padding: 0 8px;
  selection-background-color: $accent; selection-color: $accent_text;
}
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 26px; max-height: 26px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $line_strong; }
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $disabled; background: $panel; }
QPlainTextEdit, QTextEdit { padding: 6px; }
QLineEdit[role="bare"] {
  background: transparent; border: none; padding: 0; font-size: 15px; min-height: 48px; max-height: 48px;
}
QAbstractSpinBox { padding-right: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  width: 18px; border: none; background: transparent; subcontrol-origin: border;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 1px 1px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 1px 1px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url($up); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url($down); width: 12px; height: 12px; }
QComboBox { background: $raised; padding-right: 4px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($down); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line_strong; padding: 4px; outline: none; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; min-height: 24px; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator {
  width: 14px; height: 14px; border: 1px solid $line_strong; background: $field; border-radius: 4px;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $muted; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:checked { image: url($check); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: url($minus); }
QRadioButton::indicator:checked { image: url($dot); }
QCheckBox::indicator:disabled { background: $panel; border-color: $line; }
QSlider { background: transparent; min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $muted; }
QSlider::handle:horizontal {
  width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $text;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:pressed { background: $accent; }
QSlider::groove:vertical { width: 4px; border-radius: 2px; background: $line; }
QSlider::add-page:vertical { width: 4px; border-radius: 2px; background: $muted; }
QSlider::handle:vertical { width: 14px; height: 14px; margin: 0 -5px; border-radius: 7px; background: $text; }
QSlider::handle:vertical:hover, QSlider::handle:vertical:pressed { background: $accent; }
QSlider::sub-page:disabled, QSlider::handle:disabled { background: $disabled; }
QProgressBar { background: $line; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
"""

_VIEWS: Final = """
QMenu { background: $raised; border: 1px solid $line_strong; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: 4px; min-width: 140px; }
QMenu::item:selected { background: $accent; color: $accent_text; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::icon { padding-left: 6px; }
QMenu::icon:checked { background: $selection; border: 1px solid $accent; border-radius: 4px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QMenu::right-arrow { image: url($right); width: 12px; height: 12px; }
QMenu::right-arrow:selected { image: url($right_on); }
QAbstractItemView { outline: none; selection-background-color: $selection; selection-color: $text; }
QListView::item { border-radius: 4px; padding: 0 8px; min-height: 28px; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $selection; color: $text; }
QTableView { background: $field; border: 1px solid $line; border-radius: ${radius}px; gridline-color: $line; }
QTableView[role="bare"] {
  background: transparent; border: none; border-radius: 0; selection-background-color: transparent;
}
QTableView[role="bare"]::item:selected { background: transparent; }
QTableView::item, QTreeView::item { padding: 0 8px; min-height: 28px; }
QTableView::item:selected, QTreeView::item:selected { background: $selection; color: $text; }
QTreeView { background: $field; border: 1px solid $line; border-radius: ${radius}px; }
QHeaderView { background: $panel; }
QHeaderView::section {
  background: $panel; color: $muted; border: none; border-bottom: 1px solid $line; padding: 0 8px;
  font-size: ${caption}px; min-height: 26px;
}
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { color: $muted; background: transparent; padding: 8px 4px; margin: 0 16px 0 0; border: none; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $scroll_hover; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
  width: 0; height: 0; background: none;
}
QAbstractScrollArea::corner { background: transparent; }
"""

_PICTURES: Final = {
    "up": ("chevron-up", "muted"),
    "down": ("chevron-down", "muted"),
    "right": ("chevron-right", "muted"),
    "right_on": ("chevron-right", "accent_text"),
    "check": ("check", "accent_text"),
    "minus": ("minus", "accent_text"),
    "dot": ("dot", "accent_text"),
}


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet in one theme's colors."""
    values = {name: getattr(theme, name) for name in theme.__slots__}
    values |= {"radius": tokens.RADIUS, "caption": tokens.CAPTION_SIZE, "head": tokens.HEAD_SIZE}
    values |= {"verdict": tokens.VERDICT_SIZE} | _pictures(theme)
    return Template(_BASE + _LABELS + _BUTTONS + _FIELDS + _VIEWS).substitute(values)


def _pictures(theme: Theme) -> dict[str, str]:
    urls, files = {}, {}
    for key, (icon, token) in _PICTURES.items():
        name = f"{icon}-{theme.name}-{token}.svg"
        files[name] = svg_bytes(icon, getattr(theme, token))
        urls[key] = f":/scratchgui/{name}"
    style_images.register(files)
    return urls
