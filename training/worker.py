"""One training from its run folder to the compared bundle."""

from __future__ import annotations

import uuid
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from scratchgui.core.errors import TrainingError
from scratchgui.core.files import sha256_of
from scratchgui.core.manifest import CONFIG_FILE, MANIFEST_FILE, load_manifest
from scratchgui.core.model_card import ModelCard, load_bundle
from scratchgui.core.protocol import Finished, Stage, Started
from scratchgui.core.run_folder import BUNDLE_FOLDER, CHECKPOINT_FOLDER, PAUSE_FILE, STOP_FILE
from training.checkpoint import CheckpointFolder
from training.config import load_config
from training.data import Images
from training.evaluate import Examination, examine_bundle, improved
from training.examples import EXAMPLES_FOLDER
from training.export import remove_unfinished, write_bundle
from training.loop import Trainer
from training.memory import memory_in_a_sentence
from training.network import build
from training.processes import Processes
from training.quantize import Quantizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchgui.core.manifest import Manifest
    from scratchgui.core.protocol import Event
    from training.config import TrainConfig
    from training.loop import Result
    from training.network import Start


def run_training(run: Path, tell: Callable[[Event], None]) -> None:
    """Train as the run folder says, write the bundle, and compare it with the model in use.

    Raises:
        UserError: The run folder, its images or the parent model are not fit for a training.
    """
    config, manifest = load_config(run), load_manifest(run)
    _seed(config)
    train = Images(manifest.part("train"), binary=manifest.binary)
    validation = Images(manifest.part("validation"), binary=manifest.binary)
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
        result = trainer.fit(_Asked(run))
    if result is not None:
        card = _card(config, manifest, start, result)
        tell(_export(run, config, train, validation, result, card, tell))
        checkpoint.remove()


def _export(
    run: Path,
    config: TrainConfig,
    train: Images,
    validation: Images,
    result: Result,
    card: ModelCard,
    tell: Callable[[Event], None],
) -> Finished:
    """Write the bundle, and compare it."""
    tell(Stage("export", "Saving the new model."))
    folder = Path(config.out) if config.out else run / BUNDLE_FOLDER
    remove_unfinished(run)
    quantizer = Quantizer(train, validation, seed=config.seed)

    def extend(unfinished: Path, card: ModelCard) -> ModelCard:
        tell(Stage("int8", "Making the faster version of the model."))
        return quantizer(unfinished, card)

    write_bundle(folder, result.model, card, half=config.half, extend=extend if config.int8 else None)
    return replace(_compare(config, folder, validation, result, tell, quantizer.examination), model=card.id)


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


def _card(config: TrainConfig, manifest: Manifest, start: Start, result: Result) -> ModelCard:
    parent = start.parent
    return ModelCard(
        id=f"m{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}",
        name=config.name,
        created=datetime.now(UTC),
        parent=parent.id if parent else None,
        architecture=start.architecture,
        encoder=start.encoder,
        classes=manifest.classes,
        mean=start.mean,
        std=start.std,
        scores=result.examination.summary.as_dict(),
        training={
            "settings": config.model_dump(mode="json", exclude={"out", "parent", "champion", "encoder_weights"}),
            "encoder_weights": Path(config.encoder_weights).name if config.encoder_weights else None,
            "train_images": len(manifest.part("train")),
            "validation_images": len(manifest.part("validation")),
            "masks": {entry.key: entry.sha256 for entry in manifest.entries if entry.sha256},
            "epochs": result.epochs,
            "steps": result.steps,
            "seconds": round(result.seconds, 1),
            "stopped": result.stopped,
            "history": result.history,
            "torch": torch.__version__,
        },
        license=config.license or (parent.license if parent else ""),
        data=config.data or "Images reviewed in a project.",
    )


def _compare(
    config: TrainConfig,
    folder: Path,
    validation: Images,
    result: Result,
    tell: Callable[[Event], None],
    examined: Examination | None,
) -> Finished:
    """Let the program's own engine examine both models on the same images, unless it has `examined` the new one."""
    if config.champion is None:
        summary = result.examination.summary.as_dict()
        return Finished(str(folder), True, "There was no model to compare with.", {}, summary, stopped=result.stopped)
    tell(Stage("compare", "Comparing the new model with the one in use."))
    champion = load_bundle(Path(config.champion)).card
    old = examine_bundle(Path(config.champion), validation, champion.threshold)
    new = examined or examine_bundle(folder, validation, 0.5)
    better = new.mark > old.mark
    return Finished(
        bundle=str(folder),
        better=better,
        reason=verdict_sentence(old, new, better=better, champion=champion.name),
        old=old.summary.as_dict(),
        new=new.summary.as_dict(),
        improved=improved(old, new),
        compared=len(validation),
        stopped=result.stopped,
    )


def verdict_sentence(old: Examination, new: Examination, *, better: bool, champion: str) -> str:
    """Say which model is better and by what."""
    before, after = old.summary, new.summary
    parts = []
    if before.dice is not None and after.dice is not None:
        parts.append(f"Dice {before.dice:.2f} → {after.dice:.2f}")
    if before.false_alarm_rate is not None and after.false_alarm_rate is not None:
        parts.append(f"false alarms {before.false_alarm_rate:.0%} → {after.false_alarm_rate:.0%}")
    numbers = ", ".join(parts)
    numbers = f" {numbers[0].upper()}{numbers[1:]}." if numbers else ""
    if better:
        return f"Better on {improved(old, new)} of {len(old.images)} validation images.{numbers}"
    return f"Not better; keeping {champion}.{numbers}"
