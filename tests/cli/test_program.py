from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scratchgui.cli import COMMANDS

ROOT = Path(__file__).parents[2]
HEAVY = """
import sys
from scratchgui import cli
status = cli.main(sys.argv[1:])
sys.stderr.write(" ".join(name for name in ("PySide6", "torch", "cv2", "numpy", "openvino") if name in sys.modules))
sys.exit(status)
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(run, command):
    said = run(command, "--help")
    assert said.status == 0
    assert said.out.startswith(f"Usage: scratchgui {command}")


def test_help_loads_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-c", HEAVY, "train", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert "--batch-size" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    "words",
    [["infer"], ["infer", "--unheard-of"], ["infer", "--source", "x", "--threshold", "2"], ["train", "--epochs", "x"]],
)
def test_misuse_is_one_line(run, words):
    said = run(*words)
    assert said.status == 1
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert f"scratchgui {words[0]} --help" in said.err


def test_doctor_finds_nothing_wrong_here(run, program_home, monkeypatch, tiny_bundle):
    monkeypatch.setattr("scratchgui.paths.starter_bundle", lambda: tiny_bundle.folder)
    said = run("doctor")
    assert said.status == 0, said.out
    assert str(program_home) in said.out
    assert "openvino" in said.out
    assert "Tiny · v1" in said.out


def test_doctor_names_what_is_wrong(run, program_home, monkeypatch, tmp_path):
    monkeypatch.setattr("scratchgui.paths.starter_bundle", lambda: tmp_path / "nowhere")
    monkeypatch.setattr("scratchgui.cli.examine.version", lambda name: "4.11.0+cpu" if name == "torch" else "4.11.0")
    (program_home / "cache").write_text("in the way")
    said = run("doctor")
    assert said.status == 1
    problems = [line for line in said.out.splitlines() if line.startswith("PROBLEM")]
    assert [line.split("  ")[0] for line in problems] == [
        "PROBLEM one cv2 alone",
        "PROBLEM torch builds",
        "PROBLEM cache folder",
        "PROBLEM starter model",
    ]
    assert "pip uninstall opencv-python" in said.out
