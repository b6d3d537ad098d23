"""`run.json`: what the results in a folder were made with, so that only what fits them is added."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from scratchgui.core.errors import UserError
from scratchgui.core.files import atomic_write_json, read_json, schema_version_of

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.core.cutting import Cutting
    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.recipe import Recipe

RUN_FILE = "run.json"
SCHEMA_VERSION = 1
_WORDS = {
    "source": "images of",
    "weights": "weights of the model",
    "settings": "tiles and scaling",
    "low_threshold": "lower threshold",
    "largest_hole": "holes filled",
    "longest_gap": "gaps closed",
    "min_area": "smallest area",
    "review_area_ratio": "limit to REVIEW",
    "ng_area_ratio": "limit to NG",
}
"""How what is written is called, where not by its own name."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is written beside masks and tables.

    Attributes:
        overlays: Images with their defects drawn in.
        probabilities: 8-bit images of the probability.
    """

    overlays: bool = True
    probabilities: bool = False


@dataclass(frozen=True, slots=True)
class RunCard:
    """What results are made with.

    Attributes:
        source: Folder that the images lie in, absolute.
        model: The model's card.
        settings: How images go through it (see `PredictSettings.key`).
        precision: What it computes in.
        cutting: How defects are cut out.
        recipe: Acceptance rules.
        outputs: What is written.
    """

    source: Path
    model: ModelCard
    settings: str
    precision: str
    cutting: Cutting
    recipe: Recipe
    outputs: Outputs

    def told(self) -> dict[str, Any]:
        """Return it as it is written, in the order in which differences are told."""
        first = {"source": str(self.source), "model": self.model.id, "weights": self.model.key.weights}
        then = {"settings": self.settings, "precision": self.precision, "classes": list(self.model.classes)}
        return first | then | asdict(self.cutting) | self.recipe.model_dump() | asdict(self.outputs)

    def check(self, folder: Path) -> None:
        """See whether results may be added to those in a folder.

        Raises:
            UserError: They were made with something else.
        """
        path = folder / RUN_FILE
        if not path.is_file():
            return
        before = read_json(path)
        if not isinstance(before, dict) or schema_version_of(before) > SCHEMA_VERSION:
            differences = ["by another version of ScratchGUI"]
        else:
            now = self.told()
            differences = [_difference(key, before.get(key), now[key]) for key in now if before.get(key) != now[key]]
        if differences:
            raise UserError(
                f"The results in this folder were made otherwise ({'; '.join(differences)})",
                path=folder,
                hint="Choose another folder with --out, or judge all images anew with --fresh.",
            )

    def write(self, folder: Path) -> None:
        """Say in a folder what its results are made with.

        Raises:
            OSError: It cannot be written.
        """
        atomic_write_json(folder / RUN_FILE, {"schema_version": SCHEMA_VERSION, **self.told()})


def _difference(key: str, before: object, now: object) -> str:
    return f"{_WORDS.get(key, key)}: {_shown(before)}, now {_shown(now)}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if value or value == 0 else "none"
