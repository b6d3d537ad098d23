from __future__ import annotations

from pathlib import Path

import pytest

from scratchgui.core.errors import ImageReadError, UserError


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (UserError("The disk is full"), "The disk is full."),
        (UserError("The disk is full."), "The disk is full."),
        (UserError("It is damaged", path=Path("/data/a.png")), f"It is damaged: {Path('/data/a.png')}."),
        (UserError("It is damaged", hint="Remove it."), "It is damaged. Remove it."),
    ],
)
def test_the_text_is_a_whole_sentence(error: UserError, sentence: str) -> None:
    assert str(error) == sentence


def test_parts_stay_available_for_the_window() -> None:
    error = ImageReadError("The image is damaged", path=Path("a.png"), hint="Copy it again.")
    assert (error.message, error.path, error.hint) == ("The image is damaged", Path("a.png"), "Copy it again.")
