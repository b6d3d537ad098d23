"""`python -m training --run FOLDER`: what the window's Retrain button and `scratchgui train` start.

The folder holds `config.json` and `manifest.json`; events go to standard output, one JSON object a line, and to
`events.jsonl` in the folder. A file `STOP` there ends the training and keeps the best model so far.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from scratchgui.core.errors import UserError
from scratchgui.core.protocol import Failed, encode
from training.channel import Channel

if TYPE_CHECKING:
    from scratchgui.core.protocol import Event

EVENTS_FILE = "events.jsonl"
# The window beside it must stay quick.
_NICENESS = 10


def main() -> int:
    """Run a training; returns the exit status, 1 when it failed."""
    parser = argparse.ArgumentParser(prog="python -m training", description="Train a model on a prepared run folder.")
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("--run", type=Path, help="folder with config.json and manifest.json")
    task.add_argument("--quantize", type=Path, help="folder of a part of a training, which it starts itself")
    given = parser.parse_args()
    channel = Channel()
    if given.quantize:
        from training.int8_network import Job

        Job(given.quantize).run()
        return 0
    run = given.run
    # Threads that wait by spinning take the processor from the window's own: with a model running there, a step of the
    # optimizer takes up to twenty times as long. To be set before torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if hasattr(os, "nice"):
        os.nice(_NICENESS)

    def tell(event: Event) -> None:
        channel.tell(event)
        # The parent has it already; a full disk stops the training where the model itself cannot be saved.
        with suppress(OSError), (run / EVENTS_FILE).open("a", encoding="utf-8") as log:
            log.write(encode(event) + "\n")

    try:
        from training.worker import run_training

        run_training(run, tell)
    except UserError as error:
        tell(Failed(str(error), traceback.format_exc()))
        return 1
    except Exception:
        tell(Failed("The training ended because of an error in ScratchGUI.", traceback.format_exc()))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
