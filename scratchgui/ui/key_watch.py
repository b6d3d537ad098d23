"""Keys that need more than a shortcut: those that act while held, and those that belong to a text field."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QAbstractSpinBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEXT_FIELDS = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class TextFieldGuard(QObject):
    """Keeps plain keys (letters, Return, arrows, Delete) in the text field that has the keyboard."""

    def guard_fields_of(self, widget: QWidget) -> None:
        """Guard every text field inside a widget."""
        for kind in _TEXT_FIELDS:
            for field in widget.findChildren(kind):
                field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim a plain key before it becomes a shortcut."""
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        if cast("QKeyEvent", event).modifiers() & _COMMANDS:
            return False
        event.accept()
        return True


class HeldKeys(QObject):
    """Tells when a key goes down and up again.

    Signals:
        changed(name, down): The key of a name was pressed or let go.
    """

    changed = Signal(str, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: dict[str, list[QKeySequence]] = {}
        self._down: dict[str, int] = {}

    def watch(self, name: str, keys: Iterable[QKeySequence]) -> None:
        """Watch other keys for a name."""
        self._names[name] = list(keys)

    def watch_widget(self, widget: QWidget) -> None:
        """Watch a widget; lists inside take letters for themselves, so they are watched too."""
        widget.installEventFilter(self)
        for view in widget.findChildren(QAbstractItemView):
            view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look for the keys on their way down and up."""
        if event.type() == QEvent.Type.KeyPress:
            return self._pressed(cast("QKeyEvent", event))
        if event.type() == QEvent.Type.KeyRelease:
            return self._released(cast("QKeyEvent", event))
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.WindowDeactivate):
            self._release_all()
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(event.keyCombination())
        for name, keys in self._names.items():
            if pressed not in keys:
                continue
            if name not in self._down:
                self._down[name] = event.key()
                self.changed.emit(name, True)
            return True
        return False

    def _released(self, event: QKeyEvent) -> bool:
        names = [name for name, key in self._down.items() if key == event.key()]
        if event.isAutoRepeat():
            return bool(names)
        for name in names:
            del self._down[name]
            self.changed.emit(name, False)
        return bool(names)

    def _release_all(self) -> None:
        names, self._down = list(self._down), {}
        for name in names:
            self.changed.emit(name, False)
