from __future__ import annotations

import errno
import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchgui.core.errors import UserError
from scratchgui.core.files import (
    atomic_write_bytes,
    atomic_write_json,
    atomic_write_text,
    is_writable_folder,
    read_json,
    schema_version_of,
    sha256_of,
    sidecar_stem,
)


def test_a_write_makes_its_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "file.bin"
    atomic_write_bytes(path, b"one")
    atomic_write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert [item.name for item in path.parent.iterdir()] == ["file.bin"]


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_others_may_read_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "file"
    (tmp_path / "plain").write_bytes(b"")
    atomic_write_bytes(path, b"x")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_a_share_that_refuses_permission_bits_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chmod", refuse)
    atomic_write_bytes(tmp_path / "file", b"x")
    assert (tmp_path / "file").read_bytes() == b"x"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "file"
    atomic_write_bytes(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="No space"):
        atomic_write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


_WRITE_TOO_MUCH = """
import resource, signal, sys
from pathlib import Path
from scratchgui.core.files import atomic_write_bytes
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    atomic_write_bytes(Path(sys.argv[1]), bytes(5000))
except OSError as error:
    sys.exit(7)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
def test_the_system_running_out_of_space_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    atomic_write_bytes(path, b"old")
    assert subprocess.run([sys.executable, "-c", _WRITE_TOO_MUCH, str(path)], check=False).returncode == 7
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_a_name_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 255)
    atomic_write_bytes(path, b"x")
    assert path.read_bytes() == b"x"


def test_json_survives_with_foreign_letters(tmp_path: Path) -> None:
    value = {"名前": ["Kratzer – Öl", None, 1.5, True]}
    atomic_write_json(tmp_path / "a.json", value)
    assert read_json(tmp_path / "a.json") == value
    assert "名前" in (tmp_path / "a.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b'{"a": 1', b"[" * 100_000])
def test_damaged_json_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"damaged.*a\.json"):
        read_json(path)


def test_missing_json_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"):
        read_json(tmp_path / "none.json")


def test_hash_is_of_the_bytes(tmp_path: Path) -> None:
    atomic_write_text(tmp_path / "a", "Öl")
    assert sha256_of(tmp_path / "a") == hashlib.sha256("Öl".encode()).hexdigest()


def test_writable_is_found_out_by_writing(tmp_path: Path) -> None:
    assert is_writable_folder(tmp_path)
    assert not list(tmp_path.iterdir())
    assert not is_writable_folder(tmp_path / "none")
    (tmp_path / "file").touch()
    assert not is_writable_folder(tmp_path / "file")


@pytest.mark.parametrize(
    ("value", "version"), [({"schema_version": 3}, 3), ({}, 1), ([], 1), ({"schema_version": "x"}, 1)]
)
def test_schema_version_of_anything(value: object, version: int) -> None:
    assert schema_version_of(value) == version


def test_a_name_with_room_for_a_suffix_stays() -> None:
    assert sidecar_stem("part 17.png") == "part 17.png"
    assert sidecar_stem("a" * 240) == "a" * 240


@given(st.text(alphabet="aä漢🔩.", min_size=60, max_size=255))
def test_every_sidecar_name_fits_a_file_system(name: str) -> None:
    assert len(sidecar_stem(name).encode()) <= 240


def test_long_names_that_differ_at_the_end_do_not_meet() -> None:
    assert sidecar_stem("漢" * 83 + "1.png") != sidecar_stem("漢" * 83 + "2.png")
