from __future__ import annotations

import logging
import os

import numpy as np
import pytest
from tiny_model import scratched, write_png

from scratchgui.core.errors import UserError
from scratchgui.core.project import Project
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.predictor import Prediction, PredictSettings
from scratchgui.inference.stored import StoredMasks

SETTINGS = PredictSettings()


@pytest.fixture
def image(tmp_path):
    return write_png(tmp_path / "images" / "a b.png", scratched(30, 40, (3, 3, 30, 20)))


@pytest.fixture
def store(tmp_path):
    return PredictionStore(tmp_path / "predictions")


def some_prediction(classes=1):
    probability = np.random.default_rng(1).integers(0, 256, (classes, 30, 40), dtype=np.uint8)
    return Prediction(probability, "m1", SETTINGS)


@pytest.mark.parametrize("classes", [1, 3])
def test_what_was_kept_comes_back(store, image, classes):
    kept = some_prediction(classes)
    store.save("sub/a b.png", kept, image)
    found = store.load("sub/a b.png", "m1", SETTINGS, image)
    assert np.array_equal(found.probability, kept.probability)
    assert store.score("sub/a b.png", "m1", SETTINGS, image) == pytest.approx(kept.score, abs=1e-4)


def test_nothing_for_another_model_other_settings_or_a_changed_image(store, image):
    store.save("a", some_prediction(), image)
    assert store.load("a", "m2", SETTINGS, image) is None
    assert store.load("b", "m1", SETTINGS, image) is None
    assert store.load("a", "m1", PredictSettings(tile=256), image) is None
    status = image.stat()
    os.utime(image, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    assert store.load("a", "m1", SETTINGS, image) is None
    assert store.score("a", "m1", SETTINGS, image) is None


@pytest.mark.parametrize("damage", ["cut the pixels", "empty the pixels", "remove the pixels", "garbage"])
def test_a_damaged_prediction_is_none_and_logged(store, image, tmp_path, caplog, damage):
    store.save("a", some_prediction(), image)
    pixels, info = tmp_path / "predictions/m1/a.png", tmp_path / "predictions/m1/a.json"
    if damage == "cut the pixels":
        pixels.write_bytes(pixels.read_bytes()[:-50])
    elif damage == "empty the pixels":
        pixels.write_bytes(b"")
    elif damage == "remove the pixels":
        pixels.unlink()
    else:
        info.write_text("[1, 2")
    with caplog.at_level(logging.WARNING):
        assert store.load("a", "m1", SETTINGS, image) is None
    assert "made anew" in caplog.text


def test_an_image_that_is_gone_has_no_prediction(store, image):
    store.save("a", some_prediction(), image)
    image.unlink()
    assert store.load("a", "m1", SETTINGS, image) is None
    with pytest.raises(UserError, match="cannot be kept"):
        store.save("a", some_prediction(), image)


def test_very_long_names(store, image):
    rel = "ü" * 125 + ".png"
    store.save(rel, some_prediction(), image)
    assert store.load(rel, "m1", SETTINGS, image) is not None


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
    mask, probability = StoredMasks(project, "m1")("a b.png")
    assert np.array_equal(mask, kept.probability[0] >= 230)
    assert np.array_equal(probability, kept.probability)
    assert StoredMasks(project, "m2")("a b.png") is None
