from __future__ import annotations

from pathlib import Path

import pytest

from scratchgui.core.errors import TrainingError
from scratchgui.core.files import atomic_write_json
from training.config import TrainConfig, load_config


def test_the_defaults_are_the_command_lines() -> None:
    config = TrainConfig()
    assert (config.epochs, config.batch_size, config.lr, config.crop) == (50, 16, 1e-4, 256)


def test_settings_are_read_from_the_run_folder(tmp_path: Path) -> None:
    atomic_write_json(tmp_path / "config.json", {"minutes": 3, "lr": 3e-4, "parent": "x"})
    config = load_config(tmp_path)
    assert (config.minutes, config.lr, config.parent) == (3, 3e-4, "x")


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"lr": 0}, "lr"), ({"crop": 100}, "crop"), ({"batch_size": 0}, "batch_size"), ({"speed": 2}, "speed")],
)
def test_a_wrong_setting_is_named(tmp_path: Path, settings: dict[str, object], named: str) -> None:
    atomic_write_json(tmp_path / "config.json", settings)
    with pytest.raises(TrainingError, match=named):
        load_config(tmp_path)


def test_missing_and_damaged_settings_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"config\.json"):
        load_config(tmp_path)
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(TrainingError, match="damaged"):
        load_config(tmp_path)
