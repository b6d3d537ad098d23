"""The questions of `scratchgui doctor`; Qt is asked for its version alone."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import scratchgui
from scratchgui import paths
from scratchgui.core.errors import BundleError
from scratchgui.core.files import is_writable_folder
from scratchgui.core.model_card import load_bundle
from scratchgui.inference.engine import guess_accelerator
from scratchgui.inference.openvino_runtime import openvino_core

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLDEST_PYTHON = (3, 11)
PACKAGES = (
    "PySide6-Essentials",
    "numpy",
    "opencv-python-headless",
    "openvino",
    "scikit-image",
    "tifffile",
    "pydantic",
    "platformdirs",
    "typer",
    "rich",
    "jinja2",
    "pyqtgraph",
    "qimage2ndarray",
    "torch",
    "torchvision",
    "segmentation-models-pytorch",
    "albumentations",
    "safetensors",
)
# Each brings another cv2 into the same place; the last one installed wins, and opencv-python's Qt plugins crash ours.
RIVALS = ("opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        what: The thing.
        text: Its state; for a problem, what to do.
        good: Whether it is in order; None where there is no right or wrong.
    """

    what: str
    text: str
    good: bool | None = None


def examine() -> Iterator[Answer]:
    """Ask all questions, one after the other."""
    yield Answer("ScratchGUI", scratchgui.__version__)
    yield _python()
    yield from (_package(name) for name in PACKAGES)
    yield _one_cv2()
    yield _torch_pair()
    yield _processor()
    yield Answer("graphics processor", guess_accelerator() or "none that torch could use")
    for kind in ("data", "config", "cache", "log"):
        yield _folder(kind, getattr(paths, f"{kind}_dir")())
    yield _starter()


def _python() -> Answer:
    good = sys.version_info >= OLDEST_PYTHON
    wish = "" if good else "; install Python 3.11 or newer"
    return Answer("Python", f"{platform.python_version()} on {platform.platform(terse=True)}{wish}", good)


def _package(name: str) -> Answer:
    found = _version(name)
    return Answer(name, found or f"missing: install it with `pip install {name}`", found is not None)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _one_cv2() -> Answer:
    rivals = [name for name in RIVALS if _version(name)]
    if not rivals:
        return Answer("one cv2 alone", "opencv-python-headless", True)
    fix = f"`pip uninstall {' '.join(rivals)}`, then `pip install --force-reinstall opencv-python-headless`"
    return Answer("one cv2 alone", f"{', '.join(rivals)} overwrites it: {fix}", False)


def _torch_pair() -> Answer:
    """Torch and torchvision of different builds fail at import; the build is named after the plus sign."""
    builds = {name: (_version(name) or "").partition("+")[2] for name in ("torch", "torchvision")}
    same = len(set(builds.values())) == 1
    words = ", ".join(f"{name}: {build or 'of the package index'}" for name, build in builds.items())
    return Answer("torch builds", words if same else f"differ ({words}): install both from one index", same)


def _processor() -> Answer:
    try:
        abilities = openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ImportError, RuntimeError) as error:
        return Answer("OpenVINO on the processor", f"fails ({error}): reinstall openvino", False)
    words = "computes bf16: --precision bf16 is faster" if "BF16" in abilities else "no bf16: f32 is the fastest"
    return Answer("OpenVINO on the processor", words, True)


def _folder(kind: str, folder: Path) -> Answer:
    what = f"{kind} folder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Answer(what, f"{folder} cannot be made ({error.strerror}); SCRATCHGUI_HOME names another place", False)
    if not is_writable_folder(folder):
        return Answer(what, f"{folder} cannot be written; SCRATCHGUI_HOME names another place", False)
    return Answer(what, str(folder), True)


def _starter() -> Answer:
    try:
        card = load_bundle(paths.starter_bundle()).card
    except BundleError as error:
        return Answer("starter model", f"{error} Install ScratchGUI again.", False)
    return Answer("starter model", f"{card.name} ({card.id})", True)
