"""`scratchgui infer` and the window mark the same pixels."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np

from scratchgui.core.mask import decode_mask

from .test_journey import PREDICTING_MS, open_and_predict

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from scratchgui.app.workbench import Workbench


def test_window_and_command_line_give_identical_masks(
    qtbot: QtBot, bench: Workbench, pictures: Path, timid: Path, tmp_path: Path
):
    out = tmp_path / "results"
    command = [sys.executable, "-m", "scratchgui", "infer", "--source", str(pictures), "--threshold", "0.5"]
    done = subprocess.run([*command, "--model", str(timid), "--out", str(out)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    open_and_predict(qtbot, bench, pictures)
    for record in list(bench.session.images.records):
        bench.viewing.choose(record.rel)
        qtbot.waitUntil(
            lambda rel=record.rel: (
                bench.judging.reading is not None
                and bench.judging.reading.rel == rel
                and bench.judging.reading.predicted_mask is not None
            ),
            timeout=PREDICTING_MS,
        )
        path = out / "masks" / f"{record.rel.removesuffix('.png')}.png"
        assert np.array_equal(decode_mask(path.read_bytes()), bench.judging.reading.predicted_mask)
        assert bench.judging.reading.predicted_mask.any()
