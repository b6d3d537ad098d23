"""`python -m training.synth --out DIR --count N --seed S`: a folder that `scratchgui train --data DIR` takes."""

from __future__ import annotations

import argparse
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from scratchgui.core.files import atomic_write_text
from training.synth.folder import write_scene
from training.synth.surfaces import SURFACES

_VALIDATION_EVERY = 8


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(prog="python -m training.synth", description="Make surfaces with scratches.")
    parser.add_argument("--out", type=Path, required=True, help="folder for images/, masks/, train.txt, val.txt")
    parser.add_argument("--count", type=int, default=400, help="number of pictures")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same pictures")
    parser.add_argument("--size", type=int, nargs=2, default=(512, 512), metavar=("HEIGHT", "WIDTH"), help="px")
    parser.add_argument("--processes", type=int, default=2, help="pictures made at once")
    options = parser.parse_args()
    make = partial(write_scene, options.out, options.seed * 1_000_000, *options.size)
    with get_context("spawn").Pool(options.processes) as pool:
        names = pool.map(make, range(options.count), chunksize=4)
    # Whole rounds through the surfaces, so that validation has every kind.
    validation = {name for index, name in enumerate(names) if (index // len(SURFACES)) % _VALIDATION_EVERY == 0}
    atomic_write_text(options.out / "train.txt", "".join(f"{name}\n" for name in names if name not in validation))
    atomic_write_text(options.out / "val.txt", "".join(f"{name}\n" for name in names if name in validation))


if __name__ == "__main__":
    main()
