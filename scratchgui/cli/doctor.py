"""`scratchgui doctor`: is everything there that the program needs?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchgui.cli.examine import Answer

_SIGNS = {True: "ok     ", False: "PROBLEM", None: "       "}


def doctor() -> int:
    """Check the installation: versions, folders, the starter model.

    The exit status is 1 when something is wrong.
    """
    from scratchgui.cli.console import say
    from scratchgui.cli.examine import examine

    answers: list[Answer] = []
    for answer in examine():
        say(f"{_SIGNS[answer.good]} {answer.what:28} {answer.text}".rstrip())
        answers.append(answer)
    problems = sum(answer.good is False for answer in answers)
    say("Everything is in order." if not problems else f"{problems} of {len(answers)} are not in order.")
    return 1 if problems else 0
