from __future__ import annotations

import errno
import json
import logging
import os

import cv2
import numpy as np
import pytest
from tiny_model import scratched, write_png

from scratchgui.core.errors import UserError
from scratchgui.core.files import atomic_write_bytes, read_json
from scratchgui.core.mask import encode_mask
from scratchgui.core.model_card import ModelKey
from scratchgui.core.project import Project
from scratchgui.inference import cache
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.percents import round_to_percents
from scratchgui.inference.predictor import Prediction, PredictSettings
from scratchgui.inference.stored import StoredMasks

SETTINGS = PredictSettings()
MODEL = ModelKey("m1")


@pytest.fixture
def image(tmp_path):
    return write_png(tmp_path / "images" / "a b.png", scratched(30, 40, (3, 3, 30, 20)))


@pytest.fixture
def store(tmp_path):
    return PredictionStore(tmp_path / "predictions")


def some_prediction(classes=1, model=MODEL):
    probability = np.random.default_rng(1).integers(0, 256, (classes, 30, 40), dtype=np.uint8)
    round_to_percents(probability)
    return Prediction(probability, model.id, SETTINGS, weights=model.weights, impression=bytes(range(74)))


@pytest.mark.parametrize("classes", [1, 3])
def test_what_was_kept_comes_back(store, image, classes):
    kept = some_prediction(classes)
    store.save("sub/a b.png", kept, image)
    found = store.load("sub/a b.png", MODEL, SETTINGS, image)
    assert np.array_equal(found.probability, kept.probability)
    assert (found.impression, found.score, found.doubt) == (kept.impression, kept.score, kept.doubt)


