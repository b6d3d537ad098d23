from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_model import scratched

from scratchgui.inference.tiling import Tiling, Workers, plan_axis, predict_tiled


def blurring_engine(tiles):
    """Dark is defect, seen through a blur of 21 px: the edges of a tile differ from its middle."""
    blurred = [cv2.GaussianBlur(255 - tile[..., 0], (21, 21), 4, borderType=cv2.BORDER_CONSTANT) for tile in tiles]
    return np.stack(blurred)[:, None].astype(np.float32) / 255


def run(
    image,
    engine=blurring_engine,
    *,
    tile=512,
    overlap=64,
    batch=1,
    classes=1,
    skip=None,
    workers=None,
    watch=lambda done: None,
):
    return predict_tiled(image, engine, Tiling(tile, overlap, batch, skip), classes, workers=workers, watch=watch)


@given(st.integers(1, 3000), st.sampled_from([32, 100, 256, 512]), st.integers(0, 300))
@settings(max_examples=200, deadline=None)
def test_tiles_cover_each_pixel_with_weights_that_add_up_to_one(length, tile, overlap):
    axis = plan_axis(length, tile, overlap)
    assert axis.tile % 32 == 0
    total = np.zeros(max(length, axis.tile))
    for start, weights in zip(axis.starts, axis.weights, strict=True):
        assert start >= 0 and start + axis.tile <= len(total)
        total[start : start + axis.tile] += weights
    assert total == pytest.approx(1, abs=1e-5)


def test_neighbors_overlap_by_at_least_what_was_asked():
    axis = plan_axis(4000, 512, 64)
    assert (axis.tile, len(axis.starts)) == (512, 9)
    assert max(np.diff(axis.starts)) <= 512 - 64


@pytest.mark.parametrize(("length", "tile", "count"), [(600, 352, 2), (513, 320, 2), (900, 512, 2), (961, 384, 3)])
def test_tiles_are_no_larger_than_their_number_needs(length, tile, count):
    axis = plan_axis(length, 512, 64)
    assert (axis.tile, len(axis.starts)) == (tile, count)
    assert max(np.diff(axis.starts)) <= axis.tile - 64


@pytest.mark.parametrize("size", [(1100, 1300), (300, 1300), (513, 512)])
def test_a_scratch_across_tile_borders_looks_as_in_one_big_tile(size):
    height, width = size
    image = scratched(height, width, (5, height // 3, width - 5, height - 9), (width // 2, 0, width // 2 - 40, height))
    whole = run(image, tile=2048).astype(int)
    tiled = run(image).astype(int)
    inner = np.s_[:, 16:-16, 16:-16]  # the image's own edge is padded differently
    assert np.abs(whole - tiled)[inner].max() <= 0.02 * 255


def test_small_images_are_padded_by_reflection_to_one_tile():
    seen = []

    def engine(tiles):
        seen.append(tiles.shape)
        return np.asarray(tiles[..., :1].transpose(0, 3, 1, 2), np.float32) / 255

    image = np.arange(40 * 50, dtype=np.uint8).reshape(40, 50)
    assert np.array_equal(run(image, engine)[0], image)
    assert seen == [(1, 64, 64, 3)]


def test_a_one_pixel_image_has_a_probability():
    assert run(np.full((1, 1, 3), 7, np.uint8)).shape == (1, 1, 1)


def test_batches_give_what_single_tiles_give():
    image = scratched(700, 900, (0, 0, 899, 699))
    assert np.array_equal(run(image), run(image, batch=4))


@pytest.mark.parametrize(("threads", "ahead"), [(1, 2), (3, 4)])
def test_workers_give_what_one_thread_gives_and_never_more_runs_than_asked(threads, ahead):
    running, most = [], []

    def engine(tiles):
        running.append(None)
        most.append(len(running))
        result = blurring_engine(tiles)
        running.pop()
        return result

    image = scratched(900, 1500, (0, 0, 1499, 899))
    told = []
    with ThreadPoolExecutor(threads) as executor:
        result = run(image, engine, tile=256, workers=Workers(executor, ahead), watch=told.append)
    assert np.array_equal(result, run(image, tile=256))
    assert max(most) <= threads
    assert told == sorted(told) and told[0] == 0 and told[-1] < 1


def test_what_watches_may_end_the_work_and_tiles_that_wait_are_dropped():
    begun, go_on = [], threading.Event()

    def engine(tiles):
        begun.append(None)
        if len(begun) > 1:
            go_on.wait(10)
        return blurring_engine(tiles)

    def watch(done):
        if done:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(KeyboardInterrupt):
            run(scratched(256, 4000), engine, tile=256, workers=Workers(executor, 5), watch=watch)
        go_on.set()
    assert len(begun) <= 2  # the first one, and the one that the thread took meanwhile


def test_what_nobody_wants_is_not_computed():
    seen = []

    def engine(tiles):
        seen.append(len(tiles))
        return np.ones((len(tiles), 1, *tiles.shape[1:3]), np.float32)

    image = np.zeros((1000, 1000), np.uint8)
    result = run(image, engine, tile=256, skip=lambda box: box.bottom <= 600)[0]
    assert (result[600:] == 255).all()
    assert not result[:300].any()
    assert sum(seen) < 25


def test_classes_stay_apart():
    def engine(tiles):
        plane = tiles[..., 0].astype(np.float32) / 255
        return np.stack([plane, 1 - plane], axis=1)

    first, second = run(scratched(600, 40, (3, 0, 30, 599)), engine, classes=2)
    assert np.array_equal(first, 255 - second)
