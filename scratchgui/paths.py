"""Where the program's own files lie: resources that came with it, and the user's folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_HOME_VARIABLE = "SCRATCHGUI_HOME"


def resources_dir() -> Path:
    """Return the folder of icons, sample images and the starter model: in the package, or beside it in a checkout."""
    inside = _PACKAGE / "resources"
    return inside if inside.is_dir() else _PACKAGE.parent / "resources"


def starter_bundle() -> Path:
    """Return the folder of the model that ships with the program."""
    return resources_dir() / "starter"


def sample_source() -> Path:
    """Return the sample project as it ships; it is read-only, so copy it before use."""
    return resources_dir() / "sample"


def import_root() -> Path:
    """Return the folder from which both packages are imported."""
    return _PACKAGE.parent


def data_dir() -> Path:
    """Return the folder for the user's projects that cannot lie beside their images, and the copied sample."""
    return _user_dir("data")


def config_dir() -> Path:
    """Return the folder of the settings."""
    return _user_dir("config")


def cache_dir() -> Path:
    """Return the folder of what can be made again."""
    return _user_dir("cache")


def log_dir() -> Path:
    """Return the folder of the log files."""
    return _user_dir("log")


def training_command() -> list[str]:
    """Return the program and first arguments of the training process; `--run FOLDER` follows.

    `-P` keeps the current folder off the import path: the user's files must not be taken for modules.
    """
    return [sys.executable, "-P", "-u", "-m", "training"]


def training_environment() -> dict[str, str]:
    """Return this process's environment, in which the training process finds both packages."""
    search = [str(import_root()), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, search))}


def _user_dir(kind: str) -> Path:
    """Return a folder of the user's; all of them lie in $SCRATCHGUI_HOME where that is set."""
    home = os.environ.get(_HOME_VARIABLE)
    if home:
        return Path(home).absolute() / kind
    import platformdirs

    places = {
        "data": platformdirs.user_data_path,
        "config": platformdirs.user_config_path,
        "cache": platformdirs.user_cache_path,
        "log": platformdirs.user_log_path,
    }
    return places[kind]("ScratchGUI", appauthor=False)
