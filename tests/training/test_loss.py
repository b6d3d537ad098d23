from __future__ import annotations

import pytest
import torch

from training.loss import BceDice


def logits(value: float, shape: tuple[int, ...] = (2, 1, 32, 32)) -> torch.Tensor:
    return torch.full(shape, value, requires_grad=True)


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16, torch.float16])
def test_a_batch_of_clean_images_has_a_finite_loss_that_rewards_silence(kind: torch.dtype) -> None:
    clean = torch.zeros(2, 1, 32, 32)
    loud, silent = logits(2.0), logits(-6.0)
    loss = BceDice()(loud.to(kind), clean)
    loss.backward()
    assert torch.isfinite(loss)
    assert loud.grad is not None and torch.isfinite(loud.grad).all() and (loud.grad > 0).all()
    assert BceDice()(silent.to(kind), clean) < 0.01 < loss


def test_a_perfect_answer_costs_nothing_and_a_missed_defect_much() -> None:
    target = torch.zeros(2, 1, 32, 32)
    target[:, :, 10:12] = 1
    right = (target * 2 - 1) * 20
    assert BceDice()(right, target) < 1e-3
    # The defect is 6% of the pixels: cross-entropy alone hardly sees it, Dice does.
    assert BceDice()(torch.full_like(target, -20.0), target) > 1.5


def test_a_class_that_is_absent_from_a_batch_does_not_disturb_the_others() -> None:
    target = torch.zeros(1, 3, 32, 32)
    target[:, 1, :4] = 1
    answer = (target * 2 - 1) * 20
    assert BceDice()(answer, target) < 1e-3
