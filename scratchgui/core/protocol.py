"""What a training says, in the events of its folder: one JSON object a line.

Standard library only: both sides import it, and one of them before anything else.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields


@dataclass(frozen=True, slots=True)
class Started:
    """The training begins.

    `steps` and `epochs` may shrink when a time budget is fitted; `Progress` carries the current numbers.
    `resumed_step` is the step that an interrupted training goes on from.
    """

    steps: int
    epochs: int
    train_images: int
    validation_images: int
    device: str
    images_per_epoch: int
    resumed_step: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """One optimization step is done."""

    step: int
    steps: int
    epoch: int
    epochs: int
    loss: float
    learning_rate: float
    images_per_second: float
    seconds_left: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True, slots=True)
class Validated:
    """The validation split was scored; None where a score is undefined.

    `examples` are names of pictures in the folder `examples` of the run: what the model marks now.
    """

    epoch: int
    dice: float | None
    false_alarm_rate: float | None
    best: bool
    region_recall: float | None = None
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the work without steps of its own begins: `text` is a sentence for the user."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the user is told and that is no error: `text` is a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The training waits, or goes on."""

    paused: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """A complete bundle is on disk and was compared with the model in use.

    Attributes:
        bundle: Folder of the new bundle.
        better: Whether the new model should be used.
        reason: The sentence for the user that says why.
        old: Scores of the model in use, by metric name; None where undefined.
        new: Scores of the new model.
        improved: Validation images on which the new model is better.
        compared: Validation images compared.
        stopped: Whether the user stopped early.
        model: Id of the new model.
        comparison: Name of the file in the run folder that holds the whole comparison; "" where there is none.
    """

    bundle: str
    better: bool
    reason: str
    old: dict[str, float | None] = field(default_factory=dict)
    new: dict[str, float | None] = field(default_factory=dict)
    improved: int = 0
    compared: int = 0
    stopped: bool = False
    model: str = ""
    comparison: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The training ended without a model: `message` is one sentence for the user, `details` a traceback."""

    message: str
    details: str = ""


Event = Started | Progress | Validated | Stage | Note | Paused | Finished | Failed

_TYPES: dict[str, type[Event]] = {
    "started": Started,
    "progress": Progress,
    "validated": Validated,
    "stage": Stage,
    "note": Note,
    "paused": Paused,
    "finished": Finished,
    "failed": Failed,
}
_TAGS = {kind: tag for tag, kind in _TYPES.items()}


def encode(event: Event) -> str:
    """Return the event as one line of JSON, without the line's end."""
    return json.dumps({"event": _TAGS[type(event)], **asdict(event)}, ensure_ascii=False)


def decode(line: str | bytes) -> Event | None:
    """Return the event in `line`, or None when the line is something else (a library's own output, say).

    Fields that this version does not know are ignored, so that an older window can read a newer training.
    """
    try:
        value = json.loads(line)
        kind = _TYPES[value.pop("event")]
        known = {item.name for item in fields(kind)}
        return kind(**{name: content for name, content in value.items() if name in known})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
