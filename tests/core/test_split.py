from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchgui.core.errors import TrainingError
from scratchgui.core.split import ENOUGH_DEFECTS, extend_split, split_of_names, too_small_for_proof

reviews = st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=60)


@given(st.lists(reviews, min_size=1, max_size=4))
def test_no_image_ever_changes_sides(rounds: list[list[tuple[int, bool]]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "split.json"
        known: dict[str, str] = {}
        for batch in rounds:
            split = extend_split(path, {f"{number}.png": defect for number, defect in batch})
            assert known.items() <= split.items()
            assert {f"{number}.png" for number, _ in batch} <= split.keys()
            known = dict(split)


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 60))
def test_one_in_five_of_each_kind_is_held_back(kinds: list[bool], cut: int) -> None:
    defects = {f"{number}.png": kind for number, kind in enumerate(kinds)}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "split.json"
        if cut:
            extend_split(path, dict(list(defects.items())[:cut]))
        split = extend_split(path, defects)
    for kind in (True, False):
        names = [name for name in defects if defects[name] is kind]
        held_back = sum(split[name] == "validation" for name in names)
        assert held_back == (0 if len(names) < 2 else max(1, len(names) // 5))


def test_two_images_are_enough_to_begin(tmp_path: Path) -> None:
    split = extend_split(tmp_path / "split.json", {"a": True, "b": True})
    assert split == {"a": "train", "b": "validation"}


@pytest.mark.parametrize("content", ["", "[]", '{"a": "test"}', '{"a": ["train"]}', '{"a": null}'])
def test_a_damaged_split_is_refused_and_kept(tmp_path: Path, content: str) -> None:
    path = tmp_path / "split.json"
    path.write_text(content)
    with pytest.raises(TrainingError, match="damaged"):
        extend_split(path, {"a": True})
    assert path.read_text() == content


def test_a_split_that_cannot_be_saved_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(TrainingError, match="No space left"):
        extend_split(tmp_path / "split.json", {"a": True})


@pytest.mark.parametrize(
    ("train", "validation", "expected"),
    [
        (None, None, "ttttv ttttv t"),
        (["0", "1"], ["2"], "ttv"),
        (["0", "1"], None, "ttvvvvvvvvv"),
        (None, ["10"], "ttttttttttv"),
        (["0", "1"], ["1"], "tv"),
    ],
)
def test_lists_of_names(train: list[str] | None, validation: list[str] | None, expected: str) -> None:
    names = [str(number) for number in range(11)]
    split = split_of_names(names, train, validation)
    assert "".join("t" if split[name] == "train" else "v" for name in names if name in split) == expected.replace(
        " ", ""
    )


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), st.booleans()), max_size=60), st.integers(0, 60))
def test_images_of_one_group_are_never_on_both_sides(images: list[tuple[int, int, bool]], cut: int) -> None:
    defects = {f"{number}.png": defect for number, _, defect in images}
    groups = {f"{number}.png": str(group) for number, group, _ in images}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "split.json"
        path.write_text('{"other": "validation"}')  # else images are parted where all look alike
        extend_split(path, dict(list(defects.items())[:cut]), groups)
        split = extend_split(path, defects, groups)
    assert split.keys() == defects.keys() | {"other"}
    for group in set(groups.values()):
        assert len({split[name] for name in defects if groups[name] == group}) <= 1


def test_where_all_look_alike_there_is_something_to_validate_on_from_the_fourth_on(tmp_path: Path) -> None:
    path, groups = tmp_path / "split.json", dict.fromkeys("abcdefghij", "a")
    assert set(extend_split(path, dict.fromkeys("abc", True), groups).values()) == {"train"}
    assert extend_split(path, dict.fromkeys("abcd", True), groups)["d"] == "validation"
    # Those that come later are parted too, one in five.
    assert "".join(part[0] for part in extend_split(path, dict.fromkeys("abcdefghij", True), groups).values()) == (
        "tttvtttttv"
    )


def test_what_looks_like_an_image_joins_it_whatever_the_counts_say(tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    path.write_text('{"a": "train", "b": "validation"}')  # of before there were groups
    groups = {"c": "b", "d": "a"} | {"a": "a", "b": "b"}
    assert extend_split(path, dict.fromkeys("abcd", True), groups) == {
        "a": "train",
        "b": "validation",
        "c": "validation",
        "d": "train",
    }


def test_what_was_learned_from_before_it_was_approved_is_never_examined(tmp_path: Path) -> None:
    path = tmp_path / "split.json"
    extend_split(path, {"a": True, "b": True}, {"d": "b"}, ["c", "d", "b"])
    # d looks like b, on which models are examined: it is not learned from, and b stays where it is.
    assert extend_split(path, dict.fromkeys("abcd", True), {"d": "b"}) == {
        "a": "train",
        "b": "validation",
        "c": "train",
        "d": "validation",
    }


def test_it_is_said_when_the_check_is_too_small() -> None:
    assert "only no image" in too_small_for_proof(0, 5)
    assert "only 1 image with" in too_small_for_proof(1, 5)
    assert "7 images" in too_small_for_proof(ENOUGH_DEFECTS - 1, 5)
    assert "no clean image" in too_small_for_proof(ENOUGH_DEFECTS, 0)
    assert too_small_for_proof(ENOUGH_DEFECTS, 1) == ""
