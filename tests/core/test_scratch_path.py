"""The way along a scratch between two points, and how wide the scratch is."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from scratchgui.core.ridge import Ridge, nearest_ridge
from scratchgui.core.scratch_path import Snapping, Tracer, width_of
from scratchgui.core.strip import length_of

HEIGHT, WIDTH = 260, 400


def curve(count: int = 2000) -> np.ndarray:
    """The middle of a curved scratch from (20, 60) to (380, 160)."""
    x = np.linspace(20, 380, count)
    return np.stack([x, 60 + 100 * (x - 20) / 360 + 45 * np.sin((x - 20) / 360 * 2 * np.pi)], axis=1)


def picture(truth: np.ndarray, width: float, contrast: float, noise: float = 6.0, shape=(HEIGHT, WIDTH)) -> np.ndarray:
    """A gray surface with a scratch of soft edges (half a pixel) along a line, and noise."""
    rows, columns = np.indices(shape)
    away, _ = cKDTree(truth).query(np.stack([columns.ravel() + 0.5, rows.ravel() + 0.5], axis=1))
    covered = np.clip(width / 2 + 0.5 - away, 0, 1).reshape(shape)
    levels = 120 + contrast * covered + np.random.default_rng(3).normal(0, noise, shape)
    return np.clip(levels, 0, 255).astype(np.uint8)


def away_from(line: np.ndarray, truth: np.ndarray) -> float:
    """The largest distance of a line's points from the true middle."""
    return float(cKDTree(truth).query(line)[0].max())


@pytest.mark.parametrize("width", [2, 3, 4, 9, 20])
@pytest.mark.parametrize(("contrast", "ridge"), [(60, Ridge.BRIGHT), (-60, Ridge.DARK), (60, Ridge.EITHER)])
@pytest.mark.parametrize("known", [True, False])
def test_two_clicks_find_a_curved_scratch_and_its_width(width, contrast, ridge, known):
    truth = curve()
    image = picture(truth, width, contrast)
    how = Snapping(ridge, width if known else None)
    part = Tracer(image).between(tuple(truth[0]), tuple(truth[-1]), how)
    # Within half a width of its round ends a scratch has no direction.
    end = 1 if width < 9 else 3 * width // 2
    assert away_from(part.points[end:-end], truth) <= max(1.5, 0.15 * width)
    assert length_of(part.points) == pytest.approx(length_of(truth), rel=0.03)
    # Thinner than 3 px, a width is worth no more than a pixel.
    assert width_of([part]) == pytest.approx(width, abs=max(0.25 * width, 0.9))


def test_colors_are_looked_at_as_gray():
    truth = curve()
    image = np.stack([picture(truth, 4, -60)] * 3, axis=2)
    part = Tracer(image).between(tuple(truth[0]), tuple(truth[-1]), Snapping(Ridge.DARK))
    assert away_from(part.points, truth) <= 1.5


def test_the_wrong_kind_of_line_is_not_followed():
    truth = curve()
    image = picture(truth, 5, 60, noise=2)
    part = Tracer(image).between(tuple(truth[0]), tuple(truth[-1]), Snapping(Ridge.DARK, 5))
    assert away_from(part.points, truth) > 4


def test_without_snapping_the_way_is_straight():
    truth = curve()
    tracer, how = Tracer(picture(truth, 4, 60)), Snapping(None)
    assert tracer.between((20, 60), (380, 160), how).points.tolist() == [[20, 60], [380, 160]]
    trail = [(20, 60), (40, 90), (80, 70)]
    assert tracer.along(trail, how).points.tolist() == [list(point) for point in trail]
    assert tracer.caught(22, 63, how) == (22, 63)


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("known", [None, 7.0])
def test_on_a_flat_image_the_way_is_straight_and_has_no_width(level, known):
    tracer = Tracer(np.full((HEIGHT, WIDTH), level, np.uint8))
    part = tracer.between((13.2, 20.7), (371.5, 201.3), Snapping(Ridge.EITHER, known))
    straight = np.linspace((13.2, 20.7), (371.5, 201.3), 5000)
    assert away_from(part.points, straight) < 0.1
    assert width_of([part]) is None


