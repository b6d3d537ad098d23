from __future__ import annotations

import threading

import numpy as np
import pytest
from tiny_model import make_bundle, scratched

from scratchgui.core.errors import BundleError, PrecisionError, UserError
from scratchgui.core.geometry import Box
from scratchgui.core.model_card import Int8Note, load_bundle, save_card
from scratchgui.inference.engine import EngineClosed, open_engine
from scratchgui.inference.predictor import Cancelled, Prediction, Predictor, PredictSettings
from scratchgui.inference.steady_predictor import open_predictor
from scratchgui.inference.views import Ignored
from scratchgui.paths import starter_bundle
from training.shared_weights import share_weights


@pytest.fixture(scope="module")
def predictor(tiny_bundle):
    return open_predictor(tiny_bundle, device="cpu")


def test_the_engine_normalizes_as_the_card_says(tiny_bundle):
    engine = open_engine(tiny_bundle, device="cpu")
    tile = np.random.default_rng(0).integers(0, 256, (1, 64, 96, 3), dtype=np.uint8)
    result = engine.infer(tile)
    value = (tile[0, 9:12, 19:22].astype(np.float64) / 255 - 0.5) / 0.25
    expected = 1 / (1 + np.exp(-(-4 * value.mean() - 2)))
    assert result.shape == (1, 1, 64, 96)
    assert result.dtype == np.float32
    assert result[0, 0, 10, 20] == pytest.approx(expected, abs=1e-4)


def test_tiles_of_any_size_and_number(tiny_bundle):
    engine = open_engine(tiny_bundle, device="cpu", threads=1)
    for shape in [(1, 32, 32, 3), (3, 64, 32, 3), (1, 512, 512, 3)]:
        assert engine.infer(np.zeros(shape, np.uint8)).shape == (shape[0], 1, *shape[1:3])


def test_a_scratch_across_tiles_is_found_whole(predictor):
    image = scratched(600, 1200, (20, 300, 1180, 310))
    prediction = predictor.predict(image)
    assert prediction.probability.shape == (1, 600, 1200)
    assert (prediction.probability[0][image < 100] > 127).mean() > 0.9
    assert (prediction.probability[0][image > 100] > 127).mean() < 0.01
    assert prediction.model_id == "tiny"


def test_gray_and_color_give_the_same(predictor):
    gray = scratched(90, 130, (5, 5, 100, 60))
    color = np.repeat(gray[..., None], 3, axis=2)
    assert np.array_equal(predictor.predict(gray).probability, predictor.predict(color).probability)


def test_resize_works_on_fewer_pixels_and_answers_at_full_size(tiny_bundle):
    predictor = open_predictor(tiny_bundle, PredictSettings(resize=200), device="cpu")
    image = scratched(300, 800, (50, 150, 700, 150), thickness=12)
    probability = predictor.predict(image).probability
    assert probability.shape == (1, 300, 800)
    assert probability[0, 150, 400] > 127


def test_only_a_part_is_looked_at_and_nothing_of_what_is_ignored(tiny_bundle, predictor):
    image = scratched(600, 1400, (20, 300, 1380, 310))
    whole = predictor.predict(image).probability[0]
    inside = Box(300, 200, 900, 300)
    ignored = ((500, 0), (700, 0), (700, 599), (500, 599))
    settings = PredictSettings(tile=128, inside=inside, ignored=(ignored,))
    probability = Predictor(tiny_bundle, predictor.engine, settings).predict(image).probability[0]
    assert probability.shape == image.shape
    outside = np.ones(image.shape, bool)
    outside[inside.slices] = False
    outside[:, 500:701] = True
    assert not probability[outside].any()
    assert np.abs(probability[~outside].astype(int) - whole[~outside]).max() <= 3  # a percent


def test_ignored_zones_lie_where_they_are_in_an_image_that_is_scaled_unequally():
    # 5 × 6,000 px become 1 × 600: each direction has a scale of its own.
    zone = ((0, 0), (4, 0), (4, 4799), (0, 4799))
    ignored = Ignored((zone,), Box(0, 0, 5, 6000), (1, 600))
    assert ignored.covers(Box(0, 0, 1, 480))
    assert not ignored.covers(Box(0, 480, 1, 120))


def test_a_part_beyond_the_image_is_empty(tiny_bundle, predictor):
    settings = PredictSettings(inside=Box(5000, 0, 100, 100))
    prediction = Predictor(tiny_bundle, predictor.engine, settings).predict(scratched(60, 80, (5, 5, 70, 50)))
    assert prediction.probability.shape == (1, 60, 80)
    assert not prediction.probability.any()


