"""Two models on disk, run by the program's engine on images on disk."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from tiny_model import make_bundle, scratched, write_png

from scratchgui.core.comparison import load_comparison
from scratchgui.core.errors import BundleError
from scratchgui.core.manifest import ManifestEntry
from scratchgui.core.mask import decode_mask
from scratchgui.core.model_card import Bundle
from scratchgui.core.project import Project, ProjectFile
from scratchgui.core.protocol import Event, Finished, Note
from scratchgui.core.recipe import Recipe
from training import contender
from training.compare import Examined, Examiner, Part
from training.data import Images

LINE = (8, 30, 88, 34)
SILENT, RIGHT, LOUD = -20.0, -2.0, 20.0


def entry(folder: Path, name: str, *, clean: bool = False) -> ManifestEntry:
    """An image of 64 × 96 px with one scratch, or a clean one."""
    lines = () if clean else (LINE,)
    image = write_png(folder / f"{name}.png", scratched(64, 96, *lines, thickness=5))
    width = 7 if name == "b" else 5  # the inspector of b was generous
    mask = write_png(folder / f"{name}.mask.png", np.asarray(scratched(64, 96, *lines, thickness=width) < 90, np.uint8))
    return ManifestEntry(key=f"{name}.png", image=str(image), mask=None if clean else str(mask), split="validation")


class Bench:
    """A run folder, images in it, and models to compare.

    Attributes:
        told: Events that were told.
    """

    def __init__(self, run: Path) -> None:
        self.run = run
        run.mkdir(parents=True)
        self.told: list[Event] = []
        self.validation = [
            entry(run / "images", "a"),
            entry(run / "images", "b"),
            entry(run / "images", "c", clean=True),
        ]
        self.learned = [entry(run / "images", "d"), entry(run / "images", "e", clean=True)]

    def model(self, name: str, bias: float, classes: tuple[str, ...] = ("scratch",)) -> Bundle:
        return make_bundle(self.run / name, model_id=name, bias=bias, classes=classes)

    def examine(self, new: Bundle, old: Path | None) -> Examined:
        parts = (Part(entries, Images(entries, binary=False)) for entries in (self.validation, self.learned))
        return Examiner(self.run, *parts, self.told.append).examine(new.folder, old)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "project" / "runs" / "1")


def test_a_better_model_replaces_a_silent_one_and_all_is_written_down(bench: Bench) -> None:
    examined = bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder)
    finished = examined.finished
    assert finished.better and finished.comparison == "comparison.json"
    assert (finished.improved, finished.compared, finished.model) == (2, 3, "new")
    assert finished.old["dice"] == 0 and (finished.new["dice"] or 0) > 0.7 and finished.new["auroc"] == 1
    assert finished.reason.startswith("Better on 2 of 3 validation images. Dice 0.00 → 0.")
    assert "false alarms 0% → 0%" in finished.reason
    found = load_comparison(bench.run)
    assert (found.champion.id, found.challenger.id, found.better) == ("old", "new", True)
    by_name = {metric.name: metric for metric in found.metrics}
    dice = by_name["dice"]
    assert dice.challenger == finished.new["dice"] and dice.challenger_interval is not None
    assert by_name["region_precision"].champion is None and by_name["region_precision"].champion_interval is None
    assert found.gain is not None and found.gain > 0.4 and found.gain_interval is not None
    assert "only 2 images with a defect" in found.too_small


def test_the_gallery_shows_what_changed_most_first(bench: Bench) -> None:
    bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder)
    first, second, last = load_comparison(bench.run).images
    assert {first.key, second.key} == {"a.png", "b.png"} and last.key == "c.png"
    assert first.changed and (first.verdict_champion, first.verdict_challenger) == ("OK", "NG")
    assert not last.changed and last.champion_mask == last.challenger_mask == ""
    assert last.champion_mark == last.challenger_mark == 1.0
    old, new = (
        decode_mask((bench.run / "comparison" / name).read_bytes())
        for name in (first.champion_mask, first.challenger_mask)
    )
    assert old.shape == new.shape == (64, 96) and not old.any() and new.any()
    assert {path.name for path in (bench.run / "comparison").iterdir()} == {
        name for image in (first, second) for name in (image.champion_mask, image.challenger_mask)
    }


def test_no_more_masks_are_kept_than_a_gallery_needs(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contender, "LARGEST_GALLERY", 1)
    bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder)
    images = load_comparison(bench.run).images
    assert [bool(image.champion_mask) for image in images] == [True, False, False]
    assert [image.changed for image in images] == [True, True, False]


def test_a_loud_model_is_not_put_to_use(bench: Bench) -> None:
    finished = bench.examine(bench.model("new", LOUD), bench.model("old", RIGHT).folder).finished
    assert not finished.better and finished.new["false_alarm_rate"] == 1
    assert finished.reason.startswith("Not better; keeping Tiny · v1. Dice 0.")


def test_the_same_model_again_keeps_the_one_in_use(bench: Bench) -> None:
    finished = bench.examine(bench.model("new", RIGHT), bench.model("old", RIGHT).folder).finished
    assert not finished.better and finished.improved == 0
    assert not any(image.changed for image in load_comparison(bench.run).images)
    assert load_comparison(bench.run).gain == 0


def test_the_project_says_how_defects_are_cut_out_and_judged(bench: Bench) -> None:
    project = bench.run.parents[1]
    recipe = Recipe(review_area_ratio=0.0, ng_area_ratio=0.5)
    Project(project, ProjectFile(name="p", image_root=".", recipe=recipe)).save()
    bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder)
    assert load_comparison(bench.run).images[0].verdict_challenger == "REVIEW"
    strict = recipe.model_copy(update={"min_area": 64 * 96})
    Project(project, ProjectFile(name="p", image_root=".", recipe=strict)).save()
    finished = bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder).finished
    assert finished.new["dice"] == 0 and not finished.better


def test_a_model_in_use_that_broke_meanwhile_gives_its_place_up(bench: Bench) -> None:
    old = bench.model("old", RIGHT)
    old.ir_weights_path.write_bytes(b"half")
    for folder in (old.folder, bench.run / "gone"):
        examined = bench.examine(bench.model("new", RIGHT), folder)
        assert examined.finished.better and "cannot be opened any more" in examined.finished.reason
        assert examined.finished.comparison == "" and (examined.finished.new["dice"] or 0) > 0.7
    with pytest.raises(BundleError):
        bench.examine(old, None)


def test_models_of_other_classes_are_compared_by_what_they_mark(bench: Bench) -> None:
    old = bench.model("old", RIGHT, ("scratch", "dent", "stain"))
    assert bench.examine(bench.model("new", RIGHT), old.folder).finished.compared == 3
    assert bench.examine(bench.model("two", RIGHT, ("scratch", "dent")), old.folder).finished.compared == 3


@pytest.mark.parametrize(("keys", "missing"), [("ab", "false_alarm_rate"), ("c", "dice")])
def test_validation_without_a_defect_or_without_a_clean_image(bench: Bench, keys: str, missing: str) -> None:
    bench.validation = [item for item in bench.validation if item.key[0] in keys]
    finished = bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder).finished
    assert finished.better  # where all are clean, the image learned from tells
    assert finished.new[missing] is None and finished.new["auroc"] is None
    assert json.loads((bench.run / "comparison.json").read_text("utf-8"))["metrics"]


def test_a_network_of_nan_is_no_gain(bench: Bench) -> None:
    """Nothing is marked where nothing is a number: right on clean images, and for no good reason."""
    bench.validation = bench.validation[2:]
    finished = bench.examine(bench.model("new", float("nan")), bench.model("old", RIGHT).folder).finished
    assert not finished.better


def test_images_that_are_not_approved_are_no_truth(bench: Bench) -> None:
    """Where validation cannot tell, the images learned from do, of those approved."""
    bench.validation = bench.validation[2:]
    bench.learned = [item.model_copy(update={"approved": False}) for item in bench.learned]
    assert not bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder).finished.better


def test_images_that_vanished_are_left_out_and_told(bench: Bench) -> None:
    Path(bench.validation[0].image).unlink()
    assert bench.validation[2].mask is None
    finished = bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder).finished
    assert finished.compared == 2
    assert bench.told == [Note("1 validation image is not there any more, and left out of the comparison.")]
    for item in bench.validation[1:]:
        Path(item.image).unlink()
    finished = bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder).finished
    assert isinstance(finished, Finished) and not finished.better and finished.compared == 0
    assert "no image left" in finished.reason


def test_a_comparison_that_cannot_be_saved_costs_no_model(bench: Bench) -> None:
    (bench.run / "comparison").touch()
    (bench.run / "comparison.json").mkdir()
    finished = bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder).finished
    assert finished.better and finished.comparison == ""
    (note,) = bench.told
    assert isinstance(note, Note) and note.text.startswith("The comparison of both models cannot be saved")


def test_masks_of_large_images_stay_small_on_disk(bench: Bench) -> None:
    bench.examine(bench.model("new", RIGHT), bench.model("old", SILENT).folder)
    for path in (bench.run / "comparison").iterdir():
        assert path.stat().st_size < 1000 and cv2.imread(str(path), cv2.IMREAD_UNCHANGED).dtype == np.uint8
