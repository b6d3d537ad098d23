from __future__ import annotations

import numpy as np
import pytest

from scratchgui.core.doubt import as_points, impression_from, impression_of, unlike_each_other


def surface(kind: str, seed: int = 0, size: tuple[int, int] = (96, 128)) -> np.ndarray:
    """Draw a surface: plain, or with a bright band from top to bottom or from left to right; noise on it."""
    rng = np.random.default_rng(seed)
    image = np.full(size, 120.0)
    height, width = size
    if kind == "upright":
        image[:, width // 3 : width // 2] += 60
    elif kind == "level":
        image[height // 3 : height // 2] += 60
    elif kind == "dark":
        image -= 80
    return np.clip(image + rng.normal(0, 4, size), 0, 255).astype(np.uint8)


def distance(first: np.ndarray, second: np.ndarray) -> float:
    points = as_points([impression_of(first), impression_of(second)])
    return float(np.linalg.norm(points[0] - points[1]))


@pytest.mark.parametrize("other", ["upright", "level", "dark"])
def test_another_surface_is_farther_away_than_another_shot_of_the_same(other: str):
    same = distance(surface("plain", 1), surface("plain", 2))
    assert distance(surface("plain", 1), surface(other, 3)) > 3 * same
    assert distance(surface(other, 3), surface(other, 4)) < 3 * same


def test_size_and_color_make_no_difference():
    gray = surface("upright")
    assert impression_of(np.dstack([gray] * 3)) == impression_of(gray)
    for size in ((960, 1280), (2400, 3200)):
        assert distance(gray, surface("upright", 5, size)) < 0.2 * distance(gray, surface("level"))


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (7, 3)])
def test_any_size_makes_an_impression(size: tuple[int, int]):
    impression = impression_of(np.full(size, 90, np.uint8))
    assert impression_from(impression.hex()) == impression


@pytest.mark.parametrize("text", ["", "00", "nothing"])
def test_what_is_no_impression_is_refused(text: str):
    with pytest.raises(ValueError):
        impression_from(text)


def test_one_of_each_kind_is_taken_before_a_second_of_one():
    points = np.float32([[0, 0], [0.1, 0], [0.2, 0], [5, 0], [5.1, 0], [0, 7]])
    weights = np.array([1.0, 0.9, 0.8, 0.4, 0.3, 0.2])
    assert set(unlike_each_other(points, weights, np.empty((0, 2), np.float32), 3)) == {0, 3, 5}
    assert unlike_each_other(points, weights, np.empty((0, 2), np.float32), 99)[0] == 0
    assert unlike_each_other(points, np.zeros(6), np.empty((0, 2), np.float32), 3) == []


def test_what_is_known_already_comes_last():
    points = np.float32([[0, 0], [5, 0], [0, 7]])
    order = unlike_each_other(points, np.ones(3), np.float32([[0, 0.01], [0.1, 7]]), 3)
    assert order == [1, 2, 0]


def test_weight_counts_among_what_is_as_far():
    points = np.float32([[1, 0], [-1, 0], [0, 1]])
    assert unlike_each_other(points, np.array([0.2, 0.9, 0.5]), np.zeros((1, 2), np.float32), 1) == [1]
    assert unlike_each_other(np.empty((0, 74), np.float32), np.empty(0), np.empty((0, 74), np.float32), 5) == []
