from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchgui.core.errors import TrainingError
from scratchgui.core.split import extend_split, split_of_names

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
