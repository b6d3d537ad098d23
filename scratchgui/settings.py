"""The user's settings: every option in one file, with its type, its default and what it may be.

A dataclass with small checks instead of pydantic: this is on the way to the first window, and pydantic's import alone
takes a quarter of the time that the start may take.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from scratchgui import paths
from scratchgui.core.errors import UserError
from scratchgui.core.files import atomic_write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_log = logging.getLogger(__name__)

SCHEMA_VERSION = 1
SETTINGS_FILE = "settings.json"


def _one_of(*values: str) -> Callable[[object], bool]:
    return lambda value: value in values


def _number(low: float, high: float) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _whole(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _texts_by_name(value: object) -> bool:
    return isinstance(value, dict) and all(map(_text, value)) and all(map(_text, value.values()))


def _flags_by_name(value: object) -> bool:
    return isinstance(value, dict) and all(map(_text, value)) and all(map(_flag, value.values()))


def _texts_or_flags_by_name(value: object) -> bool:
    return isinstance(value, dict) and all(map(_text, value)) and all(_text(v) or _flag(v) for v in value.values())


@dataclass(frozen=True)
class Settings:
    """What the user chose. To add an option, add a line.

    Attributes:
        theme: "system", "light" or "dark".
        user_name: Name written into annotations and reports; empty for the name of the login.
        training_minutes: Time a training may take (min).
        training_until_best: Whether a training goes on until it stops improving, whatever `training_minutes` says.
        learn_from_unapproved: Whether trainings learn from images that are corrected and not approved too.
        variation: How training images are varied, by the names of `scratchgui.core.augmentation.Augmentation`.
        autosave_seconds: Pause after the last edit before it is saved (s).
        brush_size: Diameter of the brush (px).
        speck_area: Defects smaller than this are specks (px²).
        gap_length: Longest gap in a scratch that can be closed (px).
        overlay_opacity: How much the mask covers the image (0 … 1).
        overlay_visible: Whether the mask is drawn.
        show_boxes: Whether boxes are drawn around defects.
        show_mini_map: Whether a small picture of the whole image shows where the view is.
        show_scale_bar: Whether a bar shows lengths.
        show_rulers: Whether rulers run along the canvas's edges.
        show_panels: Whether queue and inspector are open.
        collapsed: Sections of the inspector that are closed, by name.
        shortcuts: Keys the user chose, by action; several are separated by "; ".
        recent: Folders opened last, the latest first.
        window_geometry: Place and size of the window, as hexadecimal digits.
        panels: Widths of the panels, as hexadecimal digits.
        queue_sort: Order of the queue.
        device: Where models run: "auto", "cpu", "gpu" (Intel), "cuda", "mps".
        precision: What models compute in: "auto", "f32", "bf16", "int8".
        tile: Edge of the tiles that an image is cut into for the model (px).
        resize: Longer side to which larger images are scaled down for the model (px); 0 for none.
        flips: Whether the model looks at each image mirrored too.
        reduce_motion: Nothing moves on the screen.
        seen_hints: Hints that were shown once, by name.
    """

    theme: Annotated[str, _one_of("system", "light", "dark")] = "system"
    user_name: Annotated[str, _text] = ""
    training_minutes: Annotated[float, _number(0.05, 24 * 60)] = 2.0
    training_until_best: Annotated[bool, _flag] = False
    learn_from_unapproved: Annotated[bool, _flag] = True
    variation: Annotated[dict[str, str | bool], _texts_or_flags_by_name] = field(default_factory=dict)
    autosave_seconds: Annotated[float, _number(0.1, 60)] = 1.0
    brush_size: Annotated[int, _whole(1, 500)] = 20
    speck_area: Annotated[int, _whole(1, 9_999)] = 8
    gap_length: Annotated[int, _whole(1, 200)] = 10
    overlay_opacity: Annotated[float, _number(0, 1)] = 0.45
    overlay_visible: Annotated[bool, _flag] = True
    show_boxes: Annotated[bool, _flag] = True
    show_mini_map: Annotated[bool, _flag] = True
    show_scale_bar: Annotated[bool, _flag] = True
    show_rulers: Annotated[bool, _flag] = False
    show_panels: Annotated[bool, _flag] = True
    collapsed: Annotated[dict[str, bool], _flags_by_name] = field(default_factory=dict)
    shortcuts: Annotated[dict[str, str], _texts_by_name] = field(default_factory=dict)
    recent: Annotated[list[str], _texts] = field(default_factory=list)
    window_geometry: Annotated[str, _text] = ""
    panels: Annotated[str, _text] = ""
    queue_sort: Annotated[str, _text] = ""
    device: Annotated[str, _one_of("auto", "cpu", "gpu", "cuda", "mps")] = "auto"
    precision: Annotated[str, _one_of("auto", "f32", "bf16", "int8")] = "auto"
    tile: Annotated[int, _whole(128, 4096)] = 512
    resize: Annotated[int, _whole(0, 16_384)] = 0
    flips: Annotated[bool, _flag] = False
    reduce_motion: Annotated[bool, _flag] = False
    seen_hints: Annotated[dict[str, bool], _flags_by_name] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, check in _checks().items():
            value = getattr(self, name)
            if not check(value):
                raise ValueError(f"{value!r} is not a possible value of the setting {name}")

    def changed(self) -> dict[str, object]:
        """Return the options that differ from their defaults."""
        default = asdict(Settings())
        return {name: value for name, value in asdict(self).items() if value != default[name]}


@cache
def _checks() -> dict[str, Callable[[object], bool]]:
    """Return the check of each option, from its annotation."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


class SettingsStore:
    """Settings and their file.

    Attributes:
        path: The file.
        value: The settings now.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or paths.config_dir() / SETTINGS_FILE
        self.value = Settings()

    def load(self) -> Settings:
        """Read the file; whatever is wrong with it is logged and replaced by defaults, option by option.

        A file that cannot be read as a whole is put aside, so that saving does not destroy what may be mended.
        """
        self.value = Settings()
        for name, content in self._read().items():
            if name == "version":
                continue
            try:
                self.value = replace(self.value, **{name: content})
            except (TypeError, ValueError) as error:
                _log.warning("A setting is left out: %s", error)
        return self.value

    def update(self, **changes: Any) -> None:
        """Change options and write the file when something changed.

        Raises:
            ValueError: A value that the option cannot have.
            TypeError: There is no such option.
            UserError: The file cannot be written; the change holds until the program ends.
        """
        before, self.value = self.value, replace(self.value, **changes)
        if self.value != before:
            self.save()

    def save(self) -> None:
        """Write what differs from the defaults.

        Raises:
            UserError: The file cannot be written.
        """
        try:
            atomic_write_json(self.path, {"version": SCHEMA_VERSION, **self.value.changed()})
        except OSError as error:
            raise UserError(f"The settings cannot be saved ({error.strerror})", path=self.path) from error

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            _log.warning("The settings cannot be read, defaults are used: %s", error)
            return {}
        except (ValueError, RecursionError):
            content = None
        if isinstance(content, dict):
            return content
        self._put_aside()
        return {}

    def _put_aside(self) -> None:
        aside = self.path.with_name("settings.broken.json")
        _log.warning("The settings file is damaged, defaults are used; the old file is now %s", aside)
        try:
            os.replace(self.path, aside)
        except OSError as error:
            _log.warning("The damaged settings file stays: %s", error)
