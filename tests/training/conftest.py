from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from training_files import write_entry

from scratchgui.core.manifest import Manifest, ManifestEntry
from training.data import Images


@pytest.fixture
def entries(tmp_path: Path) -> list[ManifestEntry]:
    """Two images to learn from, two to check on; of these one is clean."""
    folder = tmp_path / "images"
    return [
        write_entry(folder, "a", "train", 1),
        write_entry(folder, "b", "train", 2),
        write_entry(folder, "c", "validation", 3),
        write_entry(folder, "d", "validation", 4, clean=True),
    ]


@pytest.fixture
def manifest(entries: list[ManifestEntry]) -> Manifest:
    return Manifest(classes=["scratch"], entries=entries)


@pytest.fixture
def images(manifest: Manifest) -> Images:
    return Images(manifest.part("train"), binary=False)


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Small tensors gain nothing from threads, and on a busy machine threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
