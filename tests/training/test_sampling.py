from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from training_files import write_entry

from scratchgui.core.augmentation import Augmentation
from scratchgui.core.errors import TrainingError
from scratchgui.core.manifest import Manifest, ManifestEntry
from training import data, spill
from training.data import Crops, Images, random_crop
from training.loss import IGNORED
from training.sampling import chances_of, order_of, spots_of

STILL = Augmentation.at("none")


def entry(*, clean: bool = False, weight: float = 1.0) -> ManifestEntry:
    return ManifestEntry(key="a", image="a", mask=None if clean else "m", split="train", weight=weight)


def crops_of(entries: list[ManifestEntry], *, count: int = 64, classes: int = 1, **manifest: object) -> Crops:
    names = [f"class {number}" for number in range(classes)]
    images = Images.of(Manifest.model_validate({"classes": names, "entries": entries} | manifest), "train")
    return Crops(
        images,
        size=32,
        count=count,
        classes=classes,
        mean=(0, 0, 0),
        std=(1, 1, 1),
        seed=0,
        augmentation=STILL,
    )


def write_mask(path: Path, mask: np.ndarray) -> str:
    path.write_bytes(cv2.imencode(".png", mask)[1].tobytes())
    return str(path)


@given(st.lists(st.tuples(st.floats(1, 4), st.booleans()), min_size=1, max_size=30), st.integers(1, 200))
def test_each_image_comes_as_often_as_its_chance_says(images: list[tuple[float, bool]], count: int) -> None:
    chances = chances_of([entry(clean=clean, weight=weight) for weight, clean in images])
    assert chances.sum() == pytest.approx(1)
    found = np.bincount(order_of(np.random.default_rng(1), chances, count), minlength=len(images))
    assert found.sum() == count
    assert np.all(np.abs(found - chances * count) <= 1 + 1e-9)


@pytest.mark.parametrize(
    ("defects", "clean", "share"), [(2, 98, 0.5), (98, 2, 0.85), (6, 4, 0.6), (3, 0, 1), (0, 3, 0)]
)
def test_both_kinds_count_however_many_there_are(defects: int, clean: int, share: float) -> None:
    chances = chances_of([entry()] * defects + [entry(clean=True)] * clean)
    assert chances[:defects].sum() == pytest.approx(share)


def test_what_was_changed_most_comes_four_times_as_often() -> None:
    chances = chances_of([entry(), entry(weight=4)])
    assert chances[1] == pytest.approx(4 * chances[0])


def hits(labels: np.ndarray, where: np.ndarray, **known: object) -> float:
    """Share of the crops that hold some of `where`."""
    rng, spots = np.random.default_rng(0), spots_of(labels, classes=1, **known)
    found = [random_crop(rng, where, labels, 32, spots)[0].any() for _ in range(300)]
    return float(np.mean(found))


def test_crops_go_where_the_inspector_changed_something() -> None:
    labels, began, alarm = (np.zeros((800, 800), np.uint8) for _ in range(3))
    labels[100:110, 100:400] = 1
    began[:] = labels
    missed = np.zeros_like(labels)
    missed[600:602, 600:610] = 1
    labels |= missed
    alarm[700:710, 50:60] = 1
    began |= alarm
    assert hits(labels, alarm) < 0.05
    assert hits(labels, alarm, began=began) == pytest.approx(2 / 8, abs=0.07)
    # By pixels, the short one would have one crop in 150.
    assert hits(labels, missed, began=began) > 0.25
    assert 0.03 < hits(labels, missed) < 0.15
    clean = np.zeros_like(labels)
    assert hits(clean, alarm, began=alarm) == pytest.approx(2 / 3, abs=0.07)
    assert hits(clean, alarm, began=None) < 0.05


def test_a_short_scratch_is_not_lost_beside_a_large_stain() -> None:
    labels = np.zeros((900, 900), np.uint8)
    labels[:400] = 1
    short = np.zeros_like(labels)
    short[800:802, 500:530] = 1
    labels |= short
    # 60 px² beside 360,000: by pixels it would be one crop in 6000.
    assert hits(labels, short) > 0.005
    spots = spots_of(labels, classes=1).reasons[0]
    assert 5 <= np.count_nonzero(spots[:, 0] >= 800) <= 80


def test_spots_are_pixels_of_what_they_stand_for() -> None:
    labels = np.random.default_rng(0).integers(0, 4, (40, 50)).astype(np.uint8)
    labels[labels == 3] = 255
    spots = spots_of(labels, classes=2, whole=False)
    defects, learned = (labels[tuple(reason.T)] for reason in spots.reasons)
    assert set(defects) == {1, 2} and set(learned) == {0, 1, 2}
    assert spots.chances[-1] == 0


def sparse(folder: Path) -> ManifestEntry:
    """An image with two defects, of which the inspector has looked at one."""
    found = write_entry(folder, "sparse", "train", 3, size=(200, 240))
    mask, seen = np.zeros((200, 240), np.uint8), np.zeros((200, 240), np.uint8)
    mask[20:24, 30:60], mask[150:154, 100:160] = 1, 1
    seen[130:180, 80:190] = 255
    write_mask(Path(found.mask or ""), mask)
    return found.model_copy(update={"approved": False, "seen": write_mask(folder / "seen.png", seen)})


