"""`python -m training.renew BUNDLE`: make OpenVINO's form of a model anew, from the weights that lie beside it."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import segmentation_models_pytorch as smp
import torch
from safetensors.torch import load_file

from scratchgui.core.errors import UserError
from scratchgui.core.model_card import BUNDLE_FILES, IR_FILE, load_bundle, save_card
from training.export import put_in_place
from training.ir import write_ir

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.core.model_card import ModelCard


def renew(folder: Path) -> ModelCard:
    """Write a bundle's IR anew; the weights stay as they are, the version with 8-bit integers goes.

    Args:
        folder: The bundle; it is replaced as a whole.

    Returns:
        The card with the new hashes.

    Raises:
        UserError: The bundle is damaged, or OpenVINO's form of it computes something else.
    """
    bundle = load_bundle(folder)
    half = torch.float16 in {weights.dtype for weights in load_file(bundle.weights_path).values()}
    model = smp.from_pretrained(str(folder)).eval()
    part = Path(tempfile.mkdtemp(prefix=".bundle-", dir=folder.absolute().parent))
    try:
        shutil.copytree(folder, part, dirs_exist_ok=True)
        for name in bundle.card.files.keys() - set(BUNDLE_FILES):
            (part / name).unlink()  # its numbers lie in the file that is written anew
        write_ir(part / IR_FILE, model, half=half)
        card = save_card(part, bundle.card.model_copy(update={"int8": None}))
        put_in_place(part, folder.absolute())
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return card


def main(arguments: Sequence[str] | None = None) -> int:
    """Renew a bundle; returns the exit status, 2 when it could not be."""
    parser = argparse.ArgumentParser(prog="python -m training.renew", description=main.__doc__)
    parser.add_argument("bundle", type=Path, help="folder of the model")
    try:
        renew(parser.parse_args(arguments).bundle)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
