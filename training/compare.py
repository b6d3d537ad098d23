"""The new model beside the one in use: both run by the program's own engine, as the program uses them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scratchgui.core.comparison import (
    COMPARISON_FILE,
    COMPARISON_FOLDER,
    ComparedMetric,
    ComparedModel,
    Comparison,
    save_comparison,
)
from scratchgui.core.errors import UserError
from scratchgui.core.model_card import load_bundle
from scratchgui.core.promotion import RULE, Pair, decide
from scratchgui.core.protocol import Finished, Note
from scratchgui.core.scores import Result, difference, estimates
from scratchgui.core.split import too_small_for_proof
from training.contender import Contender, Marked, Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scratchgui.core.manifest import ManifestEntry
    from scratchgui.core.protocol import Event
    from scratchgui.core.scores import Estimate
    from training.data import Images

_LEARNED_PIXELS = 24_000_000
"""So much of the images learned from is looked at (px), where they count."""


@dataclass(frozen=True)
class Examined:
    """What came out.

    Attributes:
        scores: Scores of the new model, by name, with their intervals.
        finished: What the training tells at its end.
    """

    scores: dict[str, Estimate]
    finished: Finished


class Examiner:
    """Examines the models of one training.

    Attributes:
        tell: Takes what the user should know.
    """

    def __init__(self, run: Path, validation: Part, learned: Part, tell: Callable[[Event], None]) -> None:
        self._run = run
        self._validation = validation
        self._learned = learned
        self._rules = Rules.of(run)
        self.tell = tell

    def examine(self, challenger: Path, champion: Path | None) -> Examined:
        """Examine a new model, beside the one in use where there is one that can be opened.

        Raises:
            BundleError: The new model is damaged.
        """
        new = Contender(load_bundle(challenger), self._rules)
        reason = "There was no model to compare with."
        if champion is not None:
            try:
                old = Contender(load_bundle(champion), self._rules)
            except UserError as error:  # it was in order when the training began
                reason = f"The model in use cannot be opened any more; the new one takes its place. {error}"
            else:
                return self._compared(old, new, challenger)
        marked = self._marked([new])
        scores = estimates([rows[0] for rows in marked.results])
        finished = Finished(str(challenger), True, reason, {}, values(scores), model=new.card.id)
        return Examined(scores, finished)

    def _compared(self, old: Contender, new: Contender, challenger: Path) -> Examined:
        marked = self._marked([old, new])
        before, after = ([rows[side] for rows in marked.results] for side in (0, 1))
        pair = _pair(marked.results)
        decision = decide(pair, lambda: self._on_learned(old, new), old.card.name)
        scores = estimates(before), estimates(after)
        gain = difference(before, after)
        with_defect = sum(row.scores.dice is not None for row in before)
        comparison = Comparison(
            champion=ComparedModel(id=old.card.id, name=old.card.name),
            challenger=ComparedModel(id=new.card.id, name=new.card.name),
            rule=RULE,
            better=decision.better,
            reason=decision.reason,
            metrics=[_metric(name, scores[0][name], scores[1][name]) for name in scores[0]],
            images=marked.written(self._run / COMPARISON_FOLDER),
            too_small=too_small_for_proof(with_defect, len(before) - with_defect),
            gain=gain.value,
            gain_interval=gain.interval,
        )
        finished = Finished(
            bundle=str(challenger),
            better=decision.better,
            reason=decision.reason,
            old=values(scores[0]),
            new=values(scores[1]),
            improved=pair.improved,
            compared=len(before),
            model=new.card.id,
        )
        return Examined(scores[1], self._saved(comparison, finished))

    def _saved(self, comparison: Comparison, finished: Finished) -> Finished:
        try:
            save_comparison(self._run, comparison)
        except OSError as error:
            self.tell(Note(f"The comparison of both models cannot be saved ({error.strerror})."))
            return finished
        return replace(finished, comparison=COMPARISON_FILE)

    def _marked(self, contenders: Sequence[Contender]) -> Marked:
        """Let models mark all validation images that can be read."""
        marked, gone = Marked(self._rules), 0
        for index, entry in enumerate(self._validation.entries):
            try:
                image, truth = self._validation.images[index]
            except UserError:  # it was in order when the training began
                gone += 1
                continue
            looks = [contender.look(image, truth) for contender in contenders]
            marked.add(entry, [mask for mask, _ in looks], [result for _, result in looks])
        if gone:
            images = "1 validation image is" if gone == 1 else f"{gone} validation images are"
            self.tell(Note(f"{images} not there any more, and left out of the comparison."))
        return marked

    def _on_learned(self, old: Contender, new: Contender) -> Pair:
        """Let both models mark images learned from, those approved last first, as many as take a moment."""
        results, left = [], _LEARNED_PIXELS
        for index in reversed(range(len(self._learned.entries))):
            if left <= 0:
                break
            if not self._learned.entries[index].approved:
                continue
            try:
                image, truth = self._learned.images[index]
            except UserError:
                continue
            left -= truth.size
            results.append([contender.look(image, truth)[1] for contender in (old, new)])
        return _pair(results)


@dataclass(frozen=True, slots=True)
class Part:
    """Images of a manifest with their entries, in the same order."""

    entries: Sequence[ManifestEntry]
    images: Images


def values(scores: dict[str, Estimate]) -> dict[str, float | None]:
    """Return the scores without their intervals."""
    return {name: estimate.value for name, estimate in scores.items()}


def _pair(results: Sequence[Sequence[Result]]) -> Pair:
    return Pair([old.scores for old, _ in results], [new.scores for _, new in results])


def _metric(name: str, old: Estimate, new: Estimate) -> ComparedMetric:
    return ComparedMetric(
        name=name,
        champion=old.value,
        challenger=new.value,
        champion_interval=old.interval,
        challenger_interval=new.interval,
    )
