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


def test_pixels_where_nobody_looked_teach_nothing() -> None:
    target = torch.zeros(2, 1, 32, 32)
    target[:, :, 10:12] = 1
    target[:, :, 16:] = -1
    answer = torch.zeros(2, 1, 32, 32, requires_grad=True)
    loss = BceDice()(answer, target)
    loss.backward()
    assert answer.grad is not None
    assert (answer.grad[:, :, 16:] == 0).all() and (answer.grad[:, :, :16] != 0).all()
    loud = torch.where(target == -1, 20.0, 0.0)
    assert BceDice()(loud, target) == pytest.approx(float(loss.detach()))


def test_a_pixel_counts_the_same_whatever_else_was_looked_at() -> None:
    """In cross-entropy: else the few pixels of a half-corrected image would count as much as a whole image."""
    gradients = []
    for seen in (2, 32):
        target = torch.full((1, 1, 32, 32), -1.0)
        target[:, :, :seen] = 0
        answer = torch.zeros(1, 1, 32, 32, requires_grad=True)
        BceDice()(answer, target).backward()
        assert answer.grad is not None
        gradients.append(float(answer.grad[0, 0, 0, 0]))
    assert gradients[0] == pytest.approx(gradients[1])


def test_a_batch_nobody_looked_at_teaches_nothing_and_breaks_nothing() -> None:
    answer = logits(3.0)
    loss = BceDice()(answer, torch.full((2, 1, 32, 32), -1.0))
    loss.backward()
    assert float(loss.detach()) == 0 and answer.grad is not None and (answer.grad == 0).all()


def test_class_weights_shift_the_loss_towards_a_class() -> None:
    target = torch.zeros(1, 2, 32, 32)
    target[:, :, 4:8] = 1
    wrong_in_second = (target * 2 - 1) * 20
    wrong_in_second[:, 1] *= -1
    even, towards, away = (
        float(BceDice(weights)(wrong_in_second, target)) for weights in (None, [1.0, 3.0], [6.0, 2.0])
    )
    assert even == pytest.approx(float(BceDice([2.0, 2.0])(wrong_in_second, target)))
    assert towards == pytest.approx(1.5 * even) and away == pytest.approx(0.5 * even)
