from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_model import make_bundle

from scratchgui.core.annotation import save_annotation
from scratchgui.core.correction import Beginning
from scratchgui.core.files import atomic_write_json
from scratchgui.core.model_card import load_card
from scratchgui.core.project import Project, ReviewStatus


@pytest.fixture
def project(tmp_path: Path, monkeypatch, tiny_bundle) -> Project:
    """A project with the models m1 and m2, of which the starter model is in use."""
    monkeypatch.setattr("scratchgui.paths.starter_bundle", lambda: tiny_bundle.folder)
    found = Project.for_folder(tmp_path)
    for number in (1, 2):
        folder = make_bundle(found.models_folder / f"m{number}", model_id=f"m{number}").folder
        change = {"name": f"Tiny · v{number + 1}", "created": f"2026-03-0{number}T08:00:00Z"}
        rewrite(folder, **change, scores={"dice": 0.5 + number / 10, "auroc": None}, intervals={"dice": [0.4, 0.8]})
    return found


def rewrite(folder: Path, **change: object) -> None:
    card = json.loads((folder / "card.json").read_text())
    atomic_write_json(folder / "card.json", card | change)


def used(project: Project) -> str | None:
    return Project.open(project.folder).file.active_model


def test_the_list_is_plain_when_it_is_read_by_a_program(run, project):
    said = run("models", "list", "--project", project.images)
    assert said.status == 0, said.err
    head, starter, first, second = said.out.splitlines()
    assert head.split()[:3] == ["id", "name", "made"]
    assert starter.split()[:2] == ["*", "starter"] and first.split()[0] == "m1"
    assert "0.6000 (0.4000 … 0.8000)" in first and "Tiny · v3" in second
    assert "\x1b" not in said.out and not any(line.endswith(" ") for line in said.out.splitlines())


def test_a_terminal_shows_the_same_words(run, project, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    said = run("models", "list", "--project", project.folder)
    assert "Tiny · v3" in said.out and "0.6000 (0.4000 … 0.8000)" in said.out


def test_promote_and_rollback(run, project):
    said = run("models", "promote", "m2", "--project", project.folder)
    assert said.status == 0 and said.out == "Tiny · v3 (m2) is in use.\n" and used(project) == "m2"
    assert run("models", "promote", "m2", "--project", project.folder).status == 1
    assert run("models", "promote", "m1", "--project", project.folder).status == 0
    assert run("models", "rollback", "--project", project.folder).status == 0 and used(project) == "m2"
    assert run("models", "promote", "starter", "--project", project.folder).status == 0 and used(project) is None


def test_a_damaged_model_is_not_put_to_use(run, project):
    (project.models_folder / "m1" / "model.bin").write_bytes(b"half")
    said = run("models", "promote", "m1", "--project", project.folder)
    assert said.status == 1 and "damaged" in said.err and len(said.err.splitlines()) == 1
    assert used(project) is None


def test_rename_and_delete(run, project):
    assert run("models", "rename", "m1", "Morning shift", "--project", project.folder).out == (
        "m1 is called Morning shift.\n"
    )
    assert load_card(project.models_folder / "m1").name == "Morning shift"
    (project.predictions_folder / "m1").mkdir(parents=True)
    assert run("models", "delete", "m1", "--project", project.folder).status == 0
    assert not (project.models_folder / "m1").exists() and not (project.predictions_folder / "m1").exists()
    assert "m1" not in run("models", "list", "--project", project.folder).out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["promote", "m"], "2 models have an id that begins with m"),
        (["show", "x"], "No model has an id that begins with x"),
        (["rollback"], "no earlier model"),
        (["delete", "starter"], "cannot be deleted"),
        (["rename", "starter", "x"], "keeps its name"),
        (["rename", "m1", " "], "1 to 80 letters"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, project, words, says):
    said = run("models", *words, "--project", project.folder)
    assert said.status == 1 and says in said.err and len(said.err.splitlines()) == 1 and said.out == ""


def test_a_folder_without_a_project_and_a_missing_command(run, tmp_path):
    assert "no project" in run("models", "list", "--project", tmp_path).err
    assert run("models", "unheard-of").status == 1


def test_show_tells_scores_with_their_intervals(run, project):
    rewrite(project.models_folder / "m1", training={"learning": {"corrections": 12}, "libraries": {"torch": "2.15.0"}})
    out = run("models", "show", "m1", "--project", project.folder).out
    lines = [line.split() for line in out.splitlines()]
    assert ["dice", "0.6000", "0.4000", "…", "0.8000"] in lines and ["auroc", "undefined"] in lines
    assert ["reviewed", "images", "12"] in lines and "torch 2.15.0" in out


def test_the_record_shows_what_was_marked_before_it_was_corrected(run, project):
    assert "No image was corrected" in run("models", "record", "--project", project.folder).out
    mask = np.zeros((8, 8), np.uint8)
    began = Beginning(mask.copy(), "m1", 0.5)
    mask[2:4, 2:7] = 1
    save_annotation(project, "a.png", mask, ReviewStatus.APPROVED, began=began)
    _, line = run("models", "record", "--project", project.folder).out.splitlines()
    assert line.split()[2:] == ["a.png", "m1", "0.0000", "0.0000", "0.0000", "10", "1"]
