from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scratchgui import preflight

ROOT = Path(__file__).parent.parent

# A finder that fails as the dynamic linker does when a system library is not installed.
FAKE_FAILURE = """
import importlib.abc, sys
class Failing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "PySide6.QtWidgets":
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
sys.meta_path.insert(0, Failing())
from scratchgui.__main__ import main
sys.exit(main([]))
"""

LOADED = """
import sys
from scratchgui.__main__ import main
status = main(sys.argv[1:])
heavy = [name for name in ("PySide6", "torch", "cv2", "numpy", "pydantic") if name in sys.modules]
sys.stderr.write(" ".join(heavy))
sys.exit(status)
"""


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=env | environment, capture_output=True, encoding="utf-8", timeout=60)


def test_help_needs_nothing_heavy():
    result = python(LOADED, "--help")
    assert result.returncode == 0
    assert "--sample" in result.stdout
    assert "infer" in result.stdout
    assert result.stderr == ""


def test_version_needs_nothing_heavy():
    result = python(LOADED, "--version")
    assert result.stdout.startswith("ScratchGUI ")
    assert result.stderr == ""


@pytest.mark.parametrize("arguments", [["--unheard-of"], ["one", "two"]])
def test_misuse_is_one_sentence(arguments):
    result = python(LOADED, *arguments)
    assert result.returncode == 2
    assert "scratchgui --help" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system libraries are named so on Linux alone")
def test_missing_system_libraries_are_one_sentence():
    result = python(FAKE_FAILURE)
    assert result.returncode == 1
    assert "libEGL.so.1" in result.stderr
    assert "install" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland are Linux's")
def test_no_display_is_one_sentence():
    result = python("from scratchgui.__main__ import main; raise SystemExit(main([]))", QT_QPA_PLATFORM="")
    assert result.returncode == 1
    assert result.stderr.startswith("There is no display")
    assert result.stderr.count("\n") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 is Linux's")
def test_a_display_that_does_not_answer_is_one_sentence():
    result = python(
        "from scratchgui.__main__ import main; raise SystemExit(main([]))", QT_QPA_PLATFORM="", DISPLAY=":77"
    )
    assert result.returncode == 1
    assert "does not answer" in result.stderr or "libraries of the system" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("ID=ubuntu\nID_LIKE=debian\n", "sudo apt install"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "sudo dnf install"),
    ],
)
def test_packages_are_those_of_the_distribution(release, expected, monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda self, encoding: release)
    sentence = preflight._missing("libxcb-cursor.so.0")
    assert expected in sentence
    assert " on Debian" not in sentence


def test_an_import_error_that_is_not_about_libraries_is_not_hidden(monkeypatch):
    def fail(name: str) -> None:
        raise ImportError("circular import")

    monkeypatch.setattr(preflight.importlib, "import_module", fail)
    with pytest.raises(ImportError, match="circular"):
        preflight.why_no_window()
