"""How a training's threads wait for each other; to be set before torch is loaded."""

from __future__ import annotations

from typing import Final

WAITING: Final = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "1000"}
"""Environment: spin for some microseconds, then sleep.

Threads that spin for longer take the processor from the window's own: with a model running there, a step of the
optimizer takes up to twenty times as long. Threads that do not spin at all take a quarter longer for a step of many
small parts.
"""
