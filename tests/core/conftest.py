"""Real image files in a temporary folder, and a project beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from image_files import write_image

from scratchgui.core.project import Project

# A busy machine is no failure.
settings.register_profile("patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Folder of six images, one of them in a subfolder."""
    folder = tmp_path / "parts"
    for number, name in enumerate(("a1.png", "a2.png", "a10.png", "b.jpg", "c.bmp", "line 2/d.tif")):
        write_image(folder / name, seed=number)
    return folder


@pytest.fixture
def project(images: Path) -> Project:
    return Project.for_folder(images)


@pytest.fixture
def scratch() -> np.ndarray:
    """Mask of 24 × 32 px with one scratch."""
    mask = np.zeros((24, 32), np.uint8)
    mask[10:12, 4:28] = 1
    return mask
