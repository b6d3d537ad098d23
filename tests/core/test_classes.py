from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scratchgui.core import class_edits as e
from scratchgui.core import classes as c
from scratchgui.core.project import DefectClass, Project, ProjectFile

if TYPE_CHECKING:
    from pathlib import Path

SCRATCH, DENT, STAIN = (DefectClass(name=name, color="#112233") for name in ("scratch", "dent", "stain"))


def test_a_project_of_an_earlier_version_has_classes_that_are_shown_and_open() -> None:
    file = ProjectFile.model_validate(
        {"name": "a", "image_root": "..", "classes": [{"name": "scratch", "color": "#ff5a1f"}]}
    )
    item = file.classes[0]
    assert (item.digit, item.hidden, item.locked, item.removed) == (0, False, False, False)
    assert c.pattern_of(item) is c.Pattern.PLAIN


def test_a_pattern_is_kept_in_the_project_file(tmp_path: Path) -> None:
    project = Project(tmp_path, ProjectFile(name="a", image_root=".."))
    project.file.classes = e.with_changed([SCRATCH, DENT], 2, pattern=c.Pattern.CROSSED)
    project.save()
    assert json.loads((tmp_path / "project.json").read_text())["classes"][1]["pattern"] == "crossed"
    assert [c.pattern_of(item) for item in Project.open(tmp_path).file.classes] == [c.Pattern.PLAIN, c.Pattern.CROSSED]


def test_a_pattern_of_a_newer_program_is_plain_and_kept(tmp_path: Path) -> None:
    project = Project(tmp_path, ProjectFile(name="a", image_root=".."))
    project.file.classes = [SCRATCH.model_copy(update={"pattern": "wavy"}), DENT]
    project.save()
    project = Project.open(tmp_path)
    assert c.pattern_of(project.file.classes[0]) is c.Pattern.PLAIN
    project.file.classes = e.with_changed(project.file.classes, 1, name="line")
    project.save()
    item = Project.open(tmp_path).file.classes[0]
    assert (item.name, item.pattern) == ("line", "wavy")


def test_new_classes_have_labels_names_and_colors_of_their_own() -> None:
    classes = [DefectClass(name="scratch", color=c.CLASS_COLORS[0])]
    for label in range(2, 7):
        classes, added = e.with_added(classes)
        assert added == label
    assert len({item.color for item in classes}) == len({item.name for item in classes}) == 6
    while len(classes) < e.MOST:
        classes, _ = e.with_added(classes)
    with pytest.raises(ValueError, match="255"):
        e.with_added(classes)


def test_removing_moves_no_label() -> None:
    left = e.without([SCRATCH, DENT, STAIN], 2)
    assert c.present(left) == {1: SCRATCH, 3: STAIN}
    again, label = e.with_added(left)
    assert label == 2
    assert c.present(again)[3] == STAIN
    assert e.without(left, 3) == [SCRATCH]


def test_digits_are_those_chosen_and_else_the_labels() -> None:
    classes = [SCRATCH, DENT, STAIN]
    assert c.digits(classes) == {1: 1, 2: 2, 3: 3}
    classes = e.with_changed(classes, 3, digit=1)
    assert c.digits(classes) == {1: 3, 2: 2}
    classes = e.with_changed(classes, 2, digit=1)
    assert c.digits(classes) == {1: 2, 3: 3}, "a digit belongs to the class that it was given last"
    assert c.digits([SCRATCH] * 12).keys() == set(range(1, 10))


@pytest.mark.parametrize("changes", [{"color": "red"}, {"digit": 10}, {"name": ""}])
def test_what_is_not_possible_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        e.with_changed([SCRATCH, DENT], 2, **changes)


@given(st.lists(st.sampled_from(["add", "remove"]), max_size=30), st.data())
def test_a_class_keeps_its_label_whatever_happens_to_others(steps: list[str], data: st.DataObject) -> None:
    classes = [SCRATCH]
    expected = {1: SCRATCH}
    for step in steps:
        if step == "add":
            classes, label = e.with_added(classes)
            assert label not in expected
            expected[label] = classes[label - 1]
        elif len(expected) > 1:
            label = data.draw(st.sampled_from(sorted(expected)))
            classes = e.without(classes, label)
            del expected[label]
        assert c.present(classes) == expected
