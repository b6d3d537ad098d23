"""A model's faster version: its decoder in 8-bit integers, kept only where it finds as much as the usual one."""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchgui import paths
from scratchgui.core.errors import TrainingError, UserError
from scratchgui.core.manifest import manifest_from_folder
from scratchgui.core.model_card import INT8_IR_FILE, Bundle, Int8Note, load_bundle, save_card
from scratchgui.inference.predictor import PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
from scratchgui.inference.tiling import cut_tile, plan_axis
from training.data import Images
from training.evaluate import Examination, examine
from training.export import put_in_place
from training.int8_network import Job
from training.shared_weights import share_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.core.model_card import ModelCard

LARGEST_FALL = 0.005
"""So much may Dice on the validation images fall."""
TILES = 32
"""As good as 90 where all images are of one kind."""
_TILES_OF_AN_IMAGE = 2
"""At least, where there are so many: reading an image takes longer than looking at a tile."""
_LONGEST = 300.0
"""The other process may take so long (s)."""

_log = logging.getLogger(__name__)


class Quantizer:
    """Adds the faster version to a bundle that is being written."""

    def __init__(self, train: Images, validation: Images, *, seed: int = 0, tiles: int = TILES) -> None:
        """Remember the images.

        Args:
            train: The ranges of numbers are taken from these.
            validation: Both versions are compared on these.
            seed: Of the choice of tiles.
            tiles: How many; images of many kinds need more.
        """
        self._train = train
        self._validation = validation
        self._seed = seed
        self._tiles = tiles

    def __call__(self, folder: Path, card: ModelCard) -> ModelCard:
        """Make the faster version, and return the card that says what became of it.

        Whatever goes wrong leaves the bundle as it was: a trained model must not be lost to this.
        """
        began = time.monotonic()
        (folder / INT8_IR_FILE).unlink(missing_ok=True)
        try:
            note = self._try(folder, card)
        except Exception as error:
            _log.exception("The faster version of the model could not be made")
            cause = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
            note = Int8Note(accepted=False, reason=f"The faster version could not be made. {cause}".rstrip(". ") + ".")
        seconds = round(time.monotonic() - began, 1)
        return card.model_copy(update={"int8": note.model_copy(update={"seconds": seconds})})

    def _try(self, folder: Path, card: ModelCard) -> Int8Note:
        with tempfile.TemporaryDirectory(prefix="scratchgui-int8-", ignore_cleanup_errors=True) as place:
            job = Job(Path(place))
            # A copy: files of a bundle in work stay closed, and can be renamed on Windows.
            job.source.parent.mkdir()
            bundle = Bundle(folder, card)
            shutil.copyfile(bundle.ir_path, job.source)
            shutil.copyfile(bundle.ir_weights_path, job.source.with_suffix(".bin"))
            tiles = calibration_tiles(self._train, self._tiles, seed=self._seed)
            job.give(tiles, card.mean, card.std)
            _run_apart(job)
            note = self._judged(job, card).model_copy(update={"tiles": len(tiles)})
            if note.accepted:
                share_weights(job.result, bundle.ir_path, bundle.int8_ir_path)
        return note

    def _judged(self, job: Job, card: ModelCard) -> Int8Note:
        usual, faster = _Watched(job.source, card), _Watched(job.result, card)
        before = examine(usual, self._validation, card.threshold)
        after = examine(faster, self._validation, card.threshold)
        accepted, reason = decide(before, after)
        return Int8Note(
            accepted=accepted,
            reason=reason,
            dice_before=before.summary.dice,
            dice_after=after.summary.dice,
            agreement=_agreement(usual.marks, faster.marks),
        )


