"""Changing areas of the mask in one gesture, as the options want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from scratchgui.canvas.tools.base import ToolHost
    from scratchgui.core.geometry import Box
    from scratchgui.model.editor_state import EditorState

Found: TypeAlias = "tuple[Box, NDArray[np.bool_]]"
"""An area: its box (px) and which pixels of the box belong to it."""


def replaceable(editor: EditorState) -> set[int] | None:
    """Return the labels that painting and erasing may replace; None for all."""
    return {0, editor.active_class} if editor.options.protect_others else None


def change_areas(host: ToolHost, areas: Iterable[Found], label: int, text: str) -> None:
    """Give all pixels of areas a label, 0 to erase, as one undo step; what may not be edited stays as it is."""
    document = host.document_to_edit()
    if document is None:
        return
    document.begin_stroke(label, replaceable(host.editor))
    for area in areas:
        document.paint(*area)
    document.end_stroke(text)
    host.finish_stroke()
