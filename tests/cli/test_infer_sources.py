from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_model import scratched, write_png

from scratchgui.cli.image_sources import open_sources
from scratchgui.cli.worklist import Worklist
from scratchgui.core.errors import UserError


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Images in two folders and deeper, one of them with a bracket in its name."""
    folder = tmp_path / "parts"
    for name in ("a/1.png", "a/2.jpg", "a/10.png", "b/deep/er/3.png", "b [old]/4.png", "b [old]/5.png"):
        write_png(folder / name, scratched(20, 30))
    (folder / "a" / "notes.txt").write_text("")
    return folder


def found(*words: object, recursive: bool = True, skip: Path = Path("nowhere")) -> tuple[Path, list[str]]:
    sources = open_sources([str(word) for word in words], recursive=recursive, skip=skip)
    worklist = Worklist()
    worklist.add(sources.names())
    return sources.root, [entry.rel for entry in worklist.due()]


def test_a_folder_in_natural_order(parts: Path) -> None:
    expected = ["a/1.png", "a/2.jpg", "a/10.png", "b [old]/4.png", "b [old]/5.png", "b/deep/er/3.png"]
    assert found(parts) == (parts, expected)
    assert found(parts / "a", recursive=False) == (parts / "a", ["1.png", "2.jpg", "10.png"])


def test_several_sources_are_named_below_the_folder_that_they_share(parts: Path) -> None:
    expected = ["a/1.png", "a/2.jpg", "a/10.png", "b/deep/er/3.png"]
    assert found(parts / "a", parts / "b") == (parts, expected)
    assert found(parts / "b" / "deep" / "er" / "3.png", parts / "a" / "1.png") == (
        parts,
        ["a/1.png", "b/deep/er/3.png"],
    )


def test_what_is_named_twice_comes_once(parts: Path) -> None:
    twice = found(parts, parts / "a", parts / "a" / "1.png", parts / "a" / "*.png")
    assert twice == found(parts)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a/*.png", ["1.png", "10.png"]),
        ("a/?.*", ["1.png", "2.jpg"]),
        ("**/*.png", ["a/1.png", "a/10.png", "b [old]/4.png", "b [old]/5.png", "b/deep/er/3.png"]),
        ("*/*", ["a/1.png", "a/2.jpg", "a/10.png", "b [old]/4.png", "b [old]/5.png"]),
        ("b/**", ["deep/er/3.png"]),
        ("a/[12].*", ["1.png", "2.jpg"]),
    ],
)
def test_patterns(parts: Path, pattern: str, expected: list[str]) -> None:
    assert found(parts / pattern)[1] == expected


def test_a_folder_whose_name_looks_like_a_pattern(parts: Path) -> None:
    assert found(parts / "b [old]") == (parts / "b [old]", ["4.png", "5.png"])


def test_patterns_see_no_results(parts: Path) -> None:
    write_png(parts / "results" / "overlays" / "1.jpg", scratched(20, 30))
    assert "results/overlays/1.jpg" not in found(parts / "**" / "*", skip=parts / "results")[1]


def test_a_list_is_relative_to_its_own_folder(parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    text = parts / "todo.txt"
    text.write_text(f"\ufeffa/10.png\n\n  a/1.png  \nb\n{parts / 'a' / '1.png'}\n./a/../a/1.png\n", encoding="utf-8")
    assert found(text) == (parts, ["a/1.png", "a/10.png", "b/deep/er/3.png"])


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", None])
def test_a_list_that_cannot_be_read_is_a_sentence(run, tmp_path: Path, content: bytes | None) -> None:
    text = tmp_path / "list.txt"
    if content is None:
        said = run("infer", "--source", text)
        assert "no such file" in said.err
    else:
        text.write_bytes(content)
        said = run("infer", "--source", text)
        assert "list" in said.err and "UTF-8" in said.err
    assert said.status == 1 and len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("empty", "There are no images in this folder"),
        ("empty/*.png", "No image fits"),
        ("nowhere/*.png", "There is no such folder"),
        ("nowhere", "There is no such file or folder"),
        ("empty/notes.md", "no image that can be read"),
        ("empty/list.txt", "The list names no images"),
    ],
)
def test_nothing_there_is_one_sentence(run, tmp_path, tiny_bundle, word, sentence):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.md").write_text("")
    (tmp_path / "empty" / "list.txt").write_text("\n\n")
    out = tmp_path / "out"
    said = run("infer", "--source", tmp_path / word, "--model", tiny_bundle.folder, "--out", out)
    assert (said.status, said.out) == (1, "")
    assert sentence in said.err and len(said.err.splitlines()) == 1
    assert not out.exists()


def test_several_empty_sources_are_one_sentence(run, tmp_path, tiny_bundle):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    said = run("infer", tmp_path / "a", tmp_path / "b", "--model", tiny_bundle.folder, "--out", tmp_path / "out")
    assert said.status == 1
    assert "no images in any of these" in said.err and len(said.err.splitlines()) == 1


def test_sources_without_option_as_a_shell_makes_them_of_a_pattern(run, parts, tmp_path, tiny_bundle):
    words = ["infer", "--source", *sorted((parts / "a").glob("*.png"))]
    said = run(*words, "--model", tiny_bundle.folder, "--out", tmp_path / "out")
    assert said.status == 0, said.err
    assert said.out.startswith("2 images: ")


def test_a_list_on_stdin_and_what_it_names_that_is_not_there(start, parts, tiny_bundle, tmp_path):
    out = tmp_path / "out"
    child = start(
        "infer", "--source", "-", "--model", tiny_bundle.folder, "--out", out, stdin="parts/a/1.png\nparts/a/gone.png\n"
    )
    said, trouble = child.communicate(timeout=60)
    assert child.returncode == 2, trouble
    assert said.startswith("2 images: 1 OK, 0 REVIEW, 0 NG, 1 failed; ")
    assert trouble.count("gone.png") == 1 and "no longer there" in trouble
    records = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert [(record["image"], record["verdict"]) for record in records] == [("1.png", "OK"), ("gone.png", None)]


def names(*rels: str) -> dict[str, str]:
    worklist = Worklist()
    worklist.add(rels)
    return {entry.rel: worklist.name_of(entry) for entry in worklist.due()}


def test_names_never_meet() -> None:
    found = names("a.png", "a.jpg", "A.tif", "b/c.png", "c.png", "d.png", "d.png.bmp", "d.jpg")
    assert found["b/c.png"] == "b/c"
    assert found["c.png"] == "c"
    assert found["a.png"] == "a.png" and found["A.tif"] == "A.tif"
    assert len({name.casefold() for name in found.values()}) == len(found)


def test_a_name_that_was_given_stays_when_a_namesake_arrives() -> None:
    worklist = Worklist()
    worklist.add(["a.png", "a.png.bmp"])
    first = {entry.rel: worklist.name_of(entry) for entry in worklist.due()}
    worklist.add(["a.jpg", "A.PNG"])
    second = {entry.rel: worklist.name_of(entry) for entry in worklist.due()}
    assert {rel: second[rel] for rel in first} == first
    assert len({name.casefold() for name in second.values()}) == 4


def test_sources_on_two_drives_are_a_sentence(monkeypatch: pytest.MonkeyPatch, parts: Path) -> None:
    def differ(_: object) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr("os.path.commonpath", differ)
    with pytest.raises(UserError, match="different drives"):
        open_sources([str(parts / "a"), str(parts / "b")], recursive=True, skip=parts / "out")
