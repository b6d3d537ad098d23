"""From what the inspector did to a model: approved images, one that is only corrected, and sentences on the way."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from training_files import picture

from scratchgui.core.annotation import save_annotation
from scratchgui.core.correction import Beginning
from scratchgui.core.manifest import load_manifest, manifest_from_project, new_run_folder, write_run
from scratchgui.core.model_card import load_bundle
from scratchgui.core.project import Project, ReviewStatus
from scratchgui.core.protocol import Event, Finished, Note, Started
from training.data import Images
from training.worker import run_training

QUICK = {"encoder": "resnet18", "epochs": 1, "batch_size": 2, "crop": 64, "device": "cpu", "int8": False}


@pytest.mark.usefixtures("one_thread")
def test_a_training_learns_from_what_was_corrected(tmp_path: Path) -> None:
    masks = {}
    for seed in range(4):
        image, masks[f"{seed}.png"] = picture(seed, (96, 128), clean=False)
        (tmp_path / "parts").mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / "parts" / f"{seed}.png"), image)
    project = Project.for_folder(tmp_path / "parts")
    for name in ("0.png", "1.png", "2.png"):
        nothing = Beginning(np.zeros((96, 128), np.uint8), "m1", 0.5)
        save_annotation(project, name, masks[name], ReviewStatus.APPROVED, began=nothing)
    alarm = masks["3.png"].copy()
    alarm[4:9, 4:9] = 1
    save_annotation(project, "3.png", masks["3.png"], ReviewStatus.CORRECTED, began=Beginning(alarm, "m1", 0.5))
    run = new_run_folder(project)
    write_run(run, manifest_from_project(project), QUICK)

    events: list[Event] = []
    run_training(run, events.append)
    started = next(event for event in events if isinstance(event, Started))
    assert (started.train_images, started.validation_images) == (3, 1)
    notes = [event.text for event in events if isinstance(event, Note)]
    assert any("too few to prove a gain" in text for text in notes)
    assert any("no clean image to learn from" in text for text in notes)
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert load_bundle(Path(finished.bundle)).card.classes == ["scratch"]
    train = Images.of(load_manifest(run), "train")
    assert (train.learned(2)[1] == 255).any() and not (train[2][1] == 255).any()
