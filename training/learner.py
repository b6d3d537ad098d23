"""The network, its average, and the one step that changes both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from scratchgui.core.errors import TrainingError
from scratchgui.core.protocol import Note
from training.averaging import Averaged
from training.checkpoint import named, part_of
from training.depthwise import QuickDepthwise
from training.loss import BceDice
from training.memory import is_out_of_memory, release_memory
from training.shared_norm import share_statistics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

    from scratchgui.core.protocol import Event
    from training.config import TrainConfig
    from training.processes import Processes


class Learner:
    """Learns from one batch at a time: AdamW, gradients cut, weights averaged.

    A batch that does not fit into memory goes through in smaller parts whose gradients are summed; Dice and batch
    normalization then see a part instead of the batch. With several processes it has to fit.

    Attributes:
        averaged: The average of the weights.
    """

    def __init__(
        self, model: nn.Module, config: TrainConfig, processes: Processes, tell: Callable[[Event], None]
    ) -> None:
        self._config = config
        self._processes = processes
        self._tell = tell
        self._model = model.to(processes.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        processes.make_equal(self._model)
        self.averaged = Averaged(self._model, config.averaged_steps)
        if processes.count > 1:
            share_statistics(self._model)
        self._loss = BceDice(config.class_weights).to(processes.device)
        self._parameters = dict(self._model.named_parameters())
        self._optimizer = torch.optim.AdamW(
            self._parameters.values(),
            lr=config.lr,
            weight_decay=config.weight_decay,
            fused=processes.device.type in ("cpu", "cuda"),
        )
        self._part = config.batch_size // processes.count
        self._is_frozen: bool | None = None

    @property
    def learning_rate(self) -> float:
        """That of the last step."""
        return float(self._optimizer.param_groups[0]["lr"])

    def freeze_encoder(self, frozen: bool) -> None:
        """Let the encoder and its statistics stay as they are, or learn too."""
        if frozen == self._is_frozen:
            return
        self._is_frozen = frozen
        self._model.train()
        encoder = self._model.get_submodule("encoder")
        encoder.requires_grad_(not frozen)
        encoder.train(not frozen)

    def learn(self, images: Tensor, target: Tensor, *, rate: float, step: int) -> Tensor:
        """Do one step.

        Args:
            images: Normalized, float32 (N, 3, S, S).
            target: float32 (N, C, S, S).
            rate: Factor of the learning rate (0 … 1).
            step: Its number; random numbers of the network depend on it and on the seed alone.

        Returns:
            The loss, a scalar without gradient.

        Raises:
            MemoryError, RuntimeError: Not even a single crop fits into memory.
        """
        for group in self._optimizer.param_groups:
            group["lr"] = self._config.lr * rate
        while True:
            try:
                return self._learn(images, target, step)
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error) or self._part == 1 or self._processes.count > 1:
                    raise
            self._halve()

    def _learn(self, images: Tensor, target: Tensor, step: int) -> Tensor:
        self._seed(step)
        self._optimizer.zero_grad(set_to_none=True)
        parts = zip(torch.split(images, self._part), torch.split(target, self._part), strict=True)
        losses = [self._gather_gradients(*part, share=len(part[0]) / len(images)) for part in parts]
        parameters = self._parameters.values()
        self._processes.sum_gradients(parameters)
        norm = nn.utils.clip_grad_norm_(parameters, self._config.largest_gradient)
        if torch.isfinite(norm):  # else one odd batch would end it all: what is not a number stays so
            self._optimizer.step()
            self.averaged.update()
        return torch.stack(losses).sum()

    def _gather_gradients(self, images: Tensor, target: Tensor, share: float) -> Tensor:
        device = self._processes.device
        images = images.to(device, memory_format=torch.channels_last, non_blocking=True)
        with self._processes.autocast(), QuickDepthwise():
            logits = self._model(images)
        whole = self._processes.whole
        loss: Tensor = share * self._loss(whole(logits.float()), whole(target.to(device)))
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def _seed(self, step: int) -> None:
        place = (self._config.seed, step, self._processes.rank)
        torch.manual_seed(int(np.random.SeedSequence(place).generate_state(1)[0]))

    def _halve(self) -> None:
        self._optimizer.zero_grad(set_to_none=True)
        release_memory()
        before, self._part = self._part, (self._part + 1) // 2
        self._tell(Note(f"Memory ran out: {self._part} crops at a time instead of {before}."))

    def tensors(self) -> dict[str, Tensor]:
        """Return all tensors that `restore` needs, by name."""
        state = self._optimizer.state
        adam = {
            f"{name}.{key}": value
            for name, parameter in self._parameters.items()
            for key, value in state.get(parameter, {}).items()
        }
        return {
            **named(self._model.state_dict(), "model"),
            **named(self.averaged.model.state_dict(), "averaged"),
            **named(adam, "optimizer"),
        }

    def state(self) -> dict[str, Any]:
        """Return all else that it needs."""
        return {"averaged_steps": self.averaged.steps, "part": self._part * self._processes.count}

    def restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Go on from where another one was.

        Raises:
            TrainingError: That was another network; nothing is changed.
        """
        networks = {"model": self._model, "averaged": self.averaged.model}
        parts = {name: part_of(tensors, name) for name in networks}
        if any(_shapes(parts[name]) != _shapes(network.state_dict()) for name, network in networks.items()):
            raise TrainingError("The saved state belongs to another network")
        self.averaged.steps = int(state["averaged_steps"])
        self._part = min(self._part, max(1, int(state["part"]) // self._processes.count))
        for name, network in networks.items():
            network.load_state_dict(parts[name])
        for name, value in part_of(tensors, "optimizer").items():
            of, _, key = name.rpartition(".")
            parameter = self._parameters[of]
            # In the parameter's own memory layout, which AdamW's kernel relies on.
            own = value.to(parameter.device) if key == "step" else torch.empty_like(parameter.data).copy_(value)
            self._optimizer.state[parameter][key] = own


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in tensors.items()}
