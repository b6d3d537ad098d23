"""Pictures of what the network marks, made while it trains."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from training_files import write_entry
from training_runs import Asked, Run, small_start

from scratchgui.core.manifest import Manifest
from scratchgui.core.protocol import Validated
from training.data import Images
from training.examples import Examples, choose_parts
from training.loop import Trainer
from training.processes import Processes


def marks_all(image: np.ndarray) -> np.ndarray:
    return np.full((1, *image.shape[:2]), 255, np.uint8)


def test_a_training_tells_which_pictures_it_made(manifest: Manifest, tmp_path: Path, one_thread: None):
    run, folder = Run(manifest, tmp_path / "checkpoint", epochs=2), tmp_path / "examples"
    trainer = Trainer(
        small_start(),
        run.config,
        Images(manifest.part("train"), binary=False),
        Images(manifest.part("validation"), binary=False),
        processes=Processes(run.config),
        checkpoint=run.checkpoint,
        tell=run.events.append,
        examples=folder,
    )
    trainer.fit(Asked(lambda _: False, lambda _: False))
    told = [event.examples for event in run.events if isinstance(event, Validated)]
    assert len(told[0]) == 2
    assert told[1] == []
    assert sorted(told[0]) == sorted(path.name for path in folder.iterdir())
    assert cv2.imread(str(folder / told[0][0])).shape == (384, 384, 3)


def test_only_each_third_time_is_drawn_and_older_pictures_go(images: Images, tmp_path: Path):
    examples = Examples(tmp_path / "examples", images)
    drawn = [examples.draw(marks_all, epoch) for epoch in range(1, 8)]
    assert [bool(names) for names in drawn] == [True, False, False, True, False, False, True]
    assert sorted(path.name for path in (tmp_path / "examples").iterdir()) == sorted(drawn[-1])


def test_large_images_are_shown_in_part_around_the_defect(tmp_path: Path):
    write_entry(tmp_path, "large", "validation", 3, size=(900, 1400))
    entries = [write_entry(tmp_path, f"n{n}", "validation", n, size=(900, 1400)) for n in range(6)]
    entries.append(write_entry(tmp_path, "clean", "validation", 9, clean=True, size=(900, 1400)))
    parts = choose_parts(Images(entries, binary=False))
    assert [image.shape[:2] for image, _ in parts] == [(512, 512)] * 4
    assert [bool(truth.any()) for _, truth in parts] == [True, True, True, False]


def test_a_full_disk_does_not_end_the_training(images: Images, tmp_path: Path):
    (tmp_path / "examples").write_text("a file is in the way")
    assert Examples(tmp_path / "examples", images).draw(marks_all, 1) == []
