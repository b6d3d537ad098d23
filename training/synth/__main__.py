"""`python -m training.synth --out DIR --count N --seed S`: a folder that `scratchgui train --data DIR` takes."""

from __future__ import annotations

import argparse
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from scratchgui.core.files import atomic_write_text
from training.synth.folder import write_scene
from training.synth.photographs import photographs_in


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(prog="python -m training.synth", description="Make surfaces with scratches.")
    parser.add_argument("--out", type=Path, required=True, help="folder for images/, masks/, train.txt, val.txt")
    parser.add_argument("--count", type=int, default=400, help="number of pictures")
    parser.add_argument("--seed", type=int, default=0, help="the same seed makes the same pictures")
    parser.add_argument("--size", type=int, nargs=2, default=(512, 512), metavar=("HEIGHT", "WIDTH"), help="px")
    parser.add_argument("--processes", type=int, default=2, help="pictures made at once")
    parser.add_argument("--validation", type=int, help="how many of them are for validation; an eighth if not given")
    parser.add_argument("--photographs", type=Path, help="folder of photographs of real textures, for two in five")
    options = parser.parse_args()
    photographs = photographs_in(options.photographs) if options.photographs else []
    make = partial(write_scene, options.out, options.seed * 1_000_000, tuple(options.size), photographs)
    with get_context("spawn").Pool(options.processes) as pool:
        names = pool.map(make, range(options.count), chunksize=4)
    # The kinds of surfaces take turns: the first pictures have all of them.
    held = options.count // 8 if options.validation is None else options.validation
    atomic_write_text(options.out / "train.txt", "".join(f"{name}\n" for name in names[held:]))
    atomic_write_text(options.out / "val.txt", "".join(f"{name}\n" for name in names[:held]))


if __name__ == "__main__":
    main()
