from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tiny_model import make_bundle, scratched, write_png

from scratchgui import cli


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def run(*words: object) -> Said:
        status = cli.main([str(word) for word in words])
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory):
    """A model that marks dark pixels; read-only."""
    return make_bundle(tmp_path_factory.mktemp("bundle") / "tiny")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder with a scratched image, one in a subfolder, a clean one, and a file that is no image."""
    folder = tmp_path / "images"
    write_png(folder / "a.png", scratched(60, 80, (10, 30, 60, 30)))
    write_png(folder / "line 2" / "ü.png", scratched(40, 50, (5, 5, 40, 30), (5, 30, 9, 30), thickness=5))
    write_png(folder / "clean.bmp", scratched(40, 50))
    (folder / "notes.txt").write_text("no image")
    return folder


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the program as a process of its own, in `tmp_path`; it is ended with the test."""
    children: list[subprocess.Popen[str]] = []

    def start(*words: object, stdin: str | None = None) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "scratchgui", *map(str, words)],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        children.append(child)
        if stdin is not None:
            assert child.stdin is not None
            child.stdin.write(stdin)
            child.stdin.close()
            child.stdin = None
        return child

    yield start
    for child in children:
        if child.poll() is None:
            child.kill()
        child.communicate()
