from __future__ import annotations

import json

import pytest

from scratchgui.core.protocol import (
    Event,
    Failed,
    Finished,
    Note,
    Paused,
    Progress,
    Stage,
    Started,
    Validated,
    decode,
    encode,
)

EVENTS: list[Event] = [
    Started(steps=100, epochs=5, train_images=8, validation_images=2, device="cpu", images_per_epoch=64),
    Progress(1, 100, 1, 5, 0.7, 1e-4, 12.5),
    Progress(2, 100, 1, 5, 0.6, 1e-4, 12.5, seconds_left=8.0),
    Validated(1, None, None, best=True),
    Stage("export", "Writing the model – für später"),
    Validated(2, 0.7, 0.1, best=True, region_recall=0.9, examples=["2-a.png"]),
    Note("Memory ran out: batches of 4 instead of 8."),
    Paused(True),
    Finished("/runs/1/bundle", True, "It finds more.", {"dice": None}, {"dice": 0.8}, 2, 2, stopped=True, model="m2"),
    Failed("The memory is full.", "Traceback\n  line\n"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_survives_as_one_line(event: Event) -> None:
    line = encode(event)
    assert "\n" not in line
    assert decode(line) == event
    assert decode(line.encode() + b"\r\n") == event


def test_fields_of_a_newer_training_are_ignored() -> None:
    value = json.loads(encode(Stage("export", "Writing"))) | {"percent": 7}
    assert decode(json.dumps(value)) == Stage("export", "Writing")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Downloading: 100%|████| 20M/20M",
        "{",
        "[]",
        '["event"]',
        '"started"',
        "7",
        "null",
        "{}",
        '{"event": "unknown"}',
        '{"event": ["started"]}',
        '{"event": "started"}',
        b"\xff\xfe\x00",
        "[" * 100_000,
    ],
    ids=repr,
)
def test_other_output_is_no_event(line: str | bytes) -> None:
    assert decode(line) is None
