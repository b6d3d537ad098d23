"""Zoom, position and their limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchgui.canvas.viewport import MAX_ZOOM, Viewport
from scratchgui.core.geometry import Box


def viewport(width: int = 1000, height: int = 500) -> Viewport:
    view = Viewport()
    view.margins = (0, 0, 0, 0)
    view.set_image_size(width, height)
    view.set_view_size(400, 300)
    return view


def test_fit_shows_the_whole_image_in_the_middle_and_follows_the_view():
    view = viewport()
    assert view.zoom == pytest.approx(0.4)
    assert view.image_box == Box(0, 50, 400, 200)
    view.set_view_size(800, 600)
    assert view.zoom == pytest.approx(0.8)


def test_what_is_under_the_cursor_stays_there():
    view = viewport()
    view.zoom_about(1.0, 200, 150)
    before = view.placement.to_image(170, 120)
    view.zoom_about(2.7, 170, 120)
    assert view.placement.to_image(170, 120) == pytest.approx(before, abs=0.5)


def test_zoom_has_limits():
    view = viewport()
    view.zoom_about(1e6, 200, 150)
    assert view.zoom == MAX_ZOOM
    view.zoom_about(1e-9, 200, 150)
    assert view.zoom == pytest.approx(0.01)


def test_a_huge_strip_can_be_fitted():
    view = viewport(1, 100_000)
    assert view.image_box.height == 300
    assert view.image_box.width == 1


@given(
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.lists(st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5), st.floats(0.001, 100)), max_size=5),
)
def test_the_image_is_never_lost(width, height, moves):
    view = viewport(width, height)
    for dx, dy, zoom in moves:
        view.pan(dx, dy)
        view.zoom_about(zoom, 10, 290)
    assert not view.image_box.intersection(Box(0, 0, 400, 300)).is_empty


def test_show_puts_a_box_in_the_middle():
    view = viewport()
    view.show(Box(600, 100, 40, 20))
    x, y = view.placement.to_image(200, 150)
    assert (x, y) == pytest.approx((620, 110), abs=1)
    assert 1 < view.zoom <= 8


def test_resizing_keeps_the_middle_when_not_fitted():
    view = viewport()
    view.zoom_about(3, 200, 150)
    before = view.placement.to_image(200, 150)
    view.set_view_size(600, 200)
    assert view.placement.to_image(300, 100) == pytest.approx(before, abs=0.5)
