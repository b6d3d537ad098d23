from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pytest
import segmentation_models_pytorch as smp
import torch
from torch import Tensor, nn

from training.depthwise import QuickDepthwise

BFLOAT16_ERROR = 0.005


def gradients(
    images: Tensor, layer: nn.Module, way: AbstractContextManager[object], *, mixed: bool = True
) -> tuple[Tensor, Tensor]:
    """Gradients into the images and into the first parameter of a loss that treats no pixel like another."""
    images = images.clone().requires_grad_()
    layer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=mixed), way:
        found = layer(images)
    ramp = torch.linspace(0, 40, found.numel()).sin().reshape(found.shape)
    (found.float() * ramp).sum().backward()
    weight = next(layer.parameters()).grad
    assert images.grad is not None and weight is not None
    return images.grad, weight


def error(value: Tensor, exact: Tensor) -> float:
    return float((value - exact).norm() / exact.norm())


@pytest.mark.parametrize(
    ("channels", "side", "kernel", "stride", "padding"),
    [(6, 21, 5, 1, 0), (6, 21, 3, 2, 0), (6, 20, 3, 2, 1), (6, 19, 5, 2, 2), (6, 16, 4, 2, 1), (6, 12, 3, 1, 1)],
)
def test_gradients_are_those_of_32_bits_within_the_precision_of_16(
    channels: int, side: int, kernel: int, stride: int, padding: int
) -> None:
    torch.manual_seed(0)
    images = torch.randn(2, channels, side, side + 3).to(memory_format=torch.channels_last)
    layer = nn.Conv2d(channels, channels, kernel, stride, padding, groups=channels, bias=False)
    exact = gradients(images, layer, nullcontext(), mixed=False)
    quick = gradients(images, layer, QuickDepthwise())
    assert all(error(value, truth) < BFLOAT16_ERROR for value, truth in zip(quick, exact, strict=True))
    assert quick[0].dtype == quick[1].dtype == torch.float32


@pytest.mark.parametrize(("encoder", "depthwise"), [("efficientnet-b0", 11), ("mobilenet_v2", 4)])
def test_encoders_of_all_kinds_are_reached(encoder: str, depthwise: int) -> None:
    model = smp.Unet(encoder, encoder_weights=None).eval()
    with torch.autocast("cpu", torch.bfloat16), QuickDepthwise():
        found = model(torch.randn(1, 3, 64, 64))
    seen, waiting = set(), [found.grad_fn]
    while waiting:
        if (node := waiting.pop()) is not None and node not in seen:
            seen.add(node)
            waiting += [before for before, _ in node.next_functions]
    assert sum("Depthwise" in type(node).__name__ for node in seen) == depthwise


def test_a_network_learns_the_same_as_without() -> None:
    torch.manual_seed(0)
    model = smp.Unet("efficientnet-b0", encoder_weights=None).eval()
    images = torch.randn(2, 3, 64, 64)
    exact = gradients(images, model, nullcontext(), mixed=False)
    usual = gradients(images, model, nullcontext())
    quick = gradients(images, model, QuickDepthwise())
    for place in (0, 1):
        assert error(quick[place], exact[place]) < 1.2 * error(usual[place], exact[place])


def test_nothing_else_changes() -> None:
    torch.manual_seed(0)
    images = torch.randn(2, 6, 20, 20)
    layers = [
        nn.Conv2d(6, 6, 5, groups=6),  # with a bias
        nn.Conv2d(6, 12, 5, groups=6, bias=False),
        nn.Conv2d(6, 4, 5, bias=False),
        nn.Conv2d(6, 6, 5, padding="same", groups=6, bias=False),
    ]
    for layer in layers:
        usual, quick = gradients(images, layer, nullcontext()), gradients(images, layer, QuickDepthwise())
        assert all(torch.equal(one, other) for one, other in zip(usual, quick, strict=True))
    slow = nn.Conv2d(6, 6, 5, groups=6, bias=False)
    with QuickDepthwise():  # in 32 bits there is nothing to do
        assert "Depthwise" not in type(slow(images).grad_fn).__name__
