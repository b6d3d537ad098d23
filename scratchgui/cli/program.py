"""Builds the commands and turns every way they can end into an exit status and at most one sentence."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import typer

from scratchgui.cli import COMMANDS
from scratchgui.cli.console import complain
from scratchgui.core.errors import UserError

NOTHING_DONE = 1
INTERRUPTED = 130

# The base class of what typer raises about wrong arguments has moved between its versions; its child has not.
_UsageError: Any = typer.BadParameter.__mro__[1]

_log = logging.getLogger(__name__)


def run(argv: list[str]) -> int:
    """Run a command and return its exit status (see `scratchgui.cli.main`)."""
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a letter of a file's name shows a question mark instead of an error.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        status = typer.main.get_command(_program())(argv, prog_name="scratchgui", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except UserError as error:
        complain(str(error))
    except _UsageError as error:
        complain(f"{error.format_message()} `scratchgui {argv[0] if argv else ''} --help` tells what there is.")
    except (KeyboardInterrupt, typer.Abort):
        complain("Stopped.")
        return INTERRUPTED
    except OSError as error:
        _log.debug("a file could not be used", exc_info=True)
        complain(f"{error.strerror or error}: {error.filename}" if error.filename else str(error))
    return NOTHING_DONE


def _program() -> typer.Typer:
    # Options may be written with underscores too, as scripts of the original pipeline do.
    context = {"token_normalize_func": lambda name: name.replace("_", "-"), "help_option_names": ["-h", "--help"]}
    program = typer.Typer(
        help="Find, correct, learn and report scratches on surfaces.",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings=context,
    )
    for name, text in COMMANDS.items():
        module = import_module(f"scratchgui.cli.{name}")
        command = getattr(module, name)
        if isinstance(command, typer.Typer):
            program.add_typer(command, name=name, short_help=text, help=text, context_settings=context)
            continue
        long_text = getattr(module, "HELP", None)
        program.command(name, short_help=text, help=long_text, context_settings=context)(command)
    return program
