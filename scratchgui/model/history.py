"""What was done to one image, step by step, for undo and redo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchgui.model.undo import Patch


@dataclass(frozen=True, slots=True)
class Step:
    """One gesture.

    Attributes:
        text: What it is called, for example "Brush stroke".
        patches: What it changed.
    """

    text: str
    patches: tuple[Patch, ...]


class History:
    """The steps of one image and how many of them are done; who has the mask does what they say.

    It stands for Qt's QUndoStack, which crashes with commands written in Python (see docs/adr/0006).
    """

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._done = 0

    def __len__(self) -> int:
        """Return the number of all steps, those that were taken back included."""
        return len(self._steps)

    def __getitem__(self, index: int) -> Step:
        """Return a step, those that were taken back included; the oldest is 0."""
        return self._steps[index]

    @property
    def done(self) -> int:
        """How many steps are done and not taken back."""
        return self._done

    @property
    def last(self) -> Step | None:
        """The step that an undo takes back."""
        return self._steps[self._done - 1] if self._done else None

    @property
    def can_undo(self) -> bool:
        """Tell whether a step is done."""
        return self._done > 0

    @property
    def can_redo(self) -> bool:
        """Tell whether a step was taken back."""
        return self._done < len(self._steps)

    def push(self, step: Step) -> None:
        """Add a step that is done; what could be done again until now is forgotten."""
        self._steps[self._done :] = [step]
        self._done += 1

    def back(self) -> Step:
        """Return the step to take back; from now on it counts as not done.

        Raises:
            IndexError: There is none.
        """
        if not self.can_undo:
            raise IndexError("nothing to undo")
        self._done -= 1
        return self._steps[self._done]

    def forward(self) -> Step:
        """Return the step to do again; from now on it counts as done.

        Raises:
            IndexError: There is none.
        """
        if not self.can_redo:
            raise IndexError("nothing to redo")
        self._done += 1
        return self._steps[self._done - 1]
