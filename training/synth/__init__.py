"""Synthetic surfaces with scratches and exact masks: seeded, varied, made for training and demonstration.

`make_scene` returns one picture and its mask; `python -m training.synth` writes a folder of them.
"""

from training.synth.scene import Scene, make_scene

__all__ = ["Scene", "make_scene"]