def test_nothing_for_another_model_other_settings_or_a_changed_image(store, image):
    store.save("a", some_prediction(), image)
    assert store.load("a", ModelKey("m2"), SETTINGS, image) is None
    assert store.load("b", MODEL, SETTINGS, image) is None
    assert store.load("a", MODEL, PredictSettings(tile=256), image) is None
    status = image.stat()
    os.utime(image, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    assert store.load("a", MODEL, SETTINGS, image) is None


@pytest.mark.parametrize("damage", ["cut the pixels", "empty the pixels", "remove the pixels", "garbage", "odd"])
def test_a_damaged_prediction_is_none_and_logged(store, image, tmp_path, caplog, damage):
    store.save("a", some_prediction(), image)
    pixels, info = tmp_path / "predictions/m1/a.png", tmp_path / "predictions/m1/a.json"
    if damage == "cut the pixels":
        pixels.write_bytes(pixels.read_bytes()[:-50])
    elif damage == "empty the pixels":
        pixels.write_bytes(b"")
    elif damage == "remove the pixels":
        pixels.unlink()
    elif damage == "odd":
        info.write_text(json.dumps({**read_json(info), "impression": "00"}))
    else:
        info.write_text("[1, 2")
    with caplog.at_level(logging.WARNING):
        assert store.load("a", MODEL, SETTINGS, image) is None
    assert "made anew" in caplog.text


def test_a_model_trained_again_under_the_same_id_has_no_prediction(store, image):
    first, second = ModelKey("m1", "aa"), ModelKey("m1", "bb")
    store.save("a", some_prediction(model=first), image)
    assert store.load("a", first, SETTINGS, image) is not None
    assert store.load("a", second, SETTINGS, image) is None
    assert store.load("a", MODEL, SETTINGS, image) is not None  # nothing is known of the weights


def test_files_with_all_256_steps_are_read_as_if_they_were_made_now(store, image, tmp_path):
    store.save("a", some_prediction(), image)
    pixels, info = tmp_path / "predictions/m1/a.png", tmp_path / "predictions/m1/a.json"
    fine = np.random.default_rng(2).integers(0, 256, (1, 30, 40), dtype=np.uint8)
    pixels.write_bytes(encode_mask(fine[0]))
    value = {key: part for key, part in read_json(info).items() if key not in ("weights", "impression")}
    info.write_text(json.dumps({**value, "schema_version": 1}))
    found = store.load("a", ModelKey("m1", "aa"), SETTINGS, image)
    assert found.impression is None
    round_to_percents(fine)
    assert np.array_equal(found.probability, fine)


def test_files_of_a_newer_program_are_left_alone(store, image, tmp_path):
    store.save("a", some_prediction(), image)
    info = tmp_path / "predictions/m1/a.json"
    info.write_text(json.dumps({**read_json(info), "schema_version": 99}))
    assert store.load("a", MODEL, SETTINGS, image) is None
    assert store.former("a", SETTINGS) is None


@pytest.mark.parametrize("shape", [[1, 30, 41], [1, 40, 30], [2, 15, 40], [1, 30], "30", None])
def test_pixels_of_another_size_than_described_are_none(store, image, tmp_path, caplog, shape):
    store.save("a", some_prediction(), image)
    info = tmp_path / "predictions/m1/a.json"
    info.write_text(json.dumps({**read_json(info), "shape": shape}))
    found = store.load("a", MODEL, SETTINGS, image)
    if shape == [2, 15, 40]:  # as many pixels: the size of the image tells, which the store does not know
        assert found.probability.shape == (2, 15, 40)
    else:
        assert found is None
        assert "made anew" in caplog.text


def test_a_full_disk_is_one_sentence_and_leaves_nothing_that_is_taken_for_a_prediction(store, image, monkeypatch):
    store.save("a", some_prediction(), image)

    def full(path, data):
        atomic_write_bytes(path, data[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cache, "atomic_write_bytes", full)
    with pytest.raises(UserError, match="cannot be kept \\(No space left"):
        store.save("a", some_prediction(), image)
    assert store.load("a", MODEL, SETTINGS, image) is None
    assert store.former("a", SETTINGS) is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_without_the_right_to_write_is_one_sentence(image, tmp_path):
    folder = tmp_path / "predictions"
    folder.mkdir(mode=0o555)
    with pytest.raises(UserError, match="cannot be kept"):
        PredictionStore(folder).save("a", some_prediction(), image)


def test_the_former_prediction_is_the_newest_one_of_whatever_model(store, image, tmp_path):
    assert store.former("a", SETTINGS) is None
    for age, model in enumerate(["m2", "m3", "m1"]):
        store.save("a", some_prediction(model=ModelKey(model)), image)
        info = tmp_path / "predictions" / model / "a.json"
        os.utime(info, (1000 - age, 1000 - age))
    os.utime(image, (5, 5))
    image.write_bytes(b"another image")
    found = store.former("a", PredictSettings(tile=256))
    assert (found.model_id, found.is_stale) == ("m2", True)
    (tmp_path / "predictions/m2/a.png").write_bytes(b"damaged")
    assert store.former("a", SETTINGS).model_id == "m3"
    (tmp_path / "predictions/m3/a.json").write_text("[")
    assert store.former("a", SETTINGS).model_id == "m1"
    assert store.former("b", SETTINGS) is None


def test_an_image_that_is_replaced_while_it_is_predicted_is_predicted_again(store, image):
    assert store.load("a", MODEL, SETTINGS, image) is None
    os.utime(image, (5, 5))
    store.save("a", some_prediction(), image)
    assert store.load("a", MODEL, SETTINGS, image) is None
    store.save("a", some_prediction(), image)
    assert store.load("a", MODEL, SETTINGS, image) is not None


def test_a_removed_prediction_is_gone(store, image, tmp_path):
    store.save("a", some_prediction(), image)
    store.remove("a", "m1")
    store.remove("a", "m1")
    assert store.load("a", MODEL, SETTINGS, image) is None
    assert list((tmp_path / "predictions/m1").iterdir()) == []


@pytest.mark.parametrize("what", ["a clean surface", "scratches and noise"])
def test_predictions_are_small(store, image, tmp_path, what):
    rng = np.random.default_rng(3)
    probability = np.minimum(rng.exponential(0.5, (1, 600, 800)), 2).astype(np.uint8)  # noise far below 1 %
    if what != "a clean surface":
        noise = cv2.GaussianBlur(rng.normal(0, 60, (600, 800)).astype(np.float32), (0, 0), 3) * 9
        probability[0, :120] = np.clip(noise, 0, 255)[:120]
    round_to_percents(probability)
    store.save("a", Prediction(probability, "m1", SETTINGS), image)
    size = (tmp_path / "predictions/m1/a.png").stat().st_size
    assert size / probability.size <= (0.01 if what == "a clean surface" else 0.15)


def test_an_image_that_is_gone_has_no_prediction(store, image):
    store.save("a", some_prediction(), image)
    image.unlink()
    assert store.load("a", MODEL, SETTINGS, image) is None
    with pytest.raises(UserError, match="cannot be kept"):
        store.save("a", some_prediction(), image)


def test_very_long_names(store, image):
    rel = "ü" * 125 + ".png"
    store.save(rel, some_prediction(), image)
    assert store.load(rel, MODEL, SETTINGS, image) is not None


def test_a_folder_that_cannot_be_written_is_one_sentence(image, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be kept"):
        PredictionStore(tmp_path / "file").save("a", some_prediction(), image)


def test_stored_masks_are_cut_at_the_projects_threshold(image):
    project = Project.for_folder(image.parent)
    project.file.threshold = 0.9
    project.file.recipe = project.file.recipe.model_copy(update={"min_area": 1})
    kept = some_prediction()
    PredictionStore(project.predictions_folder).save("a b.png", kept, image)
    mask, probability = StoredMasks(project, MODEL)("a b.png")
    assert np.array_equal(mask, kept.probability[0] >= 230)
    assert np.array_equal(probability, kept.probability)
    assert StoredMasks(project, ModelKey("m2"))("a b.png") is None