def test_flips_give_the_mean_of_four_looks(tiny_bundle):
    class Lopsided:
        """Sees defects on the left alone."""

        batch = ahead = 1

        def infer(self, tiles):
            seen = np.asarray(tiles[..., :1].transpose(0, 3, 1, 2), np.float32) / 255
            seen[..., seen.shape[3] // 2 :] = 0
            return seen

    image = np.full((64, 64), 200, np.uint8)
    probability = Predictor(tiny_bundle, Lopsided(), PredictSettings(flips=True)).predict(image).probability
    assert (probability == 100).all()


def test_a_large_image_can_be_glanced_at(tiny_bundle, predictor):
    image = scratched(4200, 4000, (100, 100, 3900, 4000), thickness=90)
    glance = predictor.glance(image)
    assert glance is not None and glance.is_glance
    assert glance.probability.shape == (1, 4200, 4000)
    assert glance.probability[0, 2085, 2033] > 127
    assert glance.probability[0, 4000, 100] < 20
    assert predictor.glance(image[:2000]) is None
    assert Predictor(tiny_bundle, predictor.engine, PredictSettings(resize=512)).glance(image) is None
    with pytest.raises(Cancelled):
        predictor.glance(image, cancelled=lambda: True)


def test_what_is_done_is_told(predictor):
    told = []
    predictor.predict(scratched(512, 2000), told=told.append)
    assert told == sorted(told) and len(told) == 5


def test_cancel_is_heard_between_tiles(predictor):
    asked = []

    def cancelled():
        asked.append(True)
        return len(asked) == 2

    with pytest.raises(Cancelled):
        predictor.predict(scratched(512, 2000), cancelled=cancelled)
    assert len(asked) == 2


def test_score_is_a_maximum_that_single_pixels_cannot_make():
    probability = np.zeros((1, 50, 50), np.uint8)
    probability[0, 0, :7] = 255
    assert Prediction(probability, "m", PredictSettings()).score == 0
    probability[0, 1, :1] = 204
    assert Prediction(probability, "m", PredictSettings()).score == pytest.approx(0.8)


def test_score_and_histogram_look_at_the_likeliest_class():
    probability = np.zeros((2, 10, 10), np.uint8)
    probability[1, :2] = 51
    prediction = Prediction(probability, "m", PredictSettings())
    assert prediction.score == pytest.approx(0.2)
    assert prediction.histogram[51] == 20
    assert prediction.histogram.sum() == 100


def test_doubt_is_what_is_expected_to_be_wrong():
    probability = np.zeros((1, 10, 10), np.uint8)
    probability[0, :2], probability[0, 2:4] = 51, 204
    assert Prediction(probability, "m", PredictSettings()).doubt.pixels == pytest.approx(8)
    assert Prediction(probability // 255 * 255, "m", PredictSettings()).doubt.pixels == 0


def test_settings_have_stable_names():
    assert PredictSettings().key() == "t512-o64"
    assert PredictSettings(256, 32, 512).key() == "t256-o32-r512"
    assert PredictSettings(flips=True).key() == "t512-o64-f4"
    zones = [{"inside": Box(1, 2, 3, 4)}, {"inside": Box(1, 2, 3, 5)}, {"ignored": (((0, 0), (9, 0), (9, 9)),)}]
    assert len({PredictSettings(**zone).key() for zone in zones}) == 3


def test_a_broken_network_file_is_one_sentence(tmp_path):
    bundle = make_bundle(tmp_path / "b")
    bundle.ir_path.write_text("<net>")
    with pytest.raises(BundleError, match="cannot be loaded"):
        open_engine(bundle, device="cpu")


def test_a_card_with_other_classes_than_the_network_is_refused(tmp_path):
    bundle = make_bundle(tmp_path / "b")
    card = save_card(bundle.folder, bundle.card.model_copy(update={"classes": ["scratch", "dent"]}))
    with pytest.raises(BundleError, match="number of classes"):
        open_engine(type(bundle)(bundle.folder, card), device="cpu")


def test_the_starter_model_sees_a_scratch_across_tiles_alike_on_average():
    # Not at each pixel: its encoder weighs channels by what a whole tile shows (squeeze-and-excitation). The tiling by
    # itself is exact with a network that only sees surroundings, see test_tiling.py.
    folder = starter_bundle()
    if not (folder / "card.json").is_file():
        pytest.skip("the starter model is not there")
    predictor = open_predictor(load_bundle(folder), device="cpu")
    whole = Predictor(predictor.bundle, predictor.engine, PredictSettings(tile=1024))
    image = scratched(400, 700, (10, 200, 690, 260))
    tiled = predictor.predict(image).probability.astype(int)
    assert np.abs(tiled - whole.predict(image).probability).mean() <= 0.02 * 255


@pytest.mark.parametrize("device", ["cpu", "torch"])
def test_a_closed_engine_refuses_and_lets_nobody_wait(device):
    engine = open_engine(load_bundle(starter_bundle()), device=device)
    engine.close()
    refused = threading.Event()

    def work() -> None:
        with pytest.raises(EngineClosed):
            engine.infer(np.zeros((1, 32, 32, 3), np.uint8))
        refused.set()

    threading.Thread(target=work, daemon=True).start()
    assert refused.wait(20)


@pytest.mark.parametrize("choice", [{"device": "tpu"}, {"precision": "int3"}])
def test_unknown_choices_are_one_sentence(tiny_bundle, choice):
    with pytest.raises(UserError, match="Choose one of"):
        open_engine(tiny_bundle, **choice)


def test_int8_is_for_models_that_have_such_a_version(tmp_path):
    bundle = make_bundle(tmp_path / "b")
    with pytest.raises(PrecisionError, match="no version of 8 bits"):
        open_engine(bundle, device="cpu", precision="int8")
    # The version says "certainly a defect" everywhere: it can be told from the usual one.
    marking = make_bundle(tmp_path / "other", bias=9)
    share_weights(marking.ir_path, bundle.ir_path, bundle.int8_ir_path)
    save_card(bundle.folder, bundle.card.model_copy(update={"int8": Int8Note(accepted=True, reason="")}))
    engine = open_engine(load_bundle(bundle.folder), device="cpu", precision="int8")
    assert engine.name == "OpenVINO int8 · CPU"
    assert engine.infer(np.full((1, 32, 32, 3), 255, np.uint8)).min() > 0.5
