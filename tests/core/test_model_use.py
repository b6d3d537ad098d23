from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scratchgui.core.errors import BundleError, ProjectError
from scratchgui.core.model_card import ModelCard, save_card
from scratchgui.core.model_shelf import bring_back
from scratchgui.core.model_use import STARTER, delete_model, ids_in_use, previous_of, put_to_use
from scratchgui.core.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    found = Project.for_folder(tmp_path)
    for name in ("a", "b", "c"):
        model(found.models_folder / name, name)
        kept = found.predictions_folder / name / "1.png.json"
        kept.parent.mkdir(parents=True)
        kept.touch()
    return found


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    return model(tmp_path / "starter", "starter-1")


def model(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True)
    save_card(folder, ModelCard(id=name, name=name, created=datetime(2026, 5, 1, tzinfo=UTC)))
    return folder


def used(project: Project) -> tuple[str | None, str | None]:
    file = Project.open(project.folder).file
    return file.active_model, file.previous_model


def test_a_model_is_used_and_the_one_before_comes_back(project: Project, starter: Path) -> None:
    with pytest.raises(BundleError, match="no earlier model"):
        previous_of(project)
    put_to_use(project, starter, "a")
    assert used(project) == ("a", STARTER) and previous_of(project) is None
    put_to_use(project, starter, "b")
    assert used(project) == ("b", "a")
    put_to_use(project, starter, previous_of(project))
    assert used(project) == ("a", "b")
    put_to_use(project, starter, None)
    assert used(project) == (None, "a")
    assert ids_in_use(project, starter) == {"starter", "starter-1", "a"}


def test_predictions_stay_whatever_model_is_used(project: Project, starter: Path) -> None:
    for name in ("a", "b", None, "c"):
        put_to_use(project, starter, name)
    assert {path.name for path in project.predictions_folder.iterdir()} == {"a", "b", "c"}


def test_a_missing_model_and_a_project_that_cannot_be_saved_change_nothing(
    project: Project, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_to_use(project, starter, "a")
    with pytest.raises(BundleError):
        put_to_use(project, starter, "gone")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scratchgui.core.project.atomic_write_json", fail)
    with pytest.raises(ProjectError, match="No space left"):
        put_to_use(project, starter, "b")
    assert used(project) == (project.file.active_model, project.file.previous_model) == ("a", STARTER)


def test_only_a_model_that_nobody_uses_is_deleted(project: Project, starter: Path) -> None:
    for name in ("a", "b"):
        put_to_use(project, starter, name)
    other_window = Project.open(project.folder)
    put_to_use(other_window, starter, "c")
    folders = [project.models_folder / name for name in ("a", "b", "c")]
    for folder in (starter, *folders):
        with pytest.raises(BundleError, match="cannot be deleted"):
            delete_model(project, starter, folder)
    put_to_use(other_window, starter, "b")
    put_to_use(project, starter, "a")
    place = delete_model(project, starter, folders[2])
    assert not folders[2].exists() and not (project.predictions_folder / "c").exists()
    assert (project.predictions_folder / "a").is_dir()
    bring_back(place)
    put_to_use(project, starter, "c")
    with pytest.raises(BundleError, match="cannot be deleted"):
        delete_model(project, starter, project.models_folder / "gone")
