"""Why the momentum of smp's EfficientNet is raised: in a short training its statistics lag behind its weights."""

from __future__ import annotations

import pytest
import segmentation_models_pytorch as smp
import torch
from torch import nn

from training.loss import BceDice
from training.network import adapt_batch_norm
from training.synth import make_scene

STEPS = 30


pytestmark = pytest.mark.usefixtures("one_thread")


def dice(model: nn.Module, pixels: torch.Tensor, truth: torch.Tensor) -> float:
    with torch.no_grad():
        marked = (model(pixels) > 0).float()
    return float(2 * (marked * truth).sum() / (marked.sum() + truth.sum()))


def learned_by_heart(seed: int, *, adapted: bool) -> tuple[float, float]:
    """Dice on the one image learned, not averaged: with the batch's own statistics, and in evaluation mode."""
    scene = make_scene(seed, 64, 64, clean=False)
    pixels = ((torch.from_numpy(scene.image).permute(2, 0, 1)[None].float() / 255 - 0.45) / 0.22).repeat(2, 1, 1, 1)
    truth = torch.from_numpy(scene.mask)[None, None].float().repeat(2, 1, 1, 1)
    torch.manual_seed(0)
    model = smp.Unet("efficientnet-b0", encoder_weights=None)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.01
    if adapted:
        adapt_batch_norm(model)
    optimizer, loss = torch.optim.AdamW(model.parameters(), lr=3e-3), BceDice()
    model.train()
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(model(pixels), truth).backward()
        optimizer.step()
    in_evaluation = dice(model.eval(), pixels, truth)
    return dice(model.train(), pixels, truth), in_evaluation


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_short_run_keeps_its_mask_in_evaluation_mode(seed: int) -> None:
    learned, kept = learned_by_heart(seed, adapted=True)
    same_learned, lagging = learned_by_heart(seed, adapted=False)
    assert learned > 0.9 and same_learned == pytest.approx(learned, abs=0.02)
    assert kept > 0.8
    assert lagging < kept - 0.1, "with the momentum of 0.01 the same weights mark worse"
