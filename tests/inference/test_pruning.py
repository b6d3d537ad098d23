from __future__ import annotations

import logging
import os
import time

import pytest

from scratchgui.inference import pruning
from scratchgui.inference.pruning import remove_unused

DAYS = 24 * 3600


@pytest.fixture
def folder(tmp_path):
    """Predictions of three models, untouched for two days."""
    for model in ("m1", "m2", "m3"):
        for rel in ("a", "sub/b"):
            path = tmp_path / model / f"{rel}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"pixels")
            path.with_suffix(".json").write_text("{}")
        rest(tmp_path / model)
    return tmp_path


def rest(folder, days=2):
    for place, _, _ in os.walk(folder):
        os.utime(place, (time.time() - days * DAYS,) * 2)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_models_in_use_stay(folder, caplog):
    with caplog.at_level(logging.INFO):
        assert remove_unused(folder, {"m1", "m3"}) == 4
    assert names(folder) == ["m1", "m3"]
    assert (folder / "m3/sub/b.png").is_file()
    assert "4 files of predictions of m2" in caplog.text


def test_what_was_written_today_stays_however_deep(folder):
    rest(folder / "m2", days=0.5)
    (folder / "m3/sub/new.png").write_bytes(b"")
    remove_unused(folder, {"m1"})
    assert names(folder) == ["m1", "m2", "m3"]
    rest(folder / "m3")
    remove_unused(folder, {"m1"})
    assert names(folder) == ["m1", "m2"]


def test_what_was_not_removed_in_time_goes_the_next_time(folder):
    assert remove_unused(folder, {"m1", "m3"}, seconds=-1) == 0
    assert names(folder) == [".unused-m2", "m1", "m3"]
    assert remove_unused(folder, {"m1", "m3"}) == 4
    assert names(folder) == ["m1", "m3"]


def test_links_and_files_are_left_alone(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "precious").write_text("")
    rest(elsewhere)
    (folder / "m4").symlink_to(elsewhere, target_is_directory=True)
    (folder / "m2/link").symlink_to(elsewhere, target_is_directory=True)
    (folder / "note.txt").write_text("")
    rest(folder / "m2")
    remove_unused(folder, {"m1", "m3"})
    assert (elsewhere / "precious").is_file()
    assert (folder / "m4").is_symlink()
    assert (folder / "note.txt").is_file()


def test_what_cannot_be_removed_is_logged_and_stays(folder, monkeypatch, caplog):
    def refuse(path, to):
        raise PermissionError("not yours")

    monkeypatch.setattr(pruning.os, "rename", refuse)
    assert remove_unused(folder, {"m1", "m3"}) == 0
    assert names(folder) == ["m1", "m2", "m3"]
    assert "not yours" in caplog.text


def test_without_predictions_there_is_nothing_to_do(tmp_path):
    assert remove_unused(tmp_path / "none", set()) == 0
