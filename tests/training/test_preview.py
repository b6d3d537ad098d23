from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from training_files import picture, write_entry

from scratchgui.core.augmentation import Augmentation
from scratchgui.core.preview import PreviewAnswer, PreviewOrder
from training.preview import preview_grid, serve

ROOT = Path(__file__).resolve().parents[2]


def cells(grid: np.ndarray, crop: int = 64) -> list[np.ndarray]:
    step = crop + 4
    return [
        grid[y : y + crop, x : x + crop] for y in range(0, grid.shape[0], step) for x in range(0, grid.shape[1], step)
    ]


def test_a_grid_shows_one_crop_as_it_is_and_the_others_varied() -> None:
    image, mask = picture(1, (64, 64), clean=False)
    grid = preview_grid(image, mask, Augmentation.at("strong"), crop=64, columns=4, rows=2)
    assert grid.shape == (2 * 68 - 4, 4 * 68 - 4, 3) and grid.dtype == np.uint8
    first, *others = cells(grid)
    around = (cv2.dilate(mask, np.ones((7, 7))) - cv2.dilate(mask, np.ones((5, 5)))) > 0
    assert np.array_equal(first[~around], np.repeat(image[..., None], 3, axis=2)[~around])
    assert (first[around] == (255, 90, 31)).all() and around.any()
    assert all(not np.array_equal(first, other) for other in others)
    assert np.array_equal(grid, preview_grid(image, mask, Augmentation.at("strong"), crop=64, columns=4, rows=2))


def test_a_setting_changes_what_it_is_for_and_leaves_the_places() -> None:
    image, mask = picture(1, (200, 200), clean=False)
    still = preview_grid(image, mask, Augmentation.at("none"), crop=64, seed=3)
    lit = preview_grid(
        image, mask, Augmentation(**dict(Augmentation.at("none")) | {"noise": "strong"}), crop=64, seed=3
    )
    assert not np.array_equal(still, lit)
    assert np.abs(still.astype(int) - lit).mean() < 8  # the same places, with some noise
    other = preview_grid(image, mask, Augmentation.at("none"), crop=64, seed=4)
    assert not np.array_equal(still, other)


def answers(*lines: str) -> list[PreviewAnswer]:
    out = StringIO()
    serve(StringIO("".join(f"{line}\n" for line in lines)), out)
    return [PreviewAnswer.model_validate_json(line) for line in out.getvalue().splitlines()]


def test_what_is_wrong_is_a_sentence_and_the_next_order_is_drawn(tmp_path: Path) -> None:
    entry = write_entry(tmp_path, "a", "train", 1)
    good = PreviewOrder(image=entry.image, mask=entry.mask, out=str(tmp_path / "grid.png"), crop=64)
    gone = good.model_copy(update={"image": str(tmp_path / "gone.png")})
    nowhere = good.model_copy(update={"out": str(Path(entry.image) / "grid.png")})
    found = answers("{", gone.model_dump_json(), nowhere.model_dump_json(), good.model_dump_json())
    assert "order is wrong" in found[0].error
    assert "no longer there" in found[1].error
    assert "cannot be written" in found[2].error
    assert found[3] == PreviewAnswer(out=good.out)
    grid = cv2.imread(good.out)
    assert grid is not None and grid.shape == (3 * 68 - 4, 4 * 68 - 4, 3)


@pytest.mark.parametrize("crop", [0, 20_000])
def test_an_order_of_an_impossible_size_is_refused(crop: int) -> None:
    order = {"image": "a", "out": "b", "crop": crop}
    assert "order is wrong" in answers(json.dumps(order))[0].error


def test_the_process_that_the_window_starts_draws(tmp_path: Path) -> None:
    entry = write_entry(tmp_path, "a", "train", 1)
    orders = [
        PreviewOrder(image=entry.image, mask=entry.mask, out=str(tmp_path / f"{seed}.png"), crop=64, seed=seed)
        for seed in range(2)
    ]
    done = subprocess.run(
        [sys.executable, "-m", "training", "--preview"],
        input="".join(order.model_dump_json() + "\n" for order in orders),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = [PreviewAnswer.model_validate_json(line) for line in done.stdout.splitlines()]
    assert [answer.out for answer in found] == [order.out for order in orders]
    assert all(Path(answer.out).is_file() for answer in found)
