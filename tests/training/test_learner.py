"""One step: what it does when memory runs out, when a batch is odd, and while the encoder stays as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn
from training_runs import small_start

from scratchgui.core.errors import TrainingError
from scratchgui.core.protocol import Event, Note
from training.config import TrainConfig
from training.learner import Learner
from training.memory import memory_in_a_sentence
from training.processes import Processes

pytestmark = pytest.mark.usefixtures("one_thread")


def batch(crops: int) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(1)
    target = torch.zeros(crops, 1, 64, 64)
    target[:, :, 20:30] = 1
    return torch.randn(crops, 3, 64, 64, generator=random) + target, target


def too_much(limit: int) -> Callable[[nn.Module, tuple[torch.Tensor]], None]:
    """Ask torch for more memory than any machine has when more than some crops come at once."""

    def ask(_: nn.Module, inputs: tuple[torch.Tensor]) -> None:
        if len(inputs[0]) > limit:
            torch.empty(2**60, dtype=torch.uint8)

    return ask


class Case:
    def __init__(self, *, limit: int = 1000, **settings: object) -> None:
        self.told: list[Event] = []
        usual = {"batch_size": 8, "lr": 1e-3, "device": "cpu", "deterministic": True}
        config = TrainConfig.model_validate({**usual, **settings})
        self.model = small_start().model
        self.model.register_forward_pre_hook(too_much(limit))  # type: ignore[arg-type]
        self.learner = Learner(self.model, config, Processes(config), self.told.append)
        self.learner.freeze_encoder(False)

    def learn(self, step: int = 0, crops: int = 8) -> float:
        return float(self.learner.learn(*batch(crops), rate=1.0, step=step))


def test_a_batch_that_is_too_large_goes_through_in_parts_and_the_user_is_told() -> None:
    case = Case(limit=3)
    before = case.learn()
    assert [event.text for event in case.told if isinstance(event, Note)] == [
        "Memory ran out: 4 crops at a time instead of 8.",
        "Memory ran out: 2 crops at a time instead of 4.",
    ]
    after = [case.learn(step) for step in range(1, 25)][-1]
    assert after < before, "it learns all the same"
    assert len(case.told) == 2, "and does not run out again"


def test_parts_add_up_to_the_gradient_of_the_batch() -> None:
    """With statistics that stay as they are, and the same share of defects in each part, nothing else differs."""
    gradients = []
    for limit in (8, 2):
        case = Case(limit=limit, largest_gradient=1e9)
        for module in case.model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        case.learn()
        gradients.append(torch.cat([item.grad.flatten() for item in case.model.parameters() if item.grad is not None]))
    assert (gradients[0] - gradients[1]).norm() < 0.05 * gradients[0].norm()


def test_when_a_single_crop_does_not_fit_the_user_reads_a_sentence() -> None:
    case = Case(limit=0)
    with pytest.raises(TrainingError, match="not enough memory for this training"), memory_in_a_sentence():
        case.learn()


def test_other_errors_are_not_taken_for_a_lack_of_memory() -> None:
    case = Case()
    with pytest.raises(RuntimeError, match="channels"):
        case.learner.learn(torch.zeros(2, 4, 64, 64), torch.zeros(2, 1, 64, 64), rate=1.0, step=0)
    assert not case.told


def test_a_batch_that_makes_no_number_changes_nothing() -> None:
    case = Case()
    case.learn()
    kept = {name: value.clone() for name, value in case.model.named_parameters()}
    images, target = batch(8)
    images[0, 0, 0, 0] = float("nan")
    case.learner.learn(images, target, rate=1.0, step=1)
    assert all(torch.equal(value, kept[name]) for name, value in case.model.named_parameters())


def test_a_frozen_encoder_and_its_statistics_stay_as_they_are() -> None:
    case = Case()
    case.learner.freeze_encoder(True)
    encoder = case.model.get_submodule("encoder")
    kept = {name: value.clone() for name, value in encoder.state_dict().items()}
    decoder = [value.clone() for value in case.model.get_submodule("decoder").parameters()]
    case.learn()
    assert all(torch.equal(value, kept[name]) for name, value in encoder.state_dict().items())
    pairs = zip(decoder, case.model.get_submodule("decoder").parameters(), strict=True)
    assert any(not torch.equal(before, after) for before, after in pairs)
    case.learner.freeze_encoder(False)
    case.learn(1)
    assert any(not torch.equal(value, kept[name]) for name, value in encoder.state_dict().items())


def test_bfloat16_learns_too() -> None:
    case = Case(precision="bfloat16")
    first = case.learn()
    assert [case.learn(step) for step in range(1, 25)][-1] < first
    assert all(value.dtype == torch.float32 for value in case.model.parameters())
