"""The window's bottom edge: what is saved, how the tool is used, what is running, what is under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from scratchgui.ui import icons, tokens
from scratchgui.ui.widgets.basics import icon_button, label
from scratchgui.ui.widgets.elided_label import ElidedLabel
from scratchgui.ui.widgets.icon_label import IconLabel

HEIGHT: Final = 30
_BUTTON: Final = 24
_BAR_WIDTH: Final = 128
_SMALL_ICON: Final = 15
_KINDS: Final = {
    "saved": ("saved", "ok"),
    "saving": ("unsaved", "muted"),
    "unsaved": ("unsaved", "review"),
    "error": ("error", "ng"),
    "read_only": ("info", "muted"),
}
_CURSOR_TOOLTIP: Final = "Place in the image (px) · gray value (0–255) · probability of a defect · what is marked"
_MINUTE: Final = 60
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class JobView:
    """A running job as it is shown.

    Attributes:
        text: What is being done: "Predicting".
        done: Pieces that are done.
        total: Pieces in all; 0 where nobody knows.
        rate: Pieces a second; None as long as it is not known.
        seconds_left: Time left (s); None as long as it is not known.
        paused: Whether it stands still because the user wanted it.
        unit: What a piece is, for the rate.
        can_pause: Whether it can be paused.
    """

    text: str
    done: int
    total: int
    rate: float | None = None
    seconds_left: float | None = None
    paused: bool = False
    unit: str = "img"
    can_pause: bool = True


class StatusStrip(QFrame):
    """Shows state; owns none.

    Attributes:
        hint: How the tool in use is used, in one sentence.

    Signals:
        pause_toggled(bool): Pause (true) or go on with the job.
        cancel_requested(): Stop the job.
    """

    pause_toggled = Signal(bool)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "statusbar")
        self.setFixedHeight(HEIGHT)
        self._saved_icon = IconLabel(_SMALL_ICON, self)
        self._saved = label("", "muted", parent=self)
        self.hint = ElidedLabel("muted", self)
        self._job = label("", parent=self)
        self._bar = QProgressBar(self)
        self.pause_button = icon_button("pause", "Pause", size=_BUTTON, parent=self)
        self.cancel_button = icon_button("close", "Stop", size=_BUTTON, parent=self)
        self._cursor = label("", "muted", parent=self)
        self._paused = False
        self._build()
        self.pause_button.clicked.connect(lambda: self.pause_toggled.emit(not self._paused))
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.set_job(None)

    def _build(self) -> None:
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._bar.setTextVisible(False)
        self._cursor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        left, middle, right = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        left.setSpacing(6)
        middle.setSpacing(tokens.GAP_S)
        left.addWidget(self._saved_icon)
        left.addWidget(self._saved)
        left.addSpacing(tokens.GAP_M)
        left.addWidget(self.hint, 1)
        for widget in (self._job, self._bar, self.pause_button, self.cancel_button):
            middle.addWidget(widget)
        middle.setSpacing(tokens.GAP_S)
        right.addWidget(self._cursor)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.GAP_M, 0, tokens.GAP_M, 0)
        layout.setSpacing(tokens.GAP_M)
        layout.addLayout(left, 1)
        layout.addLayout(middle)
        layout.addLayout(right)

    def set_saved(self, text: str, kind: str = "saved") -> None:
        """Show whether everything is on disk.

        Args:
            text: A word or a sentence: "Saved".
            kind: ``"saved"``, ``"saving"``, ``"unsaved"``, ``"error"``, ``"read_only"``; empty for no icon.
        """
        self._saved_icon.set_icon(*_KINDS.get(kind, ("", "text")))
        self._saved.setText(text)

    def set_job(self, job: JobView | None) -> None:
        """Show a running job, or none."""
        for widget in (self._job, self._bar, self.cancel_button):
            widget.setVisible(job is not None)
        self.pause_button.setVisible(job is not None and job.can_pause)
        if job is None:
            return
        self._paused = job.paused
        self._job.setText(job_text(job))
        self._bar.setRange(0, job.total)
        self._bar.setValue(job.done)
        self.pause_button.setIcon(icons.icon("play" if job.paused else "pause", "muted"))
        self.pause_button.setToolTip("Go on" if job.paused else "Pause")

    def set_cursor_info(
        self,
        x: int,
        y: int,
        gray: int | None,
        probability: float | None = None,
        *,
        raw: int | None = None,
        defect: str = "",
    ) -> None:
        """Show the pixel under the cursor.

        Args:
            x: Its column (px).
            y: Its row (px).
            gray: Its gray value, 0 … 255, as the model gets it.
            probability: Of a defect, 0 … 1; None when it is not known.
            raw: Its value in a file of 16 bits; None when it is not known.
            defect: Name of the class that is marked there; empty for none.
        """
        parts = [f"x {x}  y {y}"]
        if gray is not None:
            parts.append(f"{gray}" if raw is None else f"{gray} (16 bit {raw:,})")
        if probability is not None:
            parts.append(f"{probability:.2f}")
        if defect:
            parts.append(defect)
        self._cursor.setText("  ·  ".join(parts))
        self._cursor.setToolTip(_CURSOR_TOOLTIP)

    def clear_cursor_info(self) -> None:
        """Show no pixel."""
        self._cursor.clear()


def job_text(job: JobView) -> str:
    """Return a job in a line: "Predicting 143 / 2,000 · 12 img/s · 2 min left"."""
    parts = [f"{job.text} {job.done:,} / {job.total:,}" if job.total else job.text]
    if job.paused:
        parts.append("paused")
    elif job.rate:
        parts.append(_rate_text(job.rate, job.unit))
    if job.seconds_left is not None:
        parts.append(f"{duration_text(job.seconds_left)} left")
    return " · ".join(parts)


def _rate_text(rate: float, unit: str) -> str:
    """Return a rate, or where it is low what one takes: "12 img/s", "0.5 img/s", "20 s/img"."""
    if rate >= 10:
        return f"{rate:.0f} {unit}/s"
    return f"{rate:.1f} {unit}/s" if rate >= 0.5 else f"{duration_text(1 / rate)}/{unit}"


def duration_text(seconds: float) -> str:
    """Return a duration as short as it is useful: "40 s", "2 min", "1 h 20 min"."""
    if round(seconds) < _MINUTE:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / _MINUTE)
    if minutes < _HOUR // _MINUTE:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
