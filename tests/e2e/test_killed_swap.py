"""A program that is killed while it puts a new model to use: there is the old or the new one, and the swap is ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from children import eventually
from tiny_model import make_bundle, scratched, write_png

from scratchgui.core.model_card import load_bundle
from scratchgui.core.project import Project
from scratchgui.core.protocol import Finished
from scratchgui.core.run_folder import EventLog, RunFolder

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench

ROOT = Path(__file__).resolve().parents[2]
WAIT_MS = 30_000

# What `TrainingResults` does, standing still before or after the nth call of a function.
SWAPPING = """
import os, shutil, sys, time
from pathlib import Path
from scratchgui.controllers import training_results
from scratchgui.core.project import Project
from scratchgui.core.run_folder import RunFolder
from scratchgui.model.model_registry import ModelRegistry
place, starter, marker, module, name, number, when, other_disk = sys.argv[1:]
run = RunFolder(Path(place) / "runs" / "20260101-000000")
registry = ModelRegistry(Path(starter))
project = Project.open(Path(place))
registry.set_project(project)
replace = os.replace
if other_disk == "yes":
    def replace_on_one_disk(source, target, replace=os.replace):
        if Path(source).parent != Path(target).parent:
            raise OSError(18, "Invalid cross-device link")
        replace(source, target)
    os.replace = replace_on_one_disk
owner = {"os": os, "shutil": shutil}[module]
called, calls = getattr(owner, name), 0
def halting(*arguments, **options):
    global calls
    calls += 1
    if calls == int(number) and when == "before":
        Path(marker).touch(); time.sleep(600)
    result = called(*arguments, **options)
    if calls == int(number) and when == "after":
        Path(marker).touch(); time.sleep(600)
    return result
setattr(owner, name, halting)
adopted = training_results._adopt(registry, run.path, run.end())
project.file.last_training = run.began
registry.activate(adopted.bundle.card.id)
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose training has ended, and is not judged."""
    write_png(tmp_path / "parts" / "a.png", scratched(64, 64, (5, 10, 60, 30)))
    project = Project.for_folder(tmp_path / "parts")
    run = project.runs_folder / "20260101-000000"
    bundle = make_bundle(run / "bundle", model_id="new")
    (run / "config.json").write_text(json.dumps({"champion": None}))
    EventLog(run).tell(Finished(str(bundle.folder), True, "Better.", {}, {"dice": 0.8}, 1, 1, model="new"))
    return project


@pytest.mark.parametrize(
    "given",
    [
        ("os", "replace", 1, "before", "no"),
        ("os", "replace", 1, "after", "no"),
        ("os", "replace", 2, "before", "no"),
        ("os", "replace", 2, "after", "no"),
        ("shutil", "copyfile", 2, "before", "yes"),
        ("shutil", "copytree", 1, "after", "yes"),
        ("shutil", "rmtree", 2, "before", "yes"),
        ("shutil", "rmtree", 2, "after", "yes"),
    ],
)
def test_the_model_is_the_old_or_the_new_one_and_the_next_opening_swaps_it(
    qtbot: QtBot, bench: Workbench, project: Project, timid: Path, tmp_path: Path, given: tuple[object, ...]
):
    marker = tmp_path / "halted"
    words = [str(project.folder), str(timid), str(marker), *map(str, given)]
    command = [sys.executable, "-c", SWAPPING, *words]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}) as program:
        eventually(lambda: marker.exists() or program.poll() is not None, "it never comes there")
        assert program.poll() is None, "it has not come there"
        program.kill()
    active = Project.open(project.folder).file.active_model
    is_done = given[1:4] == ("replace", 2, "after")
    assert active == ("new" if is_done else None)
    if is_done:
        load_bundle(project.models_folder / "new")
        return
    with qtbot.waitSignal(bench.training.swapped, timeout=WAIT_MS):
        bench.project.open(project.folder)
    assert Project.open(project.folder).file.active_model == "new"
    assert load_bundle(project.models_folder / "new").folder.name == bench.registry.active_folder.name
    assert RunFolder(project.runs_folder / "20260101-000000").end() is not None
