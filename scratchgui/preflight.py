"""What keeps a window from opening, found before Qt ends the process with a core dump. Standard library only."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import re
import sys
from pathlib import Path

_APT = (
    "sudo apt install libegl1 libgl1 libopengl0 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1"
)
_DNF = (
    "sudo dnf install mesa-libEGL mesa-libGL libglvnd-opengl fontconfig dbus-libs libxkbcommon-x11 xcb-util-cursor "
    "xcb-util-wm xcb-util-image xcb-util-keysyms xcb-util-renderutil libxcb"
)
_LIBRARY = re.compile(r"lib[\w+.-]+\.so[\w.]*")


def why_no_window() -> str:
    """Return one sentence that says what is missing to open a window; empty when nothing is known to be missing.

    PySide6.QtWidgets is imported on the way: a window needs it anyway.
    """
    problem = _why_no_qt()
    if problem or not sys.platform.startswith("linux"):
        return problem
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform not in ("", "xcb"):
        return ""
    if os.environ.get("WAYLAND_DISPLAY") and not platform:
        return ""
    if not os.environ.get("DISPLAY"):
        return (
            "There is no display to open a window on: start ScratchGUI in a desktop session, or use its commands "
            "(`scratchgui --help`)."
        )
    return _why_no_xcb()


def _why_no_qt() -> str:
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ModuleNotFoundError:
        return "PySide6 is not installed: install ScratchGUI again, `pip install --force-reinstall scratchgui`."
    except ImportError as error:
        missing = _LIBRARY.search(str(error))
        if missing is None or not sys.platform.startswith("linux"):
            raise
        return _missing(missing.group())
    return ""


def _why_no_xcb() -> str:
    """Check what Qt's X11 plug-in needs: Qt itself would abort the process."""
    plugin = _xcb_plugin()
    if plugin is not None:
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            missing = _LIBRARY.search(str(error))
            if missing is not None:
                return _missing(missing.group())
    if not _answers():
        return (
            f"The display {os.environ['DISPLAY']} does not answer: start ScratchGUI in a desktop session, or allow "
            "connections to it."
        )
    return ""


def _xcb_plugin() -> Path | None:
    spec = importlib.util.find_spec("PySide6")
    for place in (spec.submodule_search_locations or []) if spec else []:
        plugin = Path(place) / "Qt" / "plugins" / "platforms" / "libqxcb.so"
        if plugin.is_file():
            return plugin
    return None


def _answers() -> bool:
    """Tell whether the X server of DISPLAY takes connections; True where that cannot be found out."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused


def _missing(library: str) -> str:
    return f"ScratchGUI needs libraries of the system that are missing ({library}): install them with {_command()}."


def _command() -> str:
    family = _system_family()
    if family & {"debian", "ubuntu"}:
        return f"`{_APT}`"
    if family & {"fedora", "rhel", "centos"}:
        return f"`{_DNF}`"
    return f"`{_APT}` on Debian and Ubuntu, or `{_DNF}` on Fedora"


def _system_family() -> set[str]:
    """Return the names that the Linux distribution gives itself and its relatives."""
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return set()
    values = re.findall(r'^ID(?:_LIKE)?="?([^"\n]*)', text, re.MULTILINE)
    return set(" ".join(values).split())
