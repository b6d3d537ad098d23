from __future__ import annotations

import locale
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from scratchgui.core.model_card import Bundle
from scratchgui.inference.openvino_engine import OpenVinoEngine


@pytest.fixture
def locale_of_the_user():
    """The process's locale is that of the user, as in the window, and not C."""
    former = locale.setlocale(locale.LC_ALL)
    try:
        chosen = locale.setlocale(locale.LC_ALL, "C.UTF-8")
    except locale.Error:
        pytest.skip("this system has no locale C.UTF-8")
    yield chosen
    locale.setlocale(locale.LC_ALL, former)


def test_engines_that_compile_at_once_leave_the_locale_as_it_was(
    tiny_bundle: Bundle, locale_of_the_user: str, tmp_path: Path
):
    together = Barrier(4)

    def compile_some() -> None:
        together.wait()
        for _ in range(5):
            OpenVinoEngine(tiny_bundle, "cpu", threads=1, cache=tmp_path).close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(compile_some) for _ in range(4)]:
            done.result()
    assert locale.setlocale(locale.LC_ALL) == locale_of_the_user