def test_a_long_scratch_in_a_large_image_is_found_to_the_pixel():
    x = np.linspace(40, 4960, 20_000)
    truth = np.stack([x, 900 + 250 * np.sin(x / 700)], axis=1)
    image = np.random.default_rng(5).normal(120, 5, (1800, 5000)).astype(np.float32)
    for offset in (-1, 0, 1):
        image[np.floor(truth[:, 1]).astype(int) + offset, np.floor(truth[:, 0]).astype(int)] = 190
    part = Tracer(image.astype(np.uint8)).between(tuple(truth[0]), tuple(truth[-1]), Snapping(Ridge.EITHER))
    distances = cKDTree(truth).query(part.points)[0]
    assert np.percentile(distances, 95) <= 1.5
    assert width_of([part]) == pytest.approx(3, rel=0.35)


def test_a_drag_beside_the_scratch_is_moved_onto_it():
    truth = curve()
    trail = [(x, y + 5 * np.cos(x / 20)) for x, y in truth[::40]]
    part = Tracer(picture(truth, 4, 60)).along(trail, Snapping(Ridge.BRIGHT, None, 6.0))
    assert away_from(part.points[10:-10], truth) <= 1.5


def test_a_drag_chooses_between_two_scratches():
    upper, lower = curve(), curve() + np.array([0, 30])
    image = np.minimum(picture(upper, 4, -70), picture(lower, 4, -50))
    trail = [(x, y + 3) for x, y in lower[::40]]
    part = Tracer(image).along(trail, Snapping(Ridge.DARK, None, 5.0))
    assert away_from(part.points[10:-10], lower) <= 1.5


def test_a_click_beside_a_scratch_is_caught_by_it():
    truth = curve()
    tracer = Tracer(picture(truth, 4, 60))
    x, y = truth[700]
    assert away_from(np.array([tracer.caught(x, y + 4, Snapping())]), truth) <= 1.0
    far = x, y + 40
    assert tracer.caught(*far, Snapping(reach=6)) == far
    flat = np.full((50, 50), 99, np.uint8)
    assert nearest_ridge(flat, 20.3, 30.1, 6, Ridge.EITHER, None) == (20.3, 30.1)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2), (3, 500)])
def test_thin_images_have_ways_too(shape):
    image = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    tracer = Tracer(image)
    for how in (Snapping(), Snapping(Ridge.DARK, 200.0), Snapping(None)):
        start, end = tracer.caught(-5, -5, how), tracer.caught(1000, 1000, how)
        for part in (tracer.between(start, end, how), tracer.along([start, end], how)):
            assert np.isfinite(part.points).all()
        assert 0 <= end[0] <= shape[1] and 0 <= end[1] <= shape[0]


def test_an_image_wider_than_opencv_can_address():
    image = np.random.default_rng(0).normal(120, 4, (9, 70_000)).astype(np.uint8)
    image[4] = 200
    part = Tracer(image).between((3, 4.5), (69_990, 4.5), Snapping())
    assert np.abs(part.points[:, 1] - 4.5).max() <= 1


corner = st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT))


@settings(max_examples=25, deadline=None)
@given(corner, corner, st.sampled_from([None, 1.0, 40.0, 200.0]), st.sampled_from(Ridge))
def test_ways_begin_and_end_near_their_nodes_wherever_these_are(start, end, width, ridge):
    image = picture(curve(400), 3, 60)
    part = Tracer(image).between(start, end, Snapping(ridge, width))
    assert np.isfinite(part.points).all()
    for node, reached in ((start, part.points[0]), (end, part.points[-1])):
        assert np.hypot(*(reached - node)) <= 24
    assert (part.points > -24).all() and (part.points < np.array([WIDTH, HEIGHT]) + 24).all()


def test_a_way_does_not_change_while_the_mouse_comes_back():
    truth = curve()
    tracer, how = Tracer(picture(truth, 4, 60)), Snapping()
    start = tuple(truth[0])
    far = tracer.between(start, tuple(truth[-1]), how)
    near = tracer.between(start, tuple(truth[1000]), how)
    assert away_from(near.points[:-6], far.points) <= 1.0


def test_a_move_of_the_mouse_is_quick_on_a_large_image():
    image = np.random.default_rng(1).integers(90, 150, (4000, 6000), np.uint8)
    tracer, how, seconds = Tracer(image), Snapping(), []
    for step in range(60):
        begin = time.perf_counter()
        tracer.between((3000.0, 2000.0), (3000.0 + 6 * step, 2000.0 + 4 * step), how)
        seconds.append(time.perf_counter() - begin)
    assert np.median(seconds) < 0.016
