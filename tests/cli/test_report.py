from __future__ import annotations

import csv

import pytest
from tiny_model import scratched, write_png

from scratchgui.core.project import Project
from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.steady_predictor import open_predictor


@pytest.fixture
def project(images, tiny_bundle, monkeypatch) -> Project:
    """A project in which one image was predicted."""
    monkeypatch.setattr("scratchgui.paths.starter_bundle", lambda: tiny_bundle.folder)
    project = Project.for_folder(images)
    prediction = open_predictor(tiny_bundle).predict(scratched(60, 80, (10, 30, 60, 30)))
    PredictionStore(project.predictions_folder).save("a.png", prediction, project.image_path("a.png"))
    return project


@pytest.mark.parametrize("place", ["folder", "images"])
def test_report_of_a_project(run, project, tmp_path, place):
    said = run("report", "--project", getattr(project, place), "--out", tmp_path / "out")
    assert said.status == 0, said.err
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.html", "images.csv", "defects.csv"}
    with (tmp_path / "out" / "images.csv").open(encoding="utf-8-sig", newline="") as file:
        verdicts = {row["image"]: row["verdict"] for row in csv.DictReader(file)}
    assert verdicts["a.png"] != "not judged"
    assert verdicts["clean.bmp"] == "not judged"
    assert "2 not judged" in said.out


def test_tables_alone(run, project, tmp_path):
    assert run("report", "--project", project.folder, "--out", tmp_path / "out", "--no-html").status == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"images.csv", "defects.csv"}
    assert run("report", "--project", project.folder, "--out", tmp_path, "--no-html", "--no-csv").status == 1


def test_a_lost_model_leaves_the_inspectors_masks(run, project, tmp_path):
    project.file.active_model = "lost"
    project.save()
    said = run("report", "--project", project.folder, "--out", tmp_path / "out", "--no-html")
    assert said.status == 0
    assert "lost" in said.err
    assert "3 not judged" in said.out


def test_a_folder_without_project_is_one_sentence(run, tmp_path):
    write_png(tmp_path / "a.png", scratched(20, 20))
    said = run("report", "--project", tmp_path, "--out", tmp_path / "out")
    assert said.status == 1
    assert len(said.err.splitlines()) == 1
    assert not (tmp_path / "scratchgui").exists()
