from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from scratchgui.core.manifest import manifest_from_folder
from training.synth import make_scene
from training.synth.flaws import FLAWS
from training.synth.photographs import photographed, photographs_in
from training.synth.scene import PHOTOGRAPH
from training.synth.scratches import Look, draw
from training.synth.scratches import Path as Line
from training.synth.surfaces import SURFACES

ROOT = Path(__file__).resolve().parents[2]
DARK = Look(contrast=-0.4, burr=0.0, lit_side=0.0, flatness=4.0)


def line(x0: float, y0: float, x1: float, y1: float, width: float) -> Line:
    """A straight path of one width and full depth, half a pixel from point to point."""
    count = int(np.hypot(x1 - x0, y1 - y0) * 2) + 1
    points = np.stack([np.linspace(x0, x1, count), np.linspace(y0, y1, count)], axis=1).astype(np.float32)
    return Line(points, np.full(count, width, np.float32), np.ones(count, np.float32))


def away_from(x0: float, y0: float, x1: float, y1: float, height: int, width: int) -> np.ndarray:
    """Distance of each pixel's center from a segment (px)."""
    rows, columns = np.mgrid[0:height, 0:width] + 0.5
    length = np.hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    along = np.clip((columns - x0) * ux + (rows - y0) * uy, 0, length)
    return np.hypot(columns - x0 - along * ux, rows - y0 - along * uy)


@pytest.mark.parametrize("width", [1.5, 3.0, 8.0])
@pytest.mark.parametrize("ends", [(20, 40, 100, 40), (50, 10, 50, 85), (15, 15, 90, 80), (-20, 30, 140, 55)])
def test_the_mask_is_the_drawn_line_within_a_pixel(ends: tuple[int, int, int, int], width: float) -> None:
    surface, mask = np.full((96, 120), 0.5, np.float32), np.zeros((96, 120), np.uint8)
    draw(np.random.default_rng(3), surface, mask, line(*ends, width), DARK)
    away = away_from(*ends, 96, 120)
    assert mask[away <= width / 2 - 0.6].all(), "a hole in the mask"
    assert not mask[away >= width / 2 + 1.0].any(), "marked beside the line"
    assert surface[mask > 0].mean() < 0.4
    assert np.allclose(surface[away > width + 4], 0.5, atol=0.01)


def test_a_path_outside_the_picture_changes_nothing() -> None:
    surface, mask = np.full((50, 60), 0.5, np.float32), np.zeros((50, 60), np.uint8)
    draw(np.random.default_rng(0), surface, mask, line(200, 200, 300, 240, 4), DARK)
    assert not mask.any()
    assert (surface == 0.5).all()


def test_parts_too_shallow_to_be_seen_are_no_defect() -> None:
    path = line(10, 25, 90, 25, 3)
    path.depth[: len(path.depth) // 2] = 0
    surface, mask = np.full((50, 100), 0.5, np.float32), np.zeros((50, 100), np.uint8)
    draw(np.random.default_rng(0), surface, mask, path, DARK)
    assert not mask[:, :48].any()
    assert mask[25, 55:88].all()


@pytest.mark.parametrize("surface", list(SURFACES))
def test_every_surface_works_at_odd_sizes(surface: str) -> None:
    scene = make_scene(7, 61, 97, surface=surface, clean=False)
    assert scene.surface == surface
    assert scene.image.shape == (61, 97, 3)
    assert scene.image.dtype == scene.mask.dtype == np.uint8
    assert scene.mask.shape == (61, 97)
    assert set(np.unique(scene.mask)) == {0, 1}
    assert 20 < scene.image.mean() < 235
    assert scene.image.std() > 1


def test_many_pictures_are_made_without_a_warning() -> None:
    for seed in range(60):  # distractors come by chance; warnings are errors here
        make_scene(seed, 48, 80)


def test_the_same_seed_makes_the_same_picture() -> None:
    first, again, other = make_scene(5, 64, 80), make_scene(5, 64, 80), make_scene(6, 64, 80)
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.mask, again.mask)
    assert not np.array_equal(first.image, other.image)


