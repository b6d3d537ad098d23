"""Expected trouble: errors whose text is one clear sentence for the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class UserError(Exception):
    """Something the user can understand and act on; everything else is a bug.

    Attributes:
        message: What went wrong, without the file.
        path: The file or folder it is about.
        hint: What to do about it.
    """

    def __init__(self, message: str, *, path: Path | None = None, hint: str = "") -> None:
        self.message = message
        self.path = path
        self.hint = hint
        where = f": {path}" if path is not None else ""
        what_now = f" {hint}" if hint else ""
        super().__init__(f"{message.rstrip('.')}{where}.{what_now}")


class ImageReadError(UserError):
    """An image file cannot be read."""


class ProjectError(UserError):
    """A project folder cannot be opened, read or written."""


class AnnotationError(UserError):
    """An image's mask or its status file is damaged or does not fit."""


class BundleError(UserError):
    """A model on disk is missing, damaged or does not fit."""


class PrecisionError(UserError):
    """A model or a device does not compute in the wanted precision."""


class TrainingError(UserError):
    """A training cannot start or cannot go on."""
