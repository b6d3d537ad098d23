"""Finding entries of the command palette by a few letters, the way people abbreviate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_WORD: Final = 100
_INITIALS: Final = 80
_INSIDE: Final = 70
_JUMPS: Final = 50
_LOOSE: Final = 20
_IN_DETAIL: Final = 10
_RECENT: Final = 15
_FEWEST_LOOSE: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that the palette can do.

    Attributes:
        text: What it is called.
        run: Does it.
        group: Heading under which it stands while nothing is typed.
        detail: Said in muted letters beside the text; found by too.
        icon: File in ``resources/icons`` without ``.svg``.
        key: The shortcut as the desktop writes it.
        name: How the palette remembers that it was used; empty for never.
    """

    text: str
    run: Callable[[], object]
    group: str = ""
    detail: str = ""
    icon: str = ""
    key: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry and which letters of its text were found."""

    entry: Entry
    score: float = 0.0
    letters: frozenset[int] = frozenset()


def ranked(query: str, entries: Iterable[Entry], recent: Sequence[str] = ()) -> list[Match]:
    """Return the entries that match every word of a query, best first; entries used lately win a tie."""
    found = [match for entry in entries if (match := _match(query.casefold().split(), entry, recent))]
    return sorted(found, key=lambda match: -match.score)


def _match(words: list[str], entry: Entry, recent: Sequence[str]) -> Match | None:
    score = float(_RECENT * (entry.name in recent)) - len(entry.text) / 100
    letters: set[int] = set()
    for word in words:
        points, places = _find(word, entry.text.casefold())
        if not points and word in entry.detail.casefold():
            points = _IN_DETAIL
        if not points:
            return None
        score += points
        letters |= set(places)
    return Match(entry, score, frozenset(letters))


def _find(word: str, text: str) -> tuple[float, list[int]]:
    """Return how well a word is found in a text (0 for not at all) and at which letters."""
    starts = _word_starts(text)
    at = next((start for start in starts if text.startswith(word, start)), -1)
    if at >= 0:
        return _WORD - at / 10, list(range(at, at + len(word)))
    places = _jump(word, text, starts, 0)
    if places and set(places) <= set(starts):
        return _INITIALS - places[0] / 10, places
    at = text.find(word)
    if at >= 0:
        return _INSIDE - at / 10, list(range(at, at + len(word)))
    if places:
        return _JUMPS - places[0] / 10, places
    places = _loose(word, text) if len(word) >= _FEWEST_LOOSE else []
    return (_LOOSE - (places[-1] - places[0]) / 10 if places else 0.0), places


def _word_starts(text: str) -> list[int]:
    return [at for at, letter in enumerate(text) if letter.isalnum() and (at == 0 or not text[at - 1].isalnum())]


def _jump(word: str, text: str, starts: list[int], first: int) -> list[int]:
    """Return where a word is found when each new piece of it begins a word: "opf" in "open folder"."""
    for number in range(first, len(starts)):
        at, length = starts[number], 0
        while length < len(word) and text[at + length : at + length + 1] == word[length]:
            length += 1
        for taken in range(length, 0, -1):
            rest = _jump(word[taken:], text, starts, number + 1) if taken < len(word) else []
            if rest or taken == len(word):
                return [*range(at, at + taken), *rest]
    return []


def _loose(word: str, text: str) -> list[int]:
    """Return the first places of a word's letters in their order; nothing when they lie far apart."""
    places: list[int] = []
    for letter in word:
        at = text.find(letter, places[-1] + 1 if places else 0)
        if at < 0:
            return []
        places.append(at)
    return places if places[-1] - places[0] <= 3 * len(word) else []
