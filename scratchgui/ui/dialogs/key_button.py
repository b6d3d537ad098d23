"""The button that shows a shortcut and records another one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from scratchgui.ui import theme, tokens
from scratchgui.ui.key_choices import pressed_shortcut
from scratchgui.ui.widgets.basics import restyle
from scratchgui.ui.widgets.key_caps import paint_caps, split_keys

_WIDTH: Final = 176
_NONE: Final = "None"
_ASK: Final = "Press a key…"


class KeyButton(QPushButton):
    """Click, then press the new key; Esc keeps the old one, Backspace takes it away.

    Signals:
        recorded(str): The new shortcut in portable form; empty for none.
        recording_changed(bool): It waits for a key, or no longer.
    """

    recorded = Signal(str)
    recording_changed = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._caps: list[str] = []
        self.recording = False
        self.setFixedWidth(_WIDTH)
        self.setAutoDefault(False)
        self.setProperty("role", "key-field")
        self.clicked.connect(lambda: self.set_recording(True))

    def set_keys(self, texts: list[str]) -> None:
        """Show shortcuts as the desktop writes them."""
        self._caps = []
        for text in texts:
            self._caps += (["/"] if self._caps else []) + split_keys(text)
        self.setAccessibleName(f"{self._name}: {' or '.join(texts) or _NONE}")
        self.setToolTip("Click to record another key")
        self.update()

    def set_recording(self, recording: bool) -> None:
        """Wait for a key, or stop waiting."""
        if recording == self.recording:
            return
        self.recording = recording
        restyle(self, role="key-field-on" if recording else "key-field")
        if recording:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()
        self.recording_changed.emit(recording)

    def event(self, event: QEvent) -> bool:
        """Take every key while recording: no shortcut and no Tab may use it."""
        if self.recording and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                self._record(event)
            event.accept()
            return True
        return super().event(event)

    def _record(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.key() == Qt.Key.Key_Escape:
            self.set_recording(False)
        elif plain and event.key() == Qt.Key.Key_Backspace:
            self.set_recording(False)
            self.recorded.emit("")
        elif shortcut := pressed_shortcut(event):
            self.set_recording(False)
            self.recorded.emit(shortcut)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the old key."""
        self.set_recording(False)
        super().focusOutEvent(event)

    def sizeHint(self) -> QSize:
        """Return a control's size."""
        return QSize(_WIDTH, tokens.CONTROL_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the caps, or what is waited for."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._caps and not self.recording:
            paint_caps(painter, self.width() - tokens.GAP_S, self.height() / 2, self._caps)
            return
        painter.setPen(theme.current().color("accent" if self.recording else "muted"))
        room = self.rect().adjusted(0, 0, -tokens.GAP_S, 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, right, _ASK if self.recording else _NONE)
