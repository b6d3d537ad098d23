"""The rules that keep the parts apart and small; import-linter's contracts in pyproject.toml are the other half."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("scratchgui", "training", "benchmarks")
FILES = [ROOT / "main.py", *sorted(path for place in PLACES for path in (ROOT / place).rglob("*.py"))]

FILE_LINES = 300
CLASS_METHODS = 15
FUNCTION_LINES = 40

# "path", "path:Class" or "path:function" -> why the budget is wrong for it, in one line.
EXCEPTIONS: dict[str, str] = {}

HEADLESS = ("scratchgui.core", "scratchgui.inference", "scratchgui.reports", "scratchgui.exchange", "scratchgui.cli")
WINDOW = (
    "scratchgui.app",
    "scratchgui.canvas",
    "scratchgui.controllers",
    "scratchgui.model",
    "scratchgui.ui",
    "scratchgui.workers",
)
WITHOUT_WIDGETS = ("scratchgui/model", "scratchgui/workers")


def too_large(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what is over its budget in a file, by name, with a sentence."""
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines > FILE_LINES:
        yield name, f"{lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) for item in node.body)
            if methods > CLASS_METHODS:
                yield f"{name}:{node.name}", f"{methods} methods"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{node.name}", f"{length} lines"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_a_class_and_a_function_are_small(path: Path) -> None:
    over = [f"{name} has {size}" for name, size in too_large(path) if name not in EXCEPTIONS]
    assert not over, "; ".join(over) + ": split it, or say in EXCEPTIONS why not"


def test_every_exception_is_still_needed() -> None:
    assert set(EXCEPTIONS) == {name for path in FILES for name, _ in too_large(path)} & set(EXCEPTIONS)


def modules_of(packages: tuple[str, ...]) -> list[str]:
    """Names of all modules that there are in the packages."""
    found = []
    for package in packages:
        place = ROOT / package.replace(".", "/")
        files = [place.with_suffix(".py")] if place.with_suffix(".py").is_file() else sorted(place.rglob("*.py"))
        names = (path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in files)
        found += [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]
    return found


# Written to a file of its own: a module may print when it is imported.
_IMPORT = """
import importlib, sys
for name in sys.argv[2:]:
    importlib.import_module(name)
    heavy = sorted({part for part in ("PySide6", "torch", "training") if part in sys.modules})
    open(sys.argv[1], "a").write(f"{name} {' '.join(heavy)}\\n")
"""


def loaded_by(modules: list[str], tmp_path: Path) -> dict[str, set[str]]:
    """Import modules one after the other in a fresh process and return what heavy packages were loaded after each."""
    answer = tmp_path / "loaded"
    command = [sys.executable, "-c", _IMPORT, str(answer), *modules]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return {line.split()[0]: set(line.split()[1:]) for line in answer.read_text().splitlines()}


def test_the_engine_loads_neither_qt_nor_torch(tmp_path: Path) -> None:
    loaded = loaded_by(modules_of(HEADLESS), tmp_path)
    assert {"scratchgui.core.project", "scratchgui.inference.predictor"} <= loaded.keys()
    assert {name: heavy for name, heavy in loaded.items() if heavy} == {}


def test_the_window_loads_no_torch(tmp_path: Path) -> None:
    loaded = loaded_by(modules_of(WINDOW), tmp_path)
    assert "PySide6" in set().union(*loaded.values())
    assert {name: heavy - {"PySide6"} for name, heavy in loaded.items() if heavy - {"PySide6"}} == {}


def test_the_start_loads_nothing_heavy(tmp_path: Path) -> None:
    assert loaded_by(["scratchgui.__main__"], tmp_path) == {"scratchgui.__main__": set()}


def test_the_training_protocol_needs_the_standard_library_alone() -> None:
    foreign = {name for name in imported(ROOT / "scratchgui" / "core" / "protocol.py") if not is_standard(name)}
    assert foreign == set()


def is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def imported(path: Path) -> set[str]:
    """Names of the modules that a file imports anywhere, the things imported from them included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("package", WITHOUT_WIDGETS)
def test_models_and_workers_have_no_widgets(package: str) -> None:
    widgets = ("PySide6.QtWidgets", "pyqtgraph")
    users = [path.name for path in (ROOT / package).rglob("*.py") if imported(path) & set(widgets)]
    assert users == []


def test_nobody_uses_the_private_names_of_another_package() -> None:
    """A module of a package may use the private names of that package; others may not."""
    found = []
    for path in FILES:
        home = ".".join(path.relative_to(ROOT).parts[:2])
        for name in imported(path):
            package = ".".join(name.split(".")[:2])
            private = any(part.startswith("_") and not part.startswith("__") for part in name.split("."))
            if private and name.startswith(("scratchgui.", "training.")) and package != home.removesuffix(".py"):
                found.append(f"{path.relative_to(ROOT)} uses {name}")
    assert found == []


@pytest.mark.skipif(find_spec("importlinter") is None, reason="import-linter is not installed")
def test_the_layers_of_pyproject_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
