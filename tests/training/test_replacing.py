"""The step from one model to the next on disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from training import export


def folder_with(path: Path, text: str) -> Path:
    path.mkdir(parents=True)
    (path / "card.json").write_text(text)
    return path


def test_the_new_model_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    part, folder = folder_with(tmp_path / ".bundle-x", "new"), folder_with(tmp_path / "m1", "old")
    (folder / "left over").touch()
    export.put_in_place(part, folder)
    assert [path.name for path in tmp_path.iterdir()] == ["m1"]
    assert [path.name for path in folder.iterdir()] == ["card.json"]
    assert (folder / "card.json").read_text() == "new"


def test_a_rename_that_fails_gives_the_old_model_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part, folder = folder_with(tmp_path / ".bundle-x", "new"), folder_with(tmp_path / "m1", "old")
    real = os.replace

    def refuse_the_new(source: Path, target: Path) -> None:
        if Path(source) == part:
            raise OSError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(export.os, "replace", refuse_the_new)
    with pytest.raises(OSError, match="Permission denied"):
        export.put_in_place(part, folder)
    assert (folder / "card.json").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".bundle-x", "m1"]
