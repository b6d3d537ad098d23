"""`scratchgui models`: what its commands do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchgui import paths
from scratchgui.cli.console import plural, say, score_text
from scratchgui.cli.sources import open_project
from scratchgui.cli.tables import estimate_text, interval_text, show_table
from scratchgui.core.errors import BundleError
from scratchgui.core.learning_record import WINDOW, out_of_sample
from scratchgui.core.model_card import load_bundle
from scratchgui.core.model_shelf import models_of, rename_model
from scratchgui.core.model_use import STARTER, delete_model, folder_of, previous_of, put_to_use

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.core.model_card import ModelCard
    from scratchgui.core.model_shelf import ShelvedModel
    from scratchgui.core.project import Project


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a project; each method returns the exit status and raises a UserError."""

    project: Project
    starter: Path

    @classmethod
    def of(cls, folder: Path) -> Models:
        """Return the models of the project in a folder, or of a folder of images."""
        return cls(open_project(folder), paths.starter_bundle())

    def list(self) -> int:
        """List them."""
        file = self.project.file
        rows = []
        for model in models_of(self.project, self.starter):
            card = model.card
            place = None if model.is_starter else card.id
            sign = "*" if place == file.active_model else ""
            dice = estimate_text(card.scores.get("dice"), card.intervals.get("dice"))
            alarms = score_text(card.scores.get("false_alarm_rate"))
            made = f"{card.created:%Y-%m-%d %H:%M}"
            rows.append(
                [sign, STARTER if model.is_starter else card.id, card.name, made, str(model.corrections), dice, alarms]
            )
        show_table(["", "id", "name", "made", "reviewed images", "Dice", "false alarms"], rows, numbers=[4])
        return 0

    def show(self, wanted: str) -> int:
        """Show one."""
        model = self._find(wanted)
        card = model.card
        rows = [[name, value] for name, value in _facts(card, model.corrections) if value]
        show_table(["", ""], rows)
        scores = [
            [name, score_text(value), interval_text(card.intervals.get(name))] for name, value in card.scores.items()
        ]
        say("")
        show_table(["score", "value", "95% interval"], scores)
        return 0

    def record(self) -> int:
        """Show what was marked before it was corrected."""
        found = out_of_sample(self.project)
        if not found:
            say("No image was corrected that a model had marked before.")
            return 0
        rows = [
            [
                f"{item.when:%Y-%m-%d %H:%M}",
                item.rel,
                item.model,
                score_text(item.dice),
                f"{item.mark:.4f}",
                f"{item.running:.4f}",
                f"{item.pixels}",
                f"{item.regions}",
            ]
            for item in found
        ]
        head = ["reviewed", "image", "model", "Dice", "mark", f"mean of {WINDOW}", "pixels changed", "defects changed"]
        show_table(head, rows, numbers=range(3, 8))
        return 0

    def promote(self, wanted: str) -> int:
        """Use another one."""
        model = self._find(wanted)
        return self._use(None if model.is_starter else model.card.id)

    def rollback(self) -> int:
        """Use the one before."""
        return self._use(previous_of(self.project))

    def rename(self, wanted: str, name: str) -> int:
        """Give one another name."""
        model = self._find(wanted)
        if model.is_starter:
            raise BundleError("The starter model belongs to the program and keeps its name")
        rename_model(self.project.models_folder / model.card.id, name)
        say(f"{model.card.id} is called {self._find(model.card.id).card.name}.")
        return 0

    def delete(self, wanted: str) -> int:
        """Delete one."""
        model = self._find(wanted)
        folder = folder_of(self.project, self.starter, None if model.is_starter else model.card.id)
        place = delete_model(self.project, self.starter, folder)
        say(f"{model.card.name} is deleted. Until another model is, it lies in {place}.")
        return 0

    def _use(self, model_id: str | None) -> int:
        if model_id == self.project.file.active_model:
            raise BundleError("This model is in use already")
        bundle = load_bundle(folder_of(self.project, self.starter, model_id))
        put_to_use(self.project, self.starter, model_id)
        say(f"{bundle.card.name} ({bundle.card.id}) is in use.")
        return 0

    def _find(self, wanted: str) -> ShelvedModel:
        """Return the one model with an id that begins so."""
        models = models_of(self.project, self.starter)
        ids = {STARTER if model.is_starter else model.card.id: model for model in models}
        if wanted in ids:
            return ids[wanted]
        found = [model for model in models if wanted and model.card.id.startswith(wanted)]
        if len(found) == 1:
            return found[0]
        what = "No model has" if not found else f"{plural(len(found), 'model')} have"
        hint = "`scratchgui models list` shows them."
        raise BundleError(f"{what} an id that begins with {wanted}", hint=hint)


def _facts(card: ModelCard, corrections: int) -> list[tuple[str, str]]:
    libraries = card.training.get("libraries")
    versions = libraries if isinstance(libraries, dict) else {}
    int8 = card.int8.reason if card.int8 else ""
    return [
        ("name", card.name),
        ("id", card.id),
        ("made", f"{card.created:%Y-%m-%d %H:%M}"),
        ("parent", card.parent or ""),
        ("network", f"{card.architecture}, {card.encoder}"),
        ("classes", ", ".join(card.classes)),
        ("threshold", f"{card.threshold:g}"),
        ("reviewed images", str(corrections) if corrections else ""),
        ("learned from", card.data),
        ("faster version", int8),
        ("license", card.license),
        ("made with", ", ".join(f"{name} {version}" for name, version in versions.items())),
    ]
