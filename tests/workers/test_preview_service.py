"""The process that draws varied crops, as the window asks it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from training_files import picture

from scratchgui.core.augmentation import Augmentation
from scratchgui.core.preview import PreviewOrder
from scratchgui.workers.preview_service import PreviewService

IMPORTING_MS = 60_000

# Answers each order with the seed that it was given, slowly enough for orders to meet.
_CHILD = """
import json, sys, time
print("a library says something", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    time.sleep(0.05)
    print(json.dumps({"out": str(order["seed"])}), flush=True)
    if order["seed"] == 99:
        sys.exit(3)
"""


def order(seed: int, image: str = "a.png") -> PreviewOrder:
    return PreviewOrder(image=image, out="", seed=seed, crop=32, columns=2, rows=1)


@pytest.fixture
def service(qtbot) -> Iterator[PreviewService]:
    service = PreviewService(command=[sys.executable, "-c", _CHILD])
    yield service
    service.stop()


def test_the_real_process_draws_crops(qtbot, tmp_path: Path):
    image, _ = picture(1, (64, 64), clean=False)
    cv2.imwrite(str(tmp_path / "a.png"), image)
    service = PreviewService()
    with qtbot.waitSignal(service.drawn, timeout=IMPORTING_MS) as drawn:
        service.draw(order(1, str(tmp_path / "a.png")).model_copy(update={"augmentation": Augmentation.at("none")}))
    assert cv2.imread(drawn.args[0]).shape == (32, 68, 3)
    with qtbot.waitSignal(service.failed, timeout=IMPORTING_MS) as failed:
        service.draw(order(1, str(tmp_path / "gone.png")))
    assert "gone.png" in failed.args[0]
    service.stop()
    assert not Path(drawn.args[0]).exists()


def test_of_many_orders_the_newest_is_told(qtbot, service: PreviewService):
    told: list[str] = []
    service.drawn.connect(told.append)
    for seed in range(8):
        service.draw(order(seed))
    qtbot.waitUntil(lambda: told[-1:] == ["7"])
    assert told == ["7"]


def test_a_process_that_ends_is_told_and_started_again(qtbot, service: PreviewService):
    with qtbot.waitSignal(service.failed):
        service.draw(order(99))
    with qtbot.waitSignal(service.drawn) as drawn:
        service.draw(order(5))
    assert drawn.args == ["5"]


def test_a_process_that_cannot_be_started_is_told(qtbot):
    service = PreviewService(command=["/no/such/program"])
    with qtbot.waitSignal(service.failed) as failed:
        service.draw(order(1))
    assert "could not be started: No such file" in failed.args[0]


def test_a_process_that_is_stopped_says_nothing_to_the_one_after_it(qtbot, service: PreviewService):
    told: list[str] = []
    service.drawn.connect(told.append)
    service.failed.connect(told.append)
    service.draw(order(1))
    service.stop()
    with qtbot.waitSignal(service.drawn):
        service.draw(order(2))
    with qtbot.waitSignal(service.drawn):
        service.draw(order(3))
    assert told == ["2", "3"]


def test_a_process_that_listens_to_nobody_is_ended(qtbot):
    service = PreviewService(command=[sys.executable, "-c", "import time; time.sleep(600)"])
    service.draw(order(1))
    assert service._child is not None
    process = service._child._process
    service.stop()
    assert process.returncode is not None
