"""What commands say: results on stdout, trouble on stderr, and the words for numbers."""

from __future__ import annotations

import typer


def say(text: str) -> None:
    """Write a line of the command's result."""
    typer.echo(text)


def complain(text: str) -> None:
    """Write a line about trouble."""
    typer.echo(text, err=True)


def plural(count: int, word: str) -> str:
    """Return a count with its noun: "1 image", "1,200 images"."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def score_text(value: float | None) -> str:
    """Return a score with four digits, or the word for one that no image defines."""
    return "undefined" if value is None else f"{value:.4f}"
