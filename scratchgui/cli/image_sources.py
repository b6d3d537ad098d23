"""What `--source` names: images, folders, patterns and lists; found one by one, however many there are."""

from __future__ import annotations

import atexit
import glob
import logging
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scratchgui.core.errors import UserError
from scratchgui.core.images import is_image_name, is_unicode, walk_images
from scratchgui.core.project import PROJECT_FILE, PROJECT_FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STDIN = "-"
LIST_SUFFIX = ".txt"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ImageSources:
    """Where images come from.

    Attributes:
        root: Folder that all of them lie in, absolute.
        finders: Each yields the absolute paths of images, with "/" between the parts; they may be asked again.
        words: What the user named, for messages.
    """

    root: Path
    finders: tuple[Callable[[], Iterator[str]], ...]
    words: tuple[str, ...]

    def names(self) -> Iterator[str]:
        """Yield the images' names below the root, with "/" between the parts; one may come several times.

        Raises:
            OSError: A folder cannot be listed.
            UserError: A list cannot be read.
        """
        begin = _slashed(self.root).rstrip("/") + "/"
        for find in self.finders:
            for path in find():
                if path.startswith(begin):
                    yield path[len(begin) :]
                else:  # only of a list that grew since
                    _log.warning("Left out, it does not lie in %s: %s", self.root, path)

    def nothing(self) -> str:
        """Return the sentence for sources without an image."""
        word = self.words[0]
        if len(self.words) > 1:
            return f"There are no images in any of these: {', '.join(self.words)}."
        if word == STDIN or word.lower().endswith(LIST_SUFFIX):
            return "The list names no images."
        return f"There are no images in this folder: {word}." if os.path.isdir(word) else f"No image fits {word}."


def open_sources(words: Sequence[str], *, recursive: bool, skip: Path) -> ImageSources:
    """Understand what the user named.

    Args:
        words: Each an image, a folder, a pattern with * ? [ ] (** for any depth), a list of images (a text file named
            *.txt with one path a line, relative to its own folder), or "-" for a list on stdin.
        recursive: Look in subfolders of folders too.
        skip: Folder to leave out: earlier results are no images to judge.

    Raises:
        UserError: There is no such thing, or a list cannot be read.
    """
    left_out = Path(os.path.abspath(skip))
    found = [_open(word, recursive, left_out) for word in words]
    try:
        root = os.path.commonpath([base for base, _ in found])
    except ValueError:
        raise UserError("The sources lie on different drives", hint="Judge them one after the other.") from None
    return ImageSources(Path(root), tuple(find for _, find in found), tuple(words))


def _open(word: str, recursive: bool, skip: Path) -> tuple[str, Callable[[], Iterator[str]]]:
    """Return the folder that a source's images lie in, and what finds them."""
    if word == STDIN:
        return _list(_spooled_stdin(), Path.cwd(), recursive, skip)
    place = Path(os.path.abspath(word))
    if place.is_dir():
        return str(place), lambda: _in_folder(place, recursive, skip)
    if place.is_file():
        if place.suffix.lower() == LIST_SUFFIX:
            return _list(place, place.parent, recursive, skip)
        if not is_image_name(place.name) or not is_unicode(str(place)):
            raise UserError("This is no image that can be read", path=_printable(place))
        return str(place.parent), lambda: iter([_slashed(place)])
    if glob.has_magic(word):
        return _pattern(place, skip)
    raise UserError("There is no such file or folder", path=_printable(place))


def _in_folder(folder: Path, recursive: bool, skip: Path) -> Iterator[str]:
    project = folder / PROJECT_FOLDER
    projects = [project] if (project / PROJECT_FILE).is_file() else []
    begin = _slashed(folder).rstrip("/")
    for name in walk_images(folder, recursive=recursive, skip=[skip, *projects]):
        yield f"{begin}/{name}"


def _pattern(pattern: Path, skip: Path) -> tuple[str, Callable[[], Iterator[str]]]:
    fixed = pattern
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    if not fixed.is_dir():
        raise UserError("There is no such folder", path=_printable(fixed))
    hidden = _slashed(skip) + "/"

    def find() -> Iterator[str]:
        for found in glob.iglob(str(pattern), recursive=True):
            path = _slashed(Path(found))
            if is_unicode(path) and is_image_name(os.path.basename(path)) and not path.startswith(hidden):
                yield path

    return str(fixed), find


def _list(text: Path, folder: Path, recursive: bool, skip: Path) -> tuple[str, Callable[[], Iterator[str]]]:
    """Return the folder that everything in a list lies in, and what reads the list again."""

    def find() -> Iterator[str]:
        for path in _lines(text, folder):
            if os.path.isdir(path):
                yield from _in_folder(Path(path), recursive, skip)
            else:
                yield _slashed(Path(path))

    root: str | None = None
    for path in _lines(text, folder):
        parent = path if os.path.isdir(path) else os.path.dirname(path)
        try:
            root = parent if root is None else os.path.commonpath([root, parent])
        except ValueError:
            raise UserError("The images of the list lie on different drives", path=text) from None
    return root or str(folder), find


def _lines(text: Path, folder: Path) -> Iterator[str]:
    """Yield the absolute paths in a list."""
    try:
        with text.open(encoding="utf-8-sig") as file:
            for line in file:
                if line.strip():
                    yield os.path.normpath(folder / line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("The list of images cannot be read", path=text, hint="Save it as UTF-8.") from error


def _spooled_stdin() -> Path:
    """Put a list from stdin, which can be read only once, into a temporary file."""
    with tempfile.NamedTemporaryFile(prefix="scratchgui-list-", suffix=LIST_SUFFIX, delete=False) as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    atexit.register(Path(file.name).unlink, missing_ok=True)
    return Path(file.name)


def _slashed(path: Path) -> str:
    return path.as_posix()


def _printable(path: Path) -> Path:
    return Path(str(path).encode(errors="replace").decode())
