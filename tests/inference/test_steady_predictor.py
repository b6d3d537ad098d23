"""When memory runs out the job goes on with less of everything, and says so."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from tiny_model import scratched

from scratchgui.core.errors import UserError
from scratchgui.inference.engine import EngineClosed
from scratchgui.inference.percents import round_to_percents
from scratchgui.inference.predictor import Cancelled, PredictSettings
from scratchgui.inference.steady_predictor import SteadyPredictor, is_out_of_memory

NEEDS = {"f32": 4, "bf16": 2}
IMAGE = scratched(500, 700, (10, 200, 690, 260))
EXPECTED = 255 - IMAGE[None]
round_to_percents(EXPECTED)


class Machine:
    """Opens engines that need memory for their tiles, and has so much of it (bytes for a device)."""

    def __init__(self, cpu: int, cuda: int = 0, *, error: type[Exception] = MemoryError) -> None:
        self.memory = {"cpu": cpu, "cuda": cuda}
        self.error = error
        self.open: list[Engine] = []

    def __call__(self, device: str, precision: str) -> Engine:
        engine = Engine(self, device, "f32" if precision == "auto" else precision)
        self.open.append(engine)
        return engine


class Engine:
    name = "short of memory"
    ahead = 2

    def __init__(self, machine: Machine, device: str, precision: str) -> None:
        self.machine, self.device, self.precision = machine, device, precision
        self.batch = 8 if device == "cuda" else 1

    def infer(self, tiles: np.ndarray) -> np.ndarray:
        if self not in self.machine.open:
            raise EngineClosed
        if tiles[..., 0].size * NEEDS[self.precision] > self.machine.memory[self.device]:
            raise self.machine.error("[ GENERAL_ERROR ] std::bad_alloc")
        return 1 - np.asarray(tiles[..., :1].transpose(0, 3, 1, 2), np.float32) / 255

    def close(self) -> None:
        self.machine.open.remove(self)


def steady(tiny_bundle, machine, device="cpu"):
    predictor = SteadyPredictor(tiny_bundle, PredictSettings(), machine, (device, "auto"))
    said: list[str] = []
    predictor.told = said.append
    return predictor, said


@pytest.mark.parametrize("error", [MemoryError, RuntimeError])
def test_batches_then_tiles_then_precision_then_the_processor(tiny_bundle, error):
    machine = Machine(cpu=10**9, cuda=0, error=error)
    predictor, said = steady(tiny_bundle, machine, "cuda")
    found = predictor.predict(IMAGE)
    assert np.array_equal(found.probability, EXPECTED)
    assert [sentence.split("goes on ")[1] for sentence in said] == [
        "with 4 tiles at a time.",
        "with 2 tiles at a time.",
        "with one tile at a time.",
        "with smaller tiles (256 px).",
        "with smaller tiles (128 px).",
        "with lower precision (bf16).",
        "on the processor, which is slower.",
    ]
    assert [engine.device for engine in machine.open] == ["cpu"]
    assert found.settings == PredictSettings()


def test_what_was_given_up_once_stays_so_and_nothing_is_said_again(tiny_bundle):
    predictor, said = steady(tiny_bundle, Machine(cpu=300 * 300 * 4))
    predictor.predict(IMAGE)
    predictor.predict(IMAGE)
    assert said == ["Memory is short: the model goes on with smaller tiles (256 px)."]


def test_without_any_memory_one_sentence_says_what_to_do(tiny_bundle):
    predictor, _ = steady(tiny_bundle, Machine(cpu=10))
    with pytest.raises(UserError, match="not enough memory") as caught:
        predictor.predict(IMAGE)
    assert "Close other programs" in str(caught.value)


def test_images_side_by_side_take_each_step_once(tiny_bundle):
    predictor, said = steady(tiny_bundle, Machine(cpu=300 * 300 * 4))
    begin = threading.Barrier(4)

    def work(_: int) -> np.ndarray:
        begin.wait(10)
        return predictor.predict(IMAGE).probability[0]

    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(work, range(4)):
            assert np.array_equal(found, EXPECTED[0])
    assert len(said) == 1


def test_the_processor_can_be_asked_for_less_precision_too(tiny_bundle):
    predictor, said = steady(tiny_bundle, Machine(cpu=128 * 128 * 2), "cuda")
    assert np.array_equal(predictor.predict(IMAGE).probability, EXPECTED)
    assert said[-2:] == [
        "Memory is short: the model goes on on the processor, which is slower.",
        "Memory is short: the model goes on with lower precision (bf16).",
    ]


def test_an_image_in_work_goes_on_when_another_one_lets_the_engine_be_replaced(tiny_bundle):
    machine = Machine(cpu=128 * 128 * 2)
    predictor, _ = steady(tiny_bundle, machine)
    small = scratched(60, 60, (5, 30, 50, 30))
    expected = 255 - small[None]
    round_to_percents(expected)
    begun: list[float] = []

    def meanwhile(done: float) -> None:
        begun.append(done)
        if len(begun) == 1:
            predictor.predict(IMAGE)

    assert np.array_equal(predictor.predict(small, told=meanwhile).probability, expected)
    assert len(begun) == 2, "it was begun once more"
    assert [engine.precision for engine in machine.open] == ["bf16"]


def test_other_errors_and_a_cancel_come_through(tiny_bundle):
    predictor, said = steady(tiny_bundle, Machine(cpu=10, error=ValueError))
    with pytest.raises(ValueError, match="bad_alloc"):
        predictor.predict(IMAGE)
    with pytest.raises(Cancelled):
        predictor.predict(IMAGE, cancelled=lambda: True)
    assert said == []


def test_the_libraries_own_words_are_known():
    with pytest.raises(cv2.error) as caught:
        np.asarray(cv2.resize(np.zeros((4, 4), np.uint8), (2**30, 2**30)))
    assert is_out_of_memory(caught.value)
    assert is_out_of_memory(RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"))
    assert is_out_of_memory(type("OutOfMemoryError", (RuntimeError,), {})("hip"))
    assert not is_out_of_memory(RuntimeError("shapes differ"))