def test_clean_pictures_are_clean_and_others_are_not() -> None:
    assert not any(make_scene(seed, 64, 64, clean=True).mask.any() for seed in range(12))
    assert all(make_scene(seed, 64, 64, clean=False).mask.any() for seed in range(12))
    by_chance = [bool(make_scene(seed, 40, 40).mask.any()) for seed in range(60)]
    assert 0.1 < 1 - np.mean(by_chance) < 0.45


@pytest.mark.parametrize("flaw", list(FLAWS))
def test_every_flaw_is_marked_where_it_changes_the_surface(flaw: str) -> None:
    make, _ = FLAWS[flaw]
    marked = beside = 0.0
    for seed in range(12):
        surface, mask = np.full((120, 160), 0.5, np.float32), np.zeros((120, 160), np.uint8)
        make(np.random.default_rng(seed), surface, mask, 0.02)
        away = (cv2.dilate(mask, np.ones((25, 25))) == 0) & (np.abs(surface - 0.5) < 0.3)
        marked += float(np.abs(surface[mask > 0] - 0.5).mean()) if mask.any() else 0.0
        beside += float(np.abs(surface[away] - 0.5).mean())
    assert marked > 0.3, "a flaw that cannot be seen"
    assert beside < 0.2 * marked, "a change that is not marked"


def test_flaws_at_the_rim_and_outside_do_no_harm() -> None:
    for make, _ in FLAWS.values():
        for seed in range(30):
            surface, mask = np.full((32, 40), 0.5, np.float32), np.zeros((32, 40), np.uint8)
            make(np.random.default_rng(seed), surface, mask, 0.02)
            assert np.isfinite(surface).all() and mask.max() <= 1


@pytest.fixture
def photographs(tmp_path: Path) -> list[Path]:
    rng = np.random.default_rng(0)
    (tmp_path / "more").mkdir()
    for name, size in (("a.png", (90, 120, 3)), ("more/b.jpg", (300, 200))):
        cv2.imwrite(str(tmp_path / name), cv2.GaussianBlur(rng.integers(0, 255, size, np.uint8), (0, 0), 2))
    (tmp_path / "notes.txt").write_text("no picture")
    return photographs_in(tmp_path)


def test_photographs_of_any_size_become_calm_surfaces(photographs: list[Path]) -> None:
    assert [path.name for path in photographs] == ["a.png", "b.jpg"]
    for seed in range(20):
        surface = photographed(np.random.default_rng(seed), photographs, 128, 150)
        assert surface.shape == (128, 150) and surface.dtype == np.float32
        assert surface.min() > -0.2 and surface.max() < 1.2
        assert 0.002 < surface.std() < 0.15


def test_a_share_of_the_pictures_shows_photographs(photographs: list[Path]) -> None:
    kinds = [make_scene(seed, 40, 40, photographs=photographs).surface for seed in range(60)]
    assert 0.2 < kinds.count(PHOTOGRAPH) / 60 < 0.6
    assert PHOTOGRAPH not in {make_scene(seed, 40, 40).surface for seed in range(60)}


def test_scratches_can_be_seen() -> None:
    """In most pictures the scratch differs from what is beside it by more than the picture's own noise."""
    clear = 0
    for seed in range(20):
        scene = make_scene(seed, 96, 96, clean=False)
        gray = cv2.cvtColor(scene.image, cv2.COLOR_RGB2GRAY).astype(float)
        ring = (cv2.dilate(scene.mask, np.ones((9, 9))) > 0) & (scene.mask == 0)
        clear += abs(gray[scene.mask > 0].mean() - gray[ring].mean()) > 3
    assert clear >= 14


def test_a_picture_too_small_for_a_scratch_is_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        make_scene(0, 8, 200, clean=False)


@pytest.mark.slow
def test_the_command_writes_a_folder_that_training_takes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "training.synth", "--out", str(tmp_path), "--count", "11", "--size", "40", "48"]
    subprocess.run([*command, "--processes", "1", "--validation", "3"], cwd=ROOT, check=True, timeout=60)
    manifest = manifest_from_folder(tmp_path)
    assert manifest.binary
    assert (len(manifest.part("train")), len(manifest.part("validation"))) == (8, 3)
