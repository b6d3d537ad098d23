"""`python -m training --run FOLDER`: what the window's Retrain button and `scratchgui train` start.

The folder holds `config.json` and `manifest.json`; events go to `events.jsonl` there, one JSON object a line. What a
training can be asked by files in the folder is in `scratchgui.core.run_folder`.

Several processes share a training when it is started by `torchrun --nproc-per-node 2 -m training --folder FOLDER`.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from scratchgui.core.errors import UserError
from scratchgui.core.protocol import Failed, Stage
from scratchgui.core.run_folder import EventLog, RunFolder
from scratchgui.core.run_process import ALREADY_RUNNING, CANNOT_WRITE, AlreadyRunningError, ProcessId, claimed
from training.parent import end_with
from training.threads import WAITING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.core.protocol import Event

# The window beside it must stay quick.
_NICENESS = 10


def main() -> int:
    """Run a training; returns the exit status, 1 when it failed."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train a model on a prepared run folder.")
    task = parser.add_mutually_exclusive_group(required=True)
    # torchrun and fabric take --run for an option of their own that they abbreviate; for them there is the other name.
    task.add_argument("--run", "--folder", dest="run", type=Path, help="folder with config.json and manifest.json")
    task.add_argument("--quantize", type=Path, help="folder of a part of a training, which it starts itself")
    task.add_argument("--preview", action="store_true", help="draw grids of varied crops, as standard input says")
    task.add_argument("--onnx", type=Path, help="bundle to write as an ONNX file")
    parser.add_argument("--out", type=Path, help="the ONNX file")
    parser.add_argument("--parent", type=int, help="number of the process to end with, unless the folder has a KEEP")
    given = parser.parse_args()
    parent = ProcessId.of(given.parent) if given.parent else None
    if given.quantize:
        if given.parent:
            end_with(parent)
        from training.int8_network import Job

        Job(given.quantize).run()
        return 0
    if given.preview:
        from training.preview import serve

        # By number: on Windows the streams have another encoding than the paths in them.
        with open(0, encoding="utf-8", closefd=False) as orders, open(1, "w", encoding="utf-8", closefd=False) as out:
            serve(orders, out)
        return 0
    if given.onnx:
        return _write_onnx(given.onnx, given.out)
    os.environ.update({name: value for name, value in WAITING.items() if name not in os.environ})
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    run = Path(os.path.abspath(given.run))
    if given.parent:
        end_with(parent, is_kept=lambda: RunFolder(run).is_kept)
    return _train(run, parent)


def _write_onnx(bundle: Path, out: Path) -> int:
    from training.onnx_file import write_onnx

    try:
        write_onnx(bundle, out)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _train(run: Path, parent: ProcessId | None) -> int:
    # Of several processes that share a training, the first one alone speaks.
    is_first = os.environ.get("RANK", "0") == "0"
    log = EventLog(run)
    tell = log.tell if is_first else _say_nothing
    try:
        with claimed(run, parent) if is_first else nullcontext():
            status = _train_alone(run, tell)
    except AlreadyRunningError as error:
        sys.stderr.write(f"{error}\n")  # the folder's events are the other one's
        return ALREADY_RUNNING
    except OSError as error:
        status = _fail(tell, f"The training cannot be started: its folder cannot be written ({error.strerror}).")
    return CANNOT_WRITE if status and log.has_lost else status


def _train_alone(run: Path, tell: Callable[[Event], None]) -> int:
    try:
        tell(Stage("start", "Starting the training."))
        from training.worker import run_training

        run_training(run, tell)
    except UserError as error:
        return _fail(tell, str(error))
    except Exception:
        return _fail(tell, "The training ended because of an error in ScratchGUI.")
    return 0


def _fail(tell: Callable[[Event], None], message: str) -> int:
    details = traceback.format_exc()
    tell(Failed(message, details))
    sys.stderr.write(f"{message}\n{details}\n")  # the log of events may be what cannot be written
    return 1


def _say_nothing(_: Event) -> None:
    """Say nothing: the first process speaks for the others."""


if __name__ == "__main__":
    sys.exit(main())
