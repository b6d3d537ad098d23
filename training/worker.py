"""One training from its run folder to the compared bundle."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from scratchgui.core.errors import TrainingError
from scratchgui.core.files import sha256_of
from scratchgui.core.manifest import CONFIG_FILE, MANIFEST_FILE, load_manifest
from scratchgui.core.model_card import load_bundle
from scratchgui.core.protocol import Finished, Note, Stage, Started
from scratchgui.core.run_folder import BUNDLE_FOLDER, CHECKPOINT_FOLDER, PAUSE_FILE, STOP_FILE
from training.card import card_of, write_scores
from training.checkpoint import CheckpointFolder
from training.compare import Examiner, Part
from training.config import load_config
from training.data import Images
from training.examples import EXAMPLES_FOLDER
from training.export import remove_unfinished, write_bundle
from training.loop import Trainer
from training.memory import keep_memory, memory_in_a_sentence
from training.network import build
from training.processes import Processes
from training.quantize import Quantizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.protocol import Event
    from training.config import TrainConfig
    from training.loop import Result


def run_training(run: Path, tell: Callable[[Event], None]) -> None:
    """Train as the run folder says, write the bundle, and compare it with the model in use.

    Raises:
        UserError: The run folder, its images or the parent model are not fit for a training.
    """
    keep_memory()
    config, manifest = load_config(run), load_manifest(run)
    _seed(config)
    train = Images.of(manifest, "train")
    validation = Images.of(manifest, "validation")
    if not len(train) or not len(validation):
        raise TrainingError("A training needs images to learn from and images to check on", path=run)
    if config.champion:
        load_bundle(Path(config.champion))  # a damaged one is to be known before the training, not after it
    start = build(config, len(manifest.classes))
    checkpoint = CheckpointFolder(run / CHECKPOINT_FOLDER, _fingerprint(run), config.checkpoint_seconds)
    with memory_in_a_sentence(), closing(Processes(config)) as processes:
        told = tell if processes.is_first else _say_nothing
        trainer = Trainer(
            start,
            config,
            train,
            validation,
            processes=processes,
            checkpoint=checkpoint,
            tell=told,
            examples=run / EXAMPLES_FOLDER,
        )
        step, device = trainer.resume(), processes.device.type
        steps = config.epochs * trainer.steps_per_epoch
        told(Started(steps, config.epochs, len(train), len(validation), device, trainer.images_per_epoch, step))
        for sentence in manifest.notes:
            told(Note(sentence))
        result = trainer.fit(_Asked(run))
    if result is not None:
        folder = _export(run, config, train, validation, result, card_of(config, manifest, start, result), tell)
        parts = (Part(manifest.part("validation"), validation), Part(manifest.part("train"), train))
        tell(replace(_judge(run, config, folder, parts, tell), stopped=result.stopped))
        checkpoint.remove()


def _export(
    run: Path,
    config: TrainConfig,
    train: Images,
    validation: Images,
    result: Result,
    card: ModelCard,
    tell: Callable[[Event], None],
) -> Path:
    """Write the bundle; return its folder."""
    tell(Stage("export", "Saving the new model."))
    folder = Path(config.out) if config.out else run / BUNDLE_FOLDER
    remove_unfinished(run)
    quantizer = Quantizer(train, validation, seed=config.seed)

    def extend(unfinished: Path, card: ModelCard) -> ModelCard:
        tell(Stage("int8", "Making the faster version of the model."))
        return quantizer(unfinished, card)

    write_bundle(folder, result.model, card, half=config.half, extend=extend if config.int8 else None)
    return folder


def _judge(
    run: Path, config: TrainConfig, folder: Path, parts: tuple[Part, Part], tell: Callable[[Event], None]
) -> Finished:
    """Let the program's own engine examine the new model, and the one in use; put the scores into the card."""
    # A model that was written in the place of the one in use has nothing left to be compared with.
    champion = Path(config.champion) if config.champion and Path(config.champion) != folder else None
    text = "Comparing the new model with the one in use." if champion else "Checking the new model."
    tell(Stage("compare", text))
    examined = Examiner(run, *parts, tell).examine(folder, champion)
    write_scores(folder, examined.scores)
    return examined.finished


def _seed(config: TrainConfig) -> None:
    torch.manual_seed(config.seed)
    if config.deterministic:
        torch.use_deterministic_algorithms(True)


class _Asked:
    """What the user asks for by files in the run folder."""

    def __init__(self, run: Path) -> None:
        self._run = run

    def stop(self) -> bool:
        """Tell whether to end with the best so far."""
        return (self._run / STOP_FILE).exists()

    def paused(self) -> bool:
        """Tell whether to wait."""
        return (self._run / PAUSE_FILE).exists()


def _say_nothing(_: Event) -> None:
    """Say nothing: the first process speaks for the others."""


def _fingerprint(run: Path) -> str:
    return sha256_of(run / CONFIG_FILE) + sha256_of(run / MANIFEST_FILE)
