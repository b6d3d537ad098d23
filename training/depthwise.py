"""Gradients of depthwise convolutions in float32, where a processor's library is slow at them in bfloat16.

oneDNN falls back to its reference code for gradients into the images where the stride is larger than one, and into the
weights where the kernel is larger than three: 10 to 100 times as long as the convolution itself, and a third of a
training's step with EfficientNet-B0. In float32 it has quick code for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.overrides import TorchFunctionMode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor

_LARGEST_QUICK_KERNEL = 3


class QuickDepthwise(TorchFunctionMode):
    """Inside this block depthwise convolutions in 16 bits on the processor get their gradients in 32 bits."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Do what `func` does."""
        if func is torch.conv2d and not kwargs and len(args) == len(_CONV2D) and _is_slow(*args):
            return _Depthwise.apply(*args)
        return func(*args, **(kwargs or {}))


_CONV2D = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")


def _is_slow(
    images: Tensor, weight: Tensor, bias: Tensor | None, stride: Any, padding: Any, dilation: Any, groups: int
) -> bool:
    del dilation
    return (
        groups > 1
        and groups == images.shape[1] == weight.shape[0]
        and bias is None
        and isinstance(padding, tuple)
        and images.device.type == "cpu"
        and torch.is_autocast_enabled("cpu")
        and (max(stride) > 1 or max(weight.shape[2:]) > _LARGEST_QUICK_KERNEL)
    )


class _Depthwise(torch.autograd.Function):
    """A convolution without bias in autocast's type, whose gradients are computed in float32."""

    @staticmethod
    def forward(ctx: Any, *args: Any) -> Tensor:
        images, weight, _, *ctx.settings = args
        kind = torch.get_autocast_dtype("cpu")
        narrow, ctx.kind = images.to(kind), images.dtype
        ctx.save_for_backward(narrow, weight)
        return torch.conv2d(narrow, weight.to(kind), None, *ctx.settings)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        images, weight = ctx.saved_tensors
        stride, padding, dilation, groups = ctx.settings
        wanted = (*ctx.needs_input_grad[:2], False)
        into_images, into_weight, _ = torch.ops.aten.convolution_backward(
            gradients[0].float(),
            images.float(),
            weight,
            None,
            stride,
            padding,
            dilation,
            False,
            (0, 0),
            groups,
            wanted,
        )
        return None if into_images is None else into_images.to(ctx.kind), into_weight, *[None] * 5
