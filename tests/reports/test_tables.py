from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tiny_model import scratched, write_png

from scratchgui.core.annotation import save_annotation
from scratchgui.core.model_card import ModelCard
from scratchgui.core.project import DefectClass, Project, ReviewStatus
from scratchgui.reports.summary import ModelMasks, summarize_project
from scratchgui.reports.tables import DEFECT_COLUMNS, IMAGE_COLUMNS, write_tables


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_one_line_an_image_and_one_a_defect(
    tmp_path: Path, project: Project, card: ModelCard, model: ModelMasks
) -> None:
    images, defects = write_tables(summarize_project(project, card, model), tmp_path / "out")
    rows = read(images)
    assert [row["image"] for row in rows] == ["a.png", "b.png", "c.png", "d.png", "e.png"]
    assert [row["verdict"] for row in rows] == ["NG", "OK", "NG", "OK", "not judged"]
    first = rows[0]
    assert (first["defects"], first["area_px2"], first["area_ratio"]) == ("1", "120", "0.02500000")
    assert (first["decided_by"], first["status"], first["inspector"]) == ("inspector", "approved", "Ada")
    assert (first["model"], first["threshold"], first["max_probability"]) == ("m0", "", "0.8000")
    assert (first["width_px"], first["height_px"], first["problem"]) == ("80", "60", "")
    assert first["decided_at"].endswith("+00:00")
    assert rows[4]["problem"].startswith("Nobody") and rows[4]["area_px2"] == rows[4]["width_px"] == ""
    marks = [(row["image"], row["defect"], row["class"], row["area_px2"]) for row in read(defects)]
    assert marks == [("a.png", "1", "scratch", "120"), ("c.png", "1", "scratch", "20"), ("c.png", "2", "scratch", "12")]
    box = read(defects)[0]
    assert [box[name] for name in ("x_px", "y_px", "width_px", "height_px")] == ["10", "10", "30", "4"]


def test_spreadsheets_read_it(tmp_path: Path, project: Project, card: ModelCard, model: ModelMasks) -> None:
    for path in write_tables(summarize_project(project, card, model), tmp_path):
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf"), "Excel takes a file without the mark for the system's code page"
        assert data.count(b"\r\n") == data.count(b"\n")
        assert b"e-0" not in data


def test_the_units_are_in_the_headings() -> None:
    for column in IMAGE_COLUMNS + DEFECT_COLUMNS:
        if column.startswith(("x", "y", "width", "height")):
            assert column.endswith("_px"), column
    assert "area_px2" in IMAGE_COLUMNS and "area_px2" in DEFECT_COLUMNS


@pytest.mark.parametrize("name", ["=1+1.png", "+a.png", "-a.png", "@SUM(A1).png", "=HYPERLINK(x,y).png"])
def test_nothing_runs_as_a_formula(tmp_path: Path, model: ModelMasks, name: str) -> None:
    folder = tmp_path / "images"
    write_png(folder / name, scratched(30, 30))
    project = Project.for_folder(folder)
    project.file.classes = [DefectClass(name="=cmd", color="#ff0000")]
    mask = scratched(30, 30) * 0
    mask[5:10, 5:20] = 1
    save_annotation(project, name, mask, ReviewStatus.APPROVED, who="=Eve")
    images, defects = write_tables(summarize_project(project, None, model), tmp_path / "out")
    row, defect = read(images)[0], read(defects)[0]
    assert row["image"] == defect["image"] == f"'{name}"
    assert (row["inspector"], defect["class"]) == ("'=Eve", "'=cmd")


def test_commas_quotes_and_other_scripts_come_back(tmp_path: Path, model: ModelMasks) -> None:
    names = ['a, "b".png', "плита №7.png", "傷.png"]
    for name in names:
        write_png(tmp_path / "images" / name, scratched(30, 30))
    project = Project.for_folder(tmp_path / "images")
    images = write_tables(summarize_project(project, None, model), tmp_path / "out")[0]
    assert {row["image"] for row in read(images)} == set(names)


def test_tables_of_a_project_without_defects_have_their_headings(tmp_path: Path, project: Project) -> None:
    defects = write_tables(summarize_project(project, None, lambda rel: None, images=["b.png"]), tmp_path)[1]
    assert defects.read_text(encoding="utf-8-sig").strip() == ",".join(DEFECT_COLUMNS)
