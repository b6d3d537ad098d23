"""What the model marks on the images of a project, from the kept predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchgui.inference.cache import PredictionStore
from scratchgui.inference.postprocess import cut
from scratchgui.inference.predictor import PredictSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.core.mask import Mask
    from scratchgui.core.model_card import ModelKey
    from scratchgui.core.project import Project


class StoredMasks:
    """Cuts kept predictions as the project does; made for the reports."""

    def __init__(self, project: Project, model: ModelKey, settings: PredictSettings | None = None) -> None:
        self._project = project
        self._model = model
        self._settings = settings or PredictSettings()
        self._store = PredictionStore(project.predictions_folder)

    def __call__(self, rel: str) -> tuple[Mask, NDArray[np.uint8]] | None:
        """Return an image's mask, uint8 (H, W), and probability, uint8 (C, H, W); None without a prediction."""
        prediction = self._store.load(rel, self._model, self._settings, self._project.image_path(rel))
        if prediction is None:
            return None
        return cut(prediction.probability, self._project.file.cutting), prediction.probability