def test_nothing_is_learned_where_nobody_looked(tmp_path: Path) -> None:
    found = crops_of([sparse(tmp_path)], count=100, classes=2)
    looked = 0
    for index in range(100):
        target = found[index][1]
        assert set(target.unique().tolist()) <= {IGNORED, 0, 1}
        assert torch.equal(target[0] == IGNORED, target[1] == IGNORED)
        assert not (target[1] == 1).any()
        assert (target != IGNORED).any()  # no crop is wasted
        looked += bool((target[0] == 1).any())
    assert looked > 60


def test_where_the_inspector_looked_must_be_known(tmp_path: Path) -> None:
    entry = sparse(tmp_path)
    Path(entry.seen or "").unlink()
    with pytest.raises(TrainingError, match="not known any more"):
        crops_of([entry])[0]


@pytest.mark.parametrize("how", [{"removed": [2]}, {}])
def test_nothing_is_learned_where_a_removed_class_is(tmp_path: Path, how: dict[str, object]) -> None:
    found = write_entry(tmp_path, "two", "train", 3)
    mask = np.zeros((64, 64), np.uint8)
    mask[:32], mask[40:50] = 2, 1
    write_mask(Path(found.mask or ""), mask)
    classes = 2 if how else 1  # removed, or the last one, which leaves the list
    crops = crops_of([found], classes=classes, **how)
    planes = torch.cat([crops[index][1][0].flatten() for index in range(20)])
    assert set(planes.tolist()) == {IGNORED, 0, 1}
    images = Images.of(Manifest(classes=["a", "b"][:classes], entries=[found], removed=[2] if how else []), "train")
    assert set(np.unique(images[0][1])) == {0, 1}


def test_images_that_memory_has_no_room_for_are_read_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [write_entry(tmp_path, str(number), "train", number) for number in range(4)]
    roomy = crops_of(entries)
    expected = [roomy[index] for index in range(40)]
    reads: list[str] = []
    real = data.read_entry
    monkeypatch.setattr(data, "_CACHE_BYTES", 20_000)
    monkeypatch.setattr(data, "read_entry", lambda item, binary: reads.append(item.key) or real(item, binary=binary))

    def crops_are_as_expected() -> bool:
        crops = crops_of(entries)
        return all(torch.equal(crops[index][0], pixels) for index, (pixels, _) in enumerate(expected))

    assert crops_are_as_expected()
    assert sorted(reads) == sorted(item.key for item in entries)
    monkeypatch.setattr(spill, "_ROOM", 10**15)  # the disk is full
    reads.clear()
    assert crops_are_as_expected()
    assert len(reads) > len(entries)


def test_scratches_are_drawn_into_clean_crops_alone(tmp_path: Path) -> None:
    clean = write_entry(tmp_path, "clean", "train", 1, clean=True, size=(90, 90))
    defect = write_entry(tmp_path, "defect", "train", 2, size=(90, 90))
    manifest = Manifest(classes=["dent", "Deep scratch"], entries=[clean, defect])

    def drawn(pasted: float, known: Manifest) -> Crops:
        images = Images.of(known, "train")
        return Crops(
            images,
            size=64,
            count=60,
            classes=2,
            mean=(0, 0, 0),
            std=(1, 1, 1),
            seed=0,
            augmentation=STILL,
            pasted=pasted,
        )

    labels = [set(np.unique(drawn(1.0, manifest).varied(index)[1])) for index in range(60)]
    assert {0, 2} in labels and {0} not in labels and {0, 1, 2} not in labels
    some = [drawn(0.4, manifest).varied(index)[1].max() for index in range(60)]
    assert 5 <= some.count(0) <= 30
    for other in (
        manifest.model_copy(update={"classes": ["dent", "stain"]}),
        manifest.model_copy(update={"removed": [2]}),
        manifest.model_copy(update={"binary": True}),
    ):
        assert all(2 not in drawn(1.0, other).varied(index)[1] for index in range(20))


def test_a_drawn_scratch_is_where_its_mask_says(tmp_path: Path) -> None:
    clean = write_entry(tmp_path, "clean", "train", 1, clean=True, size=(128, 128))
    images = Images.of(Manifest(classes=["scratch"], entries=[clean]), "train")
    plain, scratched = (
        Crops(
            images,
            size=128,
            count=30,
            classes=1,
            mean=(0, 0, 0),
            std=(1, 1, 1),
            seed=0,
            augmentation=STILL,
            pasted=share,
        )
        for share in (0.0, 1.0)
    )
    for index in range(30):
        (before, _), (after, mask) = plain.varied(index), scratched.varied(index)
        change = np.abs(after.astype(int) - before).mean(axis=2)
        assert change[mask == 1].mean() > 4
        far = cv2.dilate(mask, np.ones((41, 41), np.uint8)) == 0
        # What is too shallow to be seen does not count as defect.
        assert not far.any() or change[far].mean() < 0.5
