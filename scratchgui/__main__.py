"""Start: the command line or the window, decided before anything heavy is imported."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HELP = """\
Usage: scratchgui [PATH] [--sample]
       scratchgui COMMAND …

Find, correct, learn and report scratches on surfaces.

  PATH         open this folder of images or project in the window
  --sample     open the sample project in the window
  --version    print the version
  --help       print this text

Commands that need no window (scratchgui COMMAND --help tells more):
  {commands}
"""
_OPTIONS = ("--sample",)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        argv: Arguments without the program's name; those of the process when None.

    Returns:
        The exit status.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and _is_command(arguments[0]):
        from scratchgui import cli

        return cli.main(arguments)
    if "--help" in arguments or "-h" in arguments:
        return _say(_help())
    if "--version" in arguments:
        import scratchgui

        return _say(f"ScratchGUI {scratchgui.__version__}\n")
    wrong = _misuse(arguments)
    if wrong:
        return _complain(f"{wrong} `scratchgui --help` tells what there is.", 2)
    return _open_window(arguments)


def _is_command(word: str) -> bool:
    if word.startswith("-"):
        return False
    from scratchgui.cli import COMMANDS

    return word in COMMANDS


def _help() -> str:
    from scratchgui.cli import COMMANDS

    return _HELP.format(commands=", ".join(COMMANDS))


def _misuse(arguments: list[str]) -> str:
    """Return what is wrong with the arguments for the window, or nothing."""
    unknown = [word for word in arguments if word.startswith("-") and word not in _OPTIONS]
    if unknown:
        return f"There is no option {unknown[0]}."
    if len([word for word in arguments if not word.startswith("-")]) > 1:
        return "The window opens one folder at a time."
    return ""


def _open_window(arguments: list[str]) -> int:
    from scratchgui.preflight import why_no_window

    problem = why_no_window()
    if problem:
        return _complain(problem, 1)
    from scratchgui import app

    return app.main(arguments)


def _say(text: str) -> int:
    sys.stdout.write(text)
    return 0


def _complain(sentence: str, status: int) -> int:
    sys.stderr.write(sentence + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
