from __future__ import annotations

import json
import os

import pytest

from scratchgui import paths
from scratchgui.core.errors import UserError
from scratchgui.settings import SCHEMA_VERSION, Settings, SettingsStore


def written(store: SettingsStore) -> dict[str, object]:
    return json.loads(store.path.read_text(encoding="utf-8"))


def write(content: object) -> SettingsStore:
    store = SettingsStore()
    store.path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    store.path.write_text(text, encoding="utf-8")
    return store


def test_defaults_without_a_file(program_home):
    store = SettingsStore()
    assert store.load() == Settings()
    assert store.path.parent == program_home / "config"
    assert not store.path.exists()


def test_only_what_differs_is_written_and_comes_back():
    store = SettingsStore()
    store.update(brush_size=33, shortcuts={"fit": "F"}, recent=["/größe/bilder"])
    assert written(store) == {
        "version": SCHEMA_VERSION,
        "brush_size": 33,
        "shortcuts": {"fit": "F"},
        "recent": ["/größe/bilder"],
    }
    again = SettingsStore()
    assert again.load() == store.value
    again.update(brush_size=Settings().brush_size)
    assert "brush_size" not in written(again)


def test_bad_options_are_dropped_one_by_one(caplog):
    store = write({"brush_size": 0, "theme": "pink", "overlay_opacity": 0.7, "recent": [1], "unheard_of": 1})
    assert store.load() == Settings(overlay_opacity=0.7)
    assert len(caplog.records) == 4


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "\x00\x01", "[" * 100_000])
def test_a_damaged_file_never_blocks_and_is_put_aside(text, caplog):
    store = write(text)
    assert store.load() == Settings()
    assert store.path.with_name("settings.broken.json").read_text(encoding="utf-8") == text
    assert "damaged" in caplog.text


def test_a_folder_in_the_place_of_the_file_never_blocks():
    store = SettingsStore()
    store.path.mkdir(parents=True)
    assert store.load() == Settings()


def test_a_bool_is_no_number():
    with pytest.raises(ValueError, match="brush_size"):
        Settings(brush_size=True)


def test_update_refuses_what_is_impossible_and_keeps_the_value():
    store = SettingsStore()
    with pytest.raises(ValueError, match="theme"):
        store.update(theme="pink")
    with pytest.raises(TypeError):
        store.update(unheard_of=1)
    assert store.value == Settings()


def test_saving_into_a_file_instead_of_a_folder_says_so(tmp_path):
    (tmp_path / "taken").write_text("")
    store = SettingsStore(tmp_path / "taken" / "settings.json")
    with pytest.raises(UserError, match="cannot be saved"):
        store.update(brush_size=5)
    assert store.value.brush_size == 5


def test_every_folder_lies_in_the_home_that_was_asked_for(program_home):
    for folder in (paths.data_dir(), paths.config_dir(), paths.cache_dir(), paths.log_dir()):
        assert folder.parent == program_home


def test_folders_of_the_user_without_the_variable(monkeypatch):
    monkeypatch.delenv("SCRATCHGUI_HOME")
    folders = {paths.data_dir(), paths.config_dir(), paths.cache_dir(), paths.log_dir()}
    assert all("ScratchGUI" in os.fspath(folder) for folder in folders)


def test_resources_are_found():
    assert (paths.resources_dir() / "icons").is_dir()
