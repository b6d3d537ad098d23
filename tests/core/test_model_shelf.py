"""The models that a project keeps, on disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scratchgui.core.comparison import ComparedModel, Comparison, save_comparison
from scratchgui.core.errors import BundleError
from scratchgui.core.model_card import ModelCard, load_card, save_card
from scratchgui.core.model_shelf import bring_back, models_of, put_away, rename_model
from scratchgui.core.project import Project


def write_model(folder: Path, model_id: str, age: int = 0, **training: object) -> Path:
    folder.mkdir(parents=True)
    created = datetime(2026, 5, 1, tzinfo=UTC) - timedelta(days=age)
    save_card(folder, ModelCard(id=model_id, name=f"Model {model_id}", created=created, training=training))
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.for_folder(tmp_path)


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    return write_model(tmp_path / "starter", "starter-1")


def test_models_are_listed_by_age_with_what_they_learned_from(project: Project, starter: Path):
    models = project.models_folder
    write_model(models / "young", "young", train_images=9, validation_images=3)
    write_model(models / "old", "old", age=5, learning={"corrections": 7})
    (models / "broken").mkdir()
    (models / "broken" / "card.json").write_text("{")
    found = models_of(project, starter)
    assert [(model.card.id, model.corrections) for model in found] == [("starter-1", 0), ("old", 7), ("young", 12)]
    assert found[0].is_starter


def test_a_model_knows_the_training_that_compared_it(project: Project, starter: Path):
    write_model(project.models_folder / "m", "m")
    run, broken = project.runs_folder / "1", project.runs_folder / "2"
    run.mkdir(parents=True)
    broken.mkdir()
    (broken / "comparison.json").write_text("[]")
    champion, challenger = ComparedModel(id="starter-1", name="v1"), ComparedModel(id="m", name="v2")
    save_comparison(run, Comparison(champion=champion, challenger=challenger, rule="", better=True, reason=""))
    assert [model.run for model in models_of(project, starter)] == [None, run]


def test_a_new_name_changes_nothing_else(project: Project):
    folder = write_model(project.models_folder / "m", "m", learning={"corrections": 7})
    before = load_card(folder)
    rename_model(folder, "  Evening shift ")
    assert load_card(folder) == before.model_copy(update={"name": "Evening shift"})
    for name in (" ", "x" * 81, "a\x00b"):
        with pytest.raises(BundleError, match="1 to 80 letters"):
            rename_model(folder, name)
    assert load_card(folder).name == "Evening shift"
    rename_model(folder, "two\nlines")
    assert load_card(folder).name == "two lines"


def test_a_deleted_model_comes_back_until_another_is_deleted(project: Project, starter: Path):
    first, second = (write_model(project.models_folder / name, name) for name in ("a", "b"))
    place = put_away(first)
    assert [model.card.id for model in models_of(project, starter)] == ["starter-1", "b"]
    bring_back(place)
    assert load_card(first).id == "a"
    place = put_away(first)
    put_away(second)
    assert not place.exists()
    with pytest.raises(BundleError, match="brought back"):
        bring_back(place)
