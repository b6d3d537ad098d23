"""How verdicts and review states look: icon, word and color token, never color alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from scratchgui.core.project import ReviewStatus
from scratchgui.core.verdict import Verdict

if TYPE_CHECKING:
    from scratchgui.core.project import ImageRecord


class Look(NamedTuple):
    """An icon's name, the word beside it and the color token of both."""

    icon: str
    word: str
    token: str


VERDICT_LOOKS: Final = {
    Verdict.OK: Look("verdict-ok", "OK", "ok"),
    Verdict.REVIEW: Look("verdict-review", "REVIEW", "review"),
    Verdict.NG: Look("verdict-ng", "NG", "ng"),
}

_NEW: Final = Look("status-new", "Not looked at", "muted")
_SEEN: Final = Look("status-new", "Seen, not predicted", "disabled")
_PREDICTED: Final = Look("status-predicted", "Predicted, to be reviewed", "muted")
_STALE: Final = Look("status-predicted", "Predicted before, to be reviewed", "disabled")
_CORRECTED: Final = Look("status-corrected", "Corrected, to be approved", "text")
_APPROVED: Final = Look("status-approved", "Approved", "ok")
_CLEAN: Final = Look("status-approved", "Approved as clean", "ok")
_FAILED: Final = Look("status-failed", "Cannot be read", "ng")


def verdict_look(record: ImageRecord) -> Look | None:
    """Return the verdict of an image, in gray while it is that of a stale prediction; None without one."""
    if record.verdict is None:
        return None
    look = VERDICT_LOOKS[record.verdict]
    return look._replace(token="muted") if record.is_stale and record.status is ReviewStatus.NEW else look


def status_tip(record: ImageRecord) -> str:
    """Return what the dot of an image means and, where its prediction is stale, whose it is."""
    if record.failure is not None:
        return record.failure
    word = status_look(record).word
    return f"{word}\nMade by {record.made_by}; it is being renewed." if record.is_stale else word


def status_look(record: ImageRecord) -> Look:
    """Return the dot of an image: hollow, half, filled, tick or cross."""
    if record.failure is not None:
        return _FAILED
    if record.status is ReviewStatus.APPROVED:
        return _CLEAN if record.clean else _APPROVED
    if record.status is ReviewStatus.CORRECTED:
        return _CORRECTED
    if record.predicted:
        return _PREDICTED
    if record.is_stale:
        return _STALE
    return _SEEN if record.seen else _NEW
