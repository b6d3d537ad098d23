"""The model in use, opened when the first image needs it."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from scratchgui.core.errors import PrecisionError
from scratchgui.core.model_card import load_bundle
from scratchgui.inference.steady_predictor import SteadyPredictor, open_predictor

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.core.model_card import Bundle
    from scratchgui.workers.situation import Answers, Model, Situation

_log = logging.getLogger(__name__)


class ModelInUse:
    """Opens models, one at a time; used on the inference thread alone."""

    def __init__(self, answers: Answers, cache: Path | None) -> None:
        self._answers = answers
        self._cache = cache
        self._known: tuple[int, Bundle | None] = (0, None)
        self._opened: tuple[Model, SteadyPredictor] | None = None
        self._failed_in = 0

    def bundle(self, situation: Situation) -> Bundle:
        """Return the model in use, read once for a situation: it may have been trained anew in the same folder."""
        number, known = self._known
        if known is None or number != situation.number:
            found = load_bundle(situation.model.folder)
            if known is not None and known.folder == found.folder and known.card.key != found.card.key:
                self._opened = None
            self._known = situation.number, found
            return found
        return known

    def predictor(self, situation: Situation, bundle: Bundle) -> SteadyPredictor | None:
        """Return what runs the model; None when it cannot be opened, which is said once."""
        model = situation.model
        if self._failed_in == situation.number:
            return None
        if self._opened is None or self._opened[0] != model:
            self._opened = None  # frees the other model first
            try:
                predictor = self._open(situation, bundle)
            except Exception as error:
                _log.warning("The model cannot be opened", exc_info=True)
                self.say_failed(situation, error)
                return None
            self._opened = (model, predictor)
            # Must not know the predictor, which would keep itself alive.
            predictor.told = partial(self._remark, situation)
            self._answers.on_engine(situation, predictor.engine.name, None)
        return self._opened[1]

    def _open(self, situation: Situation, bundle: Bundle) -> SteadyPredictor:
        """Open the model in the wanted precision, or where that is not to be had as it runs everywhere."""
        model = situation.model
        opened = partial(open_predictor, bundle, model.settings, device=model.device, cache=self._cache)
        try:
            return opened(precision=model.precision)
        except PrecisionError as error:
            predictor = opened()
            self._answers.on_remark(situation, f"{error.message}: it runs by {predictor.engine.name}.")
            return predictor

    def _remark(self, situation: Situation, sentence: str) -> None:
        self._answers.on_remark(situation, sentence)
        if self._opened is not None:
            self._answers.on_engine(situation, self._opened[1].engine.name, None)

    def say_failed(self, situation: Situation, error: Exception) -> None:
        """Say that the model cannot be used; once for a situation: in the next one it may have been mended."""
        if self._failed_in != situation.number:
            self._failed_in = situation.number
            self._opened = None
            self._answers.on_engine(situation, "", error)
