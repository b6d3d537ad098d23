from __future__ import annotations

import base64
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest
from tiny_model import scratched, write_png

from scratchgui.core.annotation import save_annotation
from scratchgui.core.model_card import ModelCard
from scratchgui.core.project import DefectClass, Project, ReviewStatus
from scratchgui.reports.html import HtmlLimits, HtmlReport
from scratchgui.reports.summary import ModelMasks, find_mask, summarize_project
from scratchgui.reports.writer import ReportOptions, write_report

TEMPLATES = Path(__file__).resolve().parents[2] / "resources" / "report"
NASTY = '<b>&"x.png'


class Document(HTMLParser):
    """Tags, attributes and text of a report as a browser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.rows: list[list[str]] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    def pictures(self) -> list[np.ndarray]:
        sources = [value for name, value in self.attributes if name == "src"]
        data = [base64.b64decode(source.removeprefix("data:image/jpeg;base64,")) for source in sources]
        return [cv2.imdecode(np.frombuffer(item, np.uint8), cv2.IMREAD_COLOR) for item in data]

    def row_of(self, name: str) -> list[str]:
        return next([cell.strip() for cell in row] for row in self.rows if len(row) > 1 and name in row[1])


def rendered(project: Project, card: ModelCard | None, model: ModelMasks, limits: HtmlLimits | None = None) -> str:
    summary = summarize_project(project, card, model)

    def mask_of(rel: str) -> np.ndarray | None:
        found = find_mask(project, rel, model)
        return found.mask if found else None

    return HtmlReport(summary, project, mask_of, TEMPLATES, limits).render()


def test_the_numbers_are_those_of_the_tables(
    project: Project, card: ModelCard, model: ModelMasks, options: Callable[..., ReportOptions]
) -> None:
    _, (page, images, _) = write_report(project, card, model, options())
    document = Document(page.read_text(encoding="utf-8"))
    lines = images.read_text(encoding="utf-8-sig").splitlines()[1:]
    for line in lines:
        name, verdict, _, defects, area, *_ = line.split(",")
        row = document.row_of(name)
        assert verdict in row[2]
        assert (row[3], row[4]) == ((defects, area) if defects else ("–", "–"))
    assert "3 defects in 2 of 5 images. 2 images were decided by an inspector, 2 by the model alone." in document.text
    assert "Ada, Bob" in document.text


def test_pictures_show_the_defects_and_decode(project: Project, card: ModelCard, model: ModelMasks) -> None:
    document = Document(rendered(project, card, model))
    # Five thumbnails, two large pictures, crops of three defects.
    pictures = document.pictures()
    assert len(pictures) == 10 and all(picture is not None for picture in pictures)
    assert document.tags.count("article") == 2
    # The first of the large ones: its outline in the color of the class, B G R.
    assert np.abs(pictures[5].astype(int) - (31, 90, 255)).max(axis=2).min() < 40


def test_nothing_is_loaded_from_anywhere(project: Project, card: ModelCard, model: ModelMasks) -> None:
    text = rendered(project, card, model)
    document = Document(text)
    for name, value in document.attributes:
        if name in ("src", "href", "xlink:href", "action", "data", "poster", "srcset"):
            assert value.startswith(("#", "data:image/jpeg;base64,")), f"{name}={value[:60]}"
    without_pictures = re.sub(r"base64,[A-Za-z0-9+/=]+", "", text)
    assert not re.search(r"https?:|file:|@import|url\(", without_pictures)
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & set(document.tags)


def test_all_links_lead_somewhere(project: Project, card: ModelCard, model: ModelMasks) -> None:
    document = Document(rendered(project, card, model))
    targets = {value for name, value in document.attributes if name == "id"}
    assert {value.removeprefix("#") for name, value in document.attributes if name == "href"} <= targets


def test_names_are_text_and_never_markup(tmp_path: Path, card: ModelCard, model: ModelMasks) -> None:
    folder = tmp_path / "<i>folder</i>"
    write_png(folder / NASTY, scratched(60, 80))
    project = Project.for_folder(folder)
    project.file.name = "</title><script>alert(1)</script>"
    project.file.classes = [DefectClass(name="<u>deep</u>", color="#ff5a1f")]
    mask = np.zeros((60, 80), np.uint8)
    mask[10:30, 10:60] = 1
    save_annotation(project, NASTY, mask, ReviewStatus.APPROVED, who="<Ada & 'Co'>")
    document = Document(rendered(project, card, model))
    assert not {"u", "script", "ada", "b0"} & set(document.tags)
    assert document.text.count(NASTY) >= 2
    for shown in ("<Ada & 'Co'>", "<u>deep</u>", "U-Net <B0> · v1", "</title><script>alert(1)</script>", str(folder)):
        assert shown in document.text
    assert ("alt", f"{NASTY} with 1 marked") in document.attributes


def test_a_damaged_annotation_is_shown_with_its_problem(project: Project, card: ModelCard, model: ModelMasks) -> None:
    project.annotation_paths("a.png")[0].write_bytes(b"no png")
    row = Document(rendered(project, card, model)).row_of("a.png")
    assert "a.png.png" in row[1] and "not judged" in row[2]


@pytest.mark.parametrize("lost", [True, False])
def test_an_image_that_is_lost_or_changed_keeps_its_numbers(
    project: Project, card: ModelCard, model: ModelMasks, lost: bool
) -> None:
    path = project.image_path("a.png")
    if lost:
        path.write_bytes(b"no image")
    else:
        write_png(path, scratched(20, 20))
    document = Document(rendered(project, card, model))
    assert document.row_of("a.png")[3:5] == ["1", "120"]
    assert ("a.png" if lost else "no longer the one that was judged") in document.text
    assert document.tags.count("article") == 2


def test_large_projects_stay_readable(project: Project, card: ModelCard, model: ModelMasks) -> None:
    document = Document(rendered(project, card, model, HtmlLimits(pages=1, thumbnails=2, crops=1, boxes=1)))
    assert document.tags.count("article") == 1
    assert len(document.pictures()) == 2 + 1 + 1
    assert "1 more are in the table above" in " ".join(document.text.split())


def test_the_worst_comes_first(project: Project, card: ModelCard, model: ModelMasks) -> None:
    names = [row[1] for row in Document(rendered(project, card, model)).rows if len(row) == 8]
    assert [name[:5] for name in names] == ["a.png", "c.png", "b.png", "d.png", "e.png"]