class _Watched:
    """Predicts by the program's own engine, and keeps what is marked, a bit a pixel."""

    def __init__(self, network: Path, card: ModelCard) -> None:
        self._predictor = open_predictor(Bundle(network.parent, card), PredictSettings(), device="cpu")
        self._threshold = round(card.threshold * 255)
        self.marks: list[NDArray[np.uint8]] = []

    def __call__(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the probabilities, uint8 (C, H, W)."""
        probability = self._predictor.predict(image).probability
        self.marks.append(np.packbits(probability >= self._threshold))
        return probability


def _agreement(these: Sequence[NDArray[np.uint8]], those: Sequence[NDArray[np.uint8]]) -> float | None:
    """Return the mean Dice of two lists of packed marks, over the images on which something is marked."""
    values = []
    for one, other in zip(these, those, strict=True):
        marked = int(np.bitwise_count(one).sum()) + int(np.bitwise_count(other).sum())
        if marked:
            values.append(2 * int(np.bitwise_count(one & other).sum()) / marked)
    return sum(values) / len(values) if values else None


def decide(before: Examination, after: Examination) -> tuple[bool, str]:
    """Tell whether the faster version finds as much, and say why, in a sentence."""
    old, new = before.summary, after.summary
    if old.dice is None or new.dice is None:
        return False, "No validation image has a defect, so that nobody can tell what the faster version misses."
    numbers = f"Dice on the validation images {old.dice:.3f} → {new.dice:.3f}"
    if old.dice - new.dice > LARGEST_FALL:
        return False, f"The faster version finds too little: {numbers}."
    alarms = [sum(bool(scores.false_alarm) for scores in examination.images) for examination in (before, after)]
    if alarms[1] > alarms[0]:
        return False, f"The faster version has more false alarms on good images: {alarms[0]} → {alarms[1]}."
    return True, f"The faster version finds as much: {numbers}."


def calibration_tiles(images: Images, count: int, *, seed: int = 0) -> list[NDArray[np.uint8]]:
    """Return tiles, RGB (H, W, 3), as the program cuts them, of many images; the same for one seed.

    Args:
        images: Images with label maps.
        count: Largest number of tiles.
        seed: Of the random numbers.
    """
    rng = np.random.default_rng(seed)
    each = max(_TILES_OF_AN_IMAGE, -(-count // len(images)))
    tiles: list[NDArray[np.uint8]] = []
    for index in rng.permutation(len(images)):
        if len(tiles) < count:
            tiles += _tiles_of(*images[int(index)], each, rng)
    return tiles[:count]


def _tiles_of(image: NDArray[np.uint8], mask: Mask, count: int, rng: np.random.Generator) -> list[NDArray[np.uint8]]:
    """Return some tiles of an image, the one with most of its defects first."""
    settings = PredictSettings()
    rows, columns = (plan_axis(length, settings.tile, settings.overlap) for length in image.shape[:2])
    places = [(top, left) for top in rows.starts for left in columns.starts]
    marked = [int(np.count_nonzero(mask[y : y + rows.tile, x : x + columns.tile])) for y, x in places]
    most = int(np.argmax(marked))
    order = [most, *(int(index) for index in rng.permutation(len(places)) if index != most)]
    return [cut_tile(image, *places[index], rows.tile, columns.tile) for index in order[:count]]


def _run_apart(job: Job) -> None:
    """Run a job in a process of its own, which ends with this one.

    Raises:
        TrainingError: It failed, or took too long.
    """
    command = [*paths.training_command(), "--quantize", str(job.folder), "--parent", str(os.getpid())]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # NNCF shows bars there; what goes wrong is on the other output
        env=paths.training_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        try:
            code = process.wait(_LONGEST)
        except subprocess.TimeoutExpired as error:
            raise TrainingError("It took too long") from error
        finally:
            process.kill()
    if code or not job.result.is_file():
        if code < 0:
            raise TrainingError(f"Signal {-code} ended it; there may be too little memory")
        raise TrainingError(f"NNCF ended with the exit status {code}; the log says why")


def add_to(folder: Path, data: Sequence[Path], *, seed: int = 0, tiles: int = TILES) -> Int8Note:
    """Give a model that is there already its faster version, or say in its card why it has none.

    Args:
        folder: The bundle; it is replaced as a whole.
        data: Folders with images and masks, as for a training.
        seed: Of the choice of tiles.
        tiles: How many.

    Raises:
        UserError: The bundle is damaged, or a folder holds nothing to learn from.
    """
    card = load_bundle(folder).card
    manifests = [manifest_from_folder(place) for place in data]
    train, validation = (
        Images([entry for manifest in manifests for entry in manifest.part(part)], binary=True)
        for part in ("train", "validation")
    )
    part = Path(tempfile.mkdtemp(prefix=".bundle-", dir=folder.absolute().parent))
    try:
        shutil.copytree(folder, part, dirs_exist_ok=True)
        complete = save_card(part, Quantizer(train, validation, seed=seed, tiles=tiles)(part, card))
        put_in_place(part, folder.absolute())
    finally:
        shutil.rmtree(part, ignore_errors=True)
    assert complete.int8 is not None
    return complete.int8


def main(arguments: Sequence[str] | None = None) -> int:
    """Add the faster version to a bundle that is there already; returns the exit status, 1 when it was refused."""
    parser = argparse.ArgumentParser(prog="python -m training.quantize", description=main.__doc__)
    parser.add_argument("bundle", type=Path, help="folder of the model")
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders as for scratchgui train")
    parser.add_argument("--tiles", type=int, default=TILES, help="to take the ranges of numbers from")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of tiles")
    given = parser.parse_args(arguments)
    try:
        note = add_to(given.bundle, given.data, seed=given.seed, tiles=given.tiles)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{note.reason}\n{note.model_dump_json(exclude={'reason'})}\n")
    return 0 if note.accepted else 1


if __name__ == "__main__":
    sys.exit(main())
