"""Start of the stand-alone program: the window, a command, or a training process."""

from __future__ import annotations

import multiprocessing
import runpy
import sys

# What `scratchgui.paths.training_command` says to an interpreter; here `sys.executable` is this program.
_TRAINING = ["-P", "-u", "-m", "training"]


def main() -> int:
    """Run what the arguments ask for, and return the exit status."""
    if sys.argv[1 : 1 + len(_TRAINING)] == _TRAINING:
        del sys.argv[1 : 1 + len(_TRAINING)]
        runpy.run_module("training", run_name="__main__", alter_sys=True)
        return 0
    from scratchgui.__main__ import main as start

    return start()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
