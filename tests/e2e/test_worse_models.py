"""A training whose model is not better: the old one stays in use, the new one is kept and can be put to use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tiny_model import make_bundle, scratched, write_png

from scratchgui.core.project import Project
from scratchgui.core.protocol import Finished
from scratchgui.core.run_folder import EventLog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench

WAIT_MS = 30_000


def test_a_model_that_is_not_better_is_kept_to_be_put_to_use_by_hand(
    qtbot: QtBot, bench: Workbench, tmp_path: Path
) -> None:
    write_png(tmp_path / "parts" / "a.png", scratched(64, 64, (5, 10, 60, 30)))
    project = Project.for_folder(tmp_path / "parts")
    run = project.runs_folder / "20260101-000000"
    bundle = make_bundle(run / "bundle", model_id="new")
    (run / "config.json").write_text(json.dumps({"champion": None}))
    EventLog(run).tell(Finished(str(bundle.folder), False, "Not better; keeping v1.", {}, {"dice": 0.1}, model="new"))
    with qtbot.waitSignal(bench.training.swapped, timeout=WAIT_MS):
        bench.project.open(project.folder)
    assert Project.open(project.folder).file.active_model is None
    assert bench.registry.folder_of("new").is_dir()
    bench.registry.activate("new")
    assert Project.open(project.folder).file.active_model == "new"
