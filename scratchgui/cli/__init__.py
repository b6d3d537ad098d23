"""The command line: the same engine as the window, without Qt. One file a command."""

from __future__ import annotations

COMMANDS: dict[str, str] = {
    "infer": "Find defects in images: masks, overlays, tables.",
    "train": "Train a model on a folder or a project.",
    "evaluate": "Score a model on images with known masks.",
    "models": "List the models of a project, use another, go back, rename, delete.",
    "model": "Write a model as ONNX.",
    "report": "Write the report of a project.",
    "doctor": "Say what is installed and whether it fits together.",
}
"""Name of each command and what it does; read by the start before anything else is imported."""


def main(argv: list[str]) -> int:
    """Run a command.

    Args:
        argv: The command's name, then its arguments.

    Returns:
        The exit status: 0 all went well, 1 nothing could be done, 2 a part of it failed.
    """
    from scratchgui.cli.program import run

    return run(argv)
