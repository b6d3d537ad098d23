from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from scratchgui.ui.stylesheet import style_sheet
from scratchgui.ui.tokens import DARK, LIGHT

PACKAGE = Path(__file__).resolve().parents[3] / "scratchgui"
PAIRS = [
    *product(("text", "muted"), ("window", "panel", "raised")),
    ("accent_text", "accent"),
    *product(("ok", "review", "ng"), ("panel",)),
]


def luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_text_can_be_read(theme, ink, paper):
    dark, light = sorted(luminance(theme.color(token)) for token in (ink, paper))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


FILES = [
    path for part in ("ui", "canvas") for path in sorted((PACKAGE / part).rglob("*.py")) if path.name != "tokens.py"
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_colors_are_named_in_the_tokens_alone(path):
    assert re.findall(r"#(?:[0-9a-fA-F]{3}){1,2}\b", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_style_sheet_leaves_no_token_open(theme):
    assert "$" not in style_sheet(theme)
