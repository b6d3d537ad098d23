"""What it takes to correct real images: with the brush alone, and with scratch pen and region picks.

A scripted inspector knows the true masks. Starting from the model's prediction it works on the real window with real
mouse and key events, until every defect is marked and every false one is gone. Counted are presses, moves with a button
down (one each 8 device px), clicks, keys and wheel notches; the way to the next place is free for both. Seconds are
those of the keystroke-level model (Card, Moran, Newell 1983: point 1.1 s, press or release 0.1 s, key 0.2 s, drawing
0.9 s a straight piece and 0.16 s a cm at 96 px an inch).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from desk import open_window, wait_for
from harness import Row, arguments, report, row
from inspector import Inspector, is_scratch, pieces_of

from scratchgui.core.mask import decode_mask
from scratchgui.model.tool_key import ToolKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchgui.app.workbench import Workbench
    from scratchgui.core.mask import Mask


def choose(folders: Sequence[Path], count: int, only: Sequence[str]) -> list[tuple[Path, Path]]:
    """Return the first images, in equal numbers a folder, whose every defect is long and thin, with their masks.

    Args:
        folders: Folders with images/ and masks/.
        count: How many images.
        only: Names must contain one of these texts; all are taken where there is none.
    """
    chosen: list[tuple[Path, Path]] = []
    for index, folder in enumerate(folders):
        wanted = count * (index + 1) // len(folders) - len(chosen)
        for image in sorted((folder / "images").iterdir()):
            mask = next((folder / "masks").glob(f"{image.stem}.*"), None)
            if wanted and mask is not None and (not only or any(text in image.name for text in only)):
                pieces = pieces_of(read_truth(mask) > 0)
                if pieces and all(is_scratch(piece) for piece in pieces):
                    chosen.append((image, mask))
                    wanted -= 1
    return chosen


def read_truth(path: Path) -> Mask:
    """Read a mask of any gray levels as 0 and 1."""
    return np.asarray(decode_mask(path.read_bytes(), path=path) > 0, np.uint8)


def work(bench: Workbench, chosen: Sequence[tuple[Path, Path]], *, tools: bool) -> list[tuple[int, float, float]]:
    """Correct all images in a fresh project; return events, seconds and Dice of each."""
    done = []
    with tempfile.TemporaryDirectory() as place:
        for image, _ in chosen:
            shutil.copy(image, place)
        bench.project.close()
        bench.project.open(place)
        wait_for(lambda: bench.session.project is not None and len(bench.session.images.records) == len(chosen))
        for image, mask in chosen:
            bench.viewing.choose(image.name)
            wait_for(lambda name=image.name: _is_read(bench, name))  # type: ignore[misc]
            bench.editor.brush_size = 20
            inspector = Inspector(bench, tools=tools)
            bench.editor.tool = ToolKey.BRUSH
            dice = inspector.correct(read_truth(mask))
            done.append((inspector.hand.events, inspector.hand.seconds, dice))
        bench.autosave.flush()
        bench.project.close()
    return done


def _is_read(bench: Workbench, name: str) -> bool:
    image, reading = bench.session.image, bench.judging.reading
    return bool(image and image.rel == name and reading and reading.rel == name and reading.predicted_mask is not None)


def main() -> int:
    """Run the benchmark."""
    parser = arguments(__doc__)
    parser.add_argument("folders", type=Path, nargs="*", help="folders with images/ and masks/ (default: the sample)")
    parser.add_argument("--only", nargs="*", default=[], metavar="TEXT", help="take images with this in their name")
    parser.add_argument("--count", type=int, default=10, help="how many images")
    options = parser.parse_args()
    sample = Path(__file__).parent.parent / "resources" / "sample"
    chosen = choose(options.folders or [sample], options.count, options.only)
    with open_window() as bench:
        brush, pen = (work(bench, chosen, tools=tools) for tools in (False, True))
    rows: list[Row] = []
    for name, done in (("brush alone", brush), ("pen and picks", pen)):
        events, seconds, dice = (list(column) for column in zip(*done, strict=True))
        rows.append(row(f"{name}: events an image", [float(value) for value in events], ""))
        rows.append(row(f"{name}: seconds an image", seconds, "s"))
        rows.append(row(f"{name}: Dice afterwards", dice, ""))
    total = [sum(column) for column in zip(*brush, strict=True)], [sum(column) for column in zip(*pen, strict=True)]
    rows.append(row("events, share of the brush's", [total[1][0] / total[0][0]], "×", at_most=1 / 3))
    rows.append(row("seconds, share of the brush's", [total[1][1] / total[0][1]], "×"))
    return report(f"Correcting {len(chosen)} images", rows, options)


if __name__ == "__main__":
    sys.exit(main())
