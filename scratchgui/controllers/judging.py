"""What the current image says cut as now: mask, defects, verdict, histogram; computed in the pool."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from scratchgui.core.correction import Beginning
from scratchgui.core.cutting import ranked
from scratchgui.core.recipe import judge
from scratchgui.core.regions import find_regions
from scratchgui.inference.postprocess import cut

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.controllers.context import Context
    from scratchgui.core.cutting import Cutting
    from scratchgui.core.mask import Mask
    from scratchgui.core.project import Project
    from scratchgui.core.recipe import Recipe
    from scratchgui.core.regions import Region
    from scratchgui.core.verdict import Judgement
    from scratchgui.inference.predictor import Prediction


@dataclass(frozen=True, slots=True)
class Reading:
    """What the current image says.

    Attributes:
        rel: The image.
        own: Whether the inspector's own mask counts.
        predicted_mask: What the model marks; None without one.
        regions: Defects of the mask that counts.
        judgement: Verdict by the recipe; None when there is neither a mask nor a prediction.
        cut_from: What the predicted mask was cut from, and how.
    """

    rel: str
    own: bool
    predicted_mask: Mask | None
    regions: list[Region]
    judgement: Judgement | None
    cut_from: tuple[NDArray[np.uint8] | None, Cutting]

    def cut(self, probability: NDArray[np.uint8], cutting: Cutting) -> Mask | None:
        """Return the predicted mask if that is what it was cut from."""
        known, how = self.cut_from
        return self.predicted_mask if known is probability and how == cutting else None


def read_current(
    rel: str,
    own: Mask | None,
    probability: NDArray[np.uint8] | None,
    cutting: Cutting,
    recipe: Recipe,
    before: Reading | None = None,
) -> Reading:
    """Compute a reading from the inspector's mask (H, W), or else the prediction (C, H, W).

    Where the one before says what the model marks, that is the same array again: nothing of it has to be shown anew.
    """
    cut_from = (probability, cutting)
    if own is None and probability is None:
        return Reading(rel, False, None, [], None, cut_from)
    predicted = None if probability is None else _cut(before, probability, cutting)
    mask = own if own is not None else predicted
    assert mask is not None
    regions = find_regions(mask, probability)
    rules = recipe.model_copy(update={"min_area": cutting.min_area})
    return Reading(rel, own is not None, predicted, regions, judge(regions, rules), cut_from)


def _cut(before: Reading | None, probability: NDArray[np.uint8], cutting: Cutting) -> Mask:
    """Return what a prediction marks; what the reading before cut, where that is the same."""
    known = None if before is None else before.cut(probability, cutting)
    return cut(probability, cutting) if known is None else known


def _histogram(prediction: Prediction) -> NDArray[np.int64]:
    return prediction.histogram


class JudgingController(QObject):
    """Keeps the reading of the current image up to date; at most one computation runs and one waits.

    Signals:
        read(Reading): The current image was read anew.
        histogram_ready(object): 256 counts of the current prediction, or None without one.
        ranked_ready(object): `ranked` numbers of the current prediction, uint16 (H, W), where it has several classes.
    """

    read = Signal(object)
    histogram_ready = Signal(object)
    ranked_ready = Signal(object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._busy = False
        self._again = False
        self.reading: Reading | None = None
        session = context.session
        session.current_changed.connect(self._forget)
        session.image_changed.connect(self.refresh)
        session.prediction_changed.connect(self._on_prediction)
        session.mask_state_changed.connect(self.refresh)
        context.editor.cutting_changed.connect(self.refresh)

    def _forget(self) -> None:
        self.reading = None
        self.histogram_ready.emit(None)

    def _on_prediction(self) -> None:
        image = self._context.session.image
        if image is None or image.prediction is None:
            self.histogram_ready.emit(None)
        else:
            self._context.runner.run(_histogram, image.prediction, on_result=self.histogram_ready.emit)
        self.refresh()
        if image is not None and image.prediction is not None and len(image.prediction.probability) > 1:
            done = partial(self._on_ranked, image.prediction)
            self._context.runner.run(ranked, image.prediction.probability, on_result=done, owner=self)

    def _on_ranked(self, prediction: Prediction, values: NDArray[np.uint16]) -> None:
        image = self._context.session.image
        if image is not None and image.prediction is prediction:
            self.ranked_ready.emit(values)

    def refresh(self) -> None:
        """Read the current image again; calls while a computation runs are joined into one."""
        if self._busy:
            self._again = True
            return
        session = self._context.session
        image = session.image
        if image is None or session.project is None:
            return
        own = image.document.mask if image.document.has_own_mask else None
        probability = image.prediction.probability if image.prediction else None
        recipe = session.project.file.recipe
        what = (image.rel, own, probability, self._context.editor.cutting, recipe, self.reading)
        self._busy, self._again = True, False
        if own is None and probability is None:
            # Nothing to compute: no thread has to wake up before the image is painted.
            self._on_read(session.project, read_current(*what))
        else:
            done = partial(self._on_read, session.project)
            self._context.runner.run(read_current, *what, on_result=done, on_error=self._on_error, owner=self)

    def cut_prediction(self, prediction: Prediction, *, taken_over: bool) -> Beginning:
        """Return what the model marks, cut as now, for a correction to begin with; at once if it was read already."""
        cutting = self._context.editor.cutting
        mask = _cut(self.reading, prediction.probability, cutting)
        return Beginning(mask, prediction.model_id, cutting.threshold, taken_over=taken_over)

    def _on_read(self, project: Project, reading: Reading) -> None:
        self._busy = False
        if project is self._context.session.project and reading.rel == self._context.session.current:
            self.reading = reading
        if self._again:
            self.refresh()
        if self.reading is reading:  # where nothing had to be computed, there is a later one already
            self.read.emit(reading)

    def _on_error(self, error: BaseException) -> None:
        self._busy = False
        self._context.notices.report(error)
        if self._again:
            self.refresh()
