"""Writing so that a file is either the old one or the new one, never half of either."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from scratchgui.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_STEM = 240
"""Bytes: file systems allow 255, and up to 15 are left for the suffix."""


def atomic_write_bytes(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write `data` to a temporary file in the same folder, flush it to disk, then put it in place.

    Missing parent folders are made. On failure the old file is untouched and no temporary file stays.

    Args:
        path: The file.
        data: Its content.
        durable: Wait until it is on the disk; without that, a power cut may leave an empty file, but no crash does.

    Raises:
        OSError: The folder cannot be written, the disk is full, …
    """
    with atomic_writer(path, durable=durable) as file:
        file.write(data)


@contextlib.contextmanager
def atomic_writer(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write piece by piece, which takes the place of `path` when the block ends without an error.

    Arguments and errors as in `atomic_write_bytes`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A short prefix: the final name may already be as long as the file system allows.
    handle, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        # Some network shares refuse it; the file is good all the same.
        with contextlib.suppress(OSError):
            os.chmod(name, 0o666 & ~_UMASK)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _current_umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


# Read once at import, on one thread: asking means setting, and setting is for the whole process.
_UMASK = _current_umask()


def atomic_write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 in place of `path` (see `atomic_write_bytes`)."""
    atomic_write_bytes(path, text.encode())


def atomic_write_json(path: Path, value: object) -> None:
    """Write `value` as indented UTF-8 JSON in place of `path` (see `atomic_write_bytes`)."""
    atomic_write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path) -> Any:
    """Return the JSON value in `path`.

    Raises:
        UserError: The file is missing, unreadable or not JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise UserError(f"Cannot read the file ({error.strerror})", path=path) from error
    except (ValueError, RecursionError) as error:
        raise UserError("The file is damaged", path=path, hint="Restore it from a backup or remove it.") from error


def schema_version_of(value: object) -> int:
    """Return the schema version that a file's JSON value states, 1 where it states none.

    Ask before the value is validated: a newer file need not fit, and is not damaged for that.
    """
    version = value.get("schema_version") if isinstance(value, dict) else None
    return version if isinstance(version, int) else 1


def sidecar_stem(name: str) -> str:
    """Return the name, without suffix, of the files that belong to an image: the image's own, extension included.

    A name of more than 240 bytes (UTF-8) leaves no room for a suffix: it is cut and ends in "~" and 16 digits of the
    whole name's SHA-256.
    """
    data = name.encode()
    if len(data) <= _LONGEST_STEM:
        return name
    kept = data[: _LONGEST_STEM - 17].decode(errors="ignore")
    return f"{kept}~{hashlib.sha256(data).hexdigest()[:16]}"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file's bytes as lower-case hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_writable_folder(path: Path) -> bool:
    """Tell whether files can be made in the existing folder `path`, by making one.

    Permission bits do not tell on network shares and read-only mounts.
    """
    try:
        with tempfile.TemporaryFile(dir=path):
            return True
    except OSError:
        return False
