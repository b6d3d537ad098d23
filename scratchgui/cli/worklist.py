"""The images to judge and what is known of them, on disk: memory does not grow with their number."""

from __future__ import annotations

import posixpath
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from scratchgui.core.images import natural_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PAGE = 500
_TABLE = """
create table images(
    id integer primary key,
    rel text unique not null,
    sort text not null,
    stem text not null,
    folded text not null,
    name text,
    folded_name text,
    size integer,
    modified integer,
    judged integer not null default 0,
    place integer,
    due integer not null default 0,
    seen_size integer,
    seen_modified integer,
    seen_at real
);
create index by_sort on images(sort, id);
create index by_stem on images(stem);
create index by_folded on images(folded);
create index by_name on images(folded_name) where folded_name is not null;
create table seen(rel text primary key, size integer, modified integer) without rowid;
"""
_LOOKS = (
    "insert into images(rel, sort, stem, folded, seen_size, seen_modified, seen_at) "
    "select rel, natural_key(rel), stem_of(rel), folded_of(rel), size, modified, :now from seen "
    "where not exists(select 1 from images where images.rel = seen.rel)",
    "update images set seen_size = seen.size, seen_modified = seen.modified, seen_at = :now, due = 0 from seen "
    "where seen.rel = images.rel and (seen_size, seen_modified) is not (seen.size, seen.modified)",
    "update images set due = 1 from seen where seen.rel = images.rel and :now - seen_at >= :quiet "
    "and (images.size, images.modified) is not (seen.size, seen.modified)",
)
"""What one look at the files changes: some are new, some changed, some have been the same for a while."""


class Stamp(NamedTuple):
    """What tells one state of a file from another.

    Attributes:
        size: Bytes.
        modified: Time of the last change (ns).
    """

    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An image.

    Attributes:
        rel: Its name below the root of the sources.
        name: The name of its results, once it has one.
        stamp: The state of the file that its latest record is about; None without a record.
        judged: Whether that record has a verdict.
    """

    rel: str
    name: str | None
    stamp: Stamp | None
    judged: bool


class Worklist:
    """A table of images in a temporary file that vanishes with this object; for one thread."""

    def __init__(self) -> None:
        # The empty name: a private file of SQLite's own, written only when it outgrows the cache.
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.executescript(f"pragma journal_mode=off; pragma synchronous=off; {_TABLE}")
        for name, make in (("natural_key", natural_key), ("stem_of", _stem), ("folded_of", str.casefold)):
            self._base.create_function(name, 1, make, deterministic=True)

    def close(self) -> None:
        """Forget all."""
        self._base.close()

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Write what the block changes in one go: a hundred times as fast as one by one."""
        self._base.execute("begin")
        try:
            yield
        finally:
            self._base.execute("commit")

    def __len__(self) -> int:
        """Number of images that are known, due or not."""
        return int(self._base.execute("select count(*) from images").fetchone()[0])

    def add(self, rels: Iterable[str]) -> None:
        """Add images, each once, and make them due."""
        with self._at_once():
            self._base.executemany(
                "insert into images(rel, sort, stem, folded, due) values(?, ?, ?, ?, 1) "
                "on conflict(rel) do update set due = 1",
                ((rel, natural_key(rel), _stem(rel), rel.casefold()) for rel in rels),
            )

    def recall(self, rel: str, name: str, stamp: Stamp, *, judged: bool, place: int) -> None:
        """Note the latest record about an image.

        Args:
            rel: The image.
            name: Name of its results; empty when it has none.
            stamp: State of the file.
            judged: Whether it got a verdict.
            place: Where the record begins in the file of results (bytes).
        """
        known = self._base.execute(
            "update images set name = ?, folded_name = ?, size = ?, modified = ?, judged = ?, place = ? where rel = ?",
            (name or None, name.casefold() or None, *stamp, judged, place, rel),
        )
        if not known.rowcount:
            self._base.execute(
                "insert into images(rel, sort, stem, folded, name, folded_name, size, modified, judged, place) "
                "values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    rel,
                    natural_key(rel),
                    _stem(rel),
                    rel.casefold(),
                    name or None,
                    name.casefold() or None,
                    *stamp,
                    judged,
                    place,
                ),
            )

    def due(self) -> Iterator[Entry]:
        """Yield the images that are due, in natural order; the table may change meanwhile."""
        last = ("", -1)
        while True:
            page = self._base.execute(
                "select sort, id, rel, name, size, modified, judged from images "
                "where due and (sort, id) > (?, ?) order by sort, id limit ?",
                (*last, _PAGE),
            ).fetchall()
            if not page:
                return
            for sort, number, rel, name, size, modified, judged in page:
                last = sort, number
                yield Entry(rel, name, None if size is None else Stamp(size, modified), bool(judged))

    def count_due(self) -> int:
        """Return how many images are due."""
        return int(self._base.execute("select count(*) from images where due").fetchone()[0])

    def settle(self, rel: str) -> None:
        """Let an image be due no more."""
        self._base.execute("update images set due = 0 where rel = ?", (rel,))

    def places(self) -> Iterator[int]:
        """Yield where the latest record of each image begins in the file of results, in the images' natural order."""
        last = ("", -1)
        while True:
            page = self._base.execute(
                "select sort, id, place from images where place is not null and (sort, id) > (?, ?) "
                "order by sort, id limit ?",
                (*last, _PAGE),
            ).fetchall()
            if not page:
                return
            for sort, number, place in page:
                last = sort, number
                yield place

    def name_of(self, entry: Entry) -> str:
        """Return the name of an image's results, and keep it.

        It is the image's own without the extension; that stays where the name without it would be, or is already, that
        of another image's results, on any file system.
        """
        if entry.name:
            return entry.name
        rel = entry.rel
        stem = _stem(rel)
        alike = self._count("stem = ?", stem) + self._count("folded = ?", stem)
        name = posixpath.splitext(rel)[0] if alike == 1 and not self._is_taken(stem) else rel
        number = 2
        while self._is_taken(name.casefold()):
            name = f"{rel}~{number}"
            number += 1
        self._base.execute("update images set name = ?, folded_name = ? where rel = ?", (name, name.casefold(), rel))
        return name

    def _is_taken(self, folded_name: str) -> bool:
        return self._count("folded_name = ?", folded_name) > 0

    def _count(self, condition: str, value: str) -> int:
        return int(self._base.execute(f"select count(*) from images where {condition}", (value,)).fetchone()[0])

    def look(self, seen: Iterable[tuple[str, Stamp]], now: float, quiet: float) -> None:
        """Take note of files as they are now: one that stays the same for a while becomes due.

        Args:
            seen: Images, and the states of their files.
            now: The time (s); see `unchanged_since`.
            quiet: How long it has to stay the same (s).
        """
        with self._at_once():
            self._base.execute("delete from seen")
            self._base.executemany(
                "insert or ignore into seen values(?, ?, ?)", ((rel, stamp.size, stamp.modified) for rel, stamp in seen)
            )
            for change in _LOOKS:
                self._base.execute(change, {"now": now, "quiet": quiet})

    def unchanged_since(self, rel: str) -> float:
        """Return when an image's file was first seen as it is (s)."""
        return float(self._base.execute("select seen_at from images where rel = ?", (rel,)).fetchone()[0] or 0)


def _stem(rel: str) -> str:
    """Return an image's name without the extension, as file systems compare it that know no case."""
    return posixpath.splitext(rel)[0].casefold()
