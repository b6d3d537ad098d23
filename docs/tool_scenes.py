"""The tools in use on scratches of the sample project, for `make_screens`; places are in pixels of its images."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from desk import wait_for
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from make_screens import Album

    from scratchgui.app.workbench import Workbench

_SIZE = (1100, 720)
_LEFT = Qt.MouseButton.LeftButton


class Hand:
    """The mouse over the canvas, and the keys that go with it."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._canvas = bench.canvas

    def look_at(self, name: str, zoom: float = 0.0, at: tuple[float, float] = (0, 0)) -> None:
        """Go to an image of the sample; show all of it, or a place of it at a zoom."""
        bench = self._bench
        bench.viewing.choose(next(item.rel for item in bench.session.images.records if item.rel.endswith(name)))
        wait_for(lambda: bool(bench.session.image and bench.session.image.rel.endswith(name)))
        wait_for(lambda: bench.session.image is not None and bench.session.image.prediction is not None)
        wait_for(lambda: bench.judging.reading is not None and bench.judging.reading.rel.endswith(name))
        wait_for(lambda: bench.canvas.shown_mask is not None)
        self._canvas.fit()
        if zoom:
            self._canvas.set_zoom(zoom)
            here, middle = self._point(*at), self._canvas.rect().center()
            self._canvas.pan(middle.x() - here.x(), middle.y() - here.y())

    def use(self, *keys: str) -> None:
        """Trigger actions, as their keys do."""
        for key in keys:
            self._bench.actions.action(key).trigger()

    def go(self, *places: tuple[float, float]) -> None:
        """Move the mouse through some places, with whatever is pressed."""
        for x, y in places:
            QTest.mouseMove(self._canvas, self._point(x, y))

    def click(self, *places: tuple[float, float]) -> None:
        """Click at some places."""
        for place in places:
            self.go(place)
            QTest.mouseClick(self._canvas, _LEFT, pos=self._point(*place))

    def press(self, *places: tuple[float, float]) -> None:
        """Press at the first of some places and drag through the others; the button stays down."""
        self.go(places[0])
        QTest.mousePress(self._canvas, _LEFT, pos=self._point(*places[0]))
        self.go(*_steps(places))

    def release(self, x: float, y: float) -> None:
        """Let the button go."""
        QTest.mouseRelease(self._canvas, _LEFT, pos=self._point(x, y))

    def escape(self) -> None:
        """Take back what is not complete."""
        QTest.keyClick(self._canvas, Qt.Key.Key_Escape)

    def _point(self, x: float, y: float) -> QPoint:
        place, ratio = self._canvas.viewport.placement, self._canvas.devicePixelRatioF()
        return QPoint(round((place.x + x * place.zoom) / ratio), round((place.y + y * place.zoom) / ratio))


def take_tools(bench: Workbench, album: Album) -> None:
    """Take a picture of each tool while it is used, with the panels hidden."""
    wait_for(lambda: not bench.inference_service.is_running)
    for card in list(bench.window.toasts.cards):
        card.closed.emit()
    size = bench.window.size()
    hand = Hand(bench)
    hand.use("toggle_panels")
    bench.window.resize(*_SIZE)
    for take in (_take_pen, _take_areas, _take_whole_defects, _take_clean_up, _take_views, _take_classes):
        take(hand, album, bench)
    hand.use("toggle_panels", "tool_brush", "fit")
    bench.window.resize(size)


def _take_pen(hand: Hand, album: Album, _: Workbench) -> None:
    hand.look_at("rolled_0025.jpg", 2.0, (190, 170))
    hand.use("tool_scratch_pen")
    hand.click((86, 20), (105, 140))
    hand.go(*_steps(((105, 140), (150, 215), (200, 270), (240, 300))))
    album.take_canvas("scratch_pen")
    hand.escape()


def _take_areas(hand: Hand, album: Album, bench: Workbench) -> None:
    hand.look_at("woven_0009.jpg", 2.0, (380, 470))
    hand.use("tool_lasso")
    hand.click((386, 418), (402, 424), (372, 520), (360, 594))
    hand.go((340, 586))
    album.take_canvas("lasso")
    hand.escape()
    hand.look_at("ground_0001.jpg", 2.0, (240, 265))
    hand.use("clear_mask", "tool_brush")
    bench.editor.brush_size = 4
    hand.press(*_AROUND)
    hand.release(*_AROUND[-1])
    hand.use("tool_fill")
    hand.go((225, 255), (230, 262))
    album.take_canvas("fill")
    hand.look_at("rolled_0025.jpg", 2.0, (190, 170))
    hand.use("clear_mask", "tool_wand")
    hand.press((200, 269), (199, 269))
    album.take_canvas("wand")
    hand.release(199, 269)
    hand.use("undo", "undo")


def _take_whole_defects(hand: Hand, album: Album, _: Workbench) -> None:
    hand.look_at("brushed_0020.jpg")
    hand.use("tool_box")
    hand.press((190, 370), (400, 480), (670, 490))
    album.take_canvas("box")
    hand.escape()
    hand.release(670, 490)
    hand.use("tool_pick")
    hand.click((540, 526))
    hand.go((450, 470), (500, 460))
    album.take_canvas("pick")
    hand.escape()


def _take_clean_up(hand: Hand, album: Album, bench: Workbench) -> None:
    hand.look_at("ground_0001.jpg", 2.0, (700, 420))
    hand.use("tool_brush")
    bench.editor.brush_size = 6
    for piece in (((580, 440), (602, 438)), ((609, 436), (664, 430)), ((673, 428), (850, 408))):
        hand.press(*piece)
        hand.release(*piece[-1])
    hand.use("tool_pick", "close_gaps")
    album.take_canvas("clean_up")
    bench.window.toasts.cards[-1].closed.emit()


def _take_views(hand: Hand, album: Album, bench: Workbench) -> None:
    view = bench.editor.view
    hand.look_at("brushed_0020.jpg")
    hand.use("tool_pan", "swipe")
    album.take_canvas("swipe")
    hand.use("swipe")
    hand.look_at("ceramic_0017.jpg")
    hand.use("display")
    view.set_tone(brightness=20, contrast=45)
    album.take_canvas("display")
    view.reset_tone()
    hand.use("display")
    hand.look_at("ceramic_0027.jpg", 1.5, (420, 260))
    hand.use("loupe", "rulers")
    hand.go((470, 220), (468, 222))
    album.take_canvas("aids")
    hand.use("loupe", "rulers")


def _take_classes(hand: Hand, album: Album, bench: Workbench) -> None:
    label = bench.classes.add()
    bench.classes.change(label, {"name": "crack"})
    hand.look_at("rolled_0025.jpg", 2.0, (190, 170))
    hand.use("tool_pick", "accept_prediction")
    hand.click((200, 268))
    hand.use(f"class_{label}")
    hand.go((201, 269))
    album.take_canvas("classes")
    hand.use("undo", "undo", "class_1")


_AROUND = ((160, 290), (210, 230), (285, 200), (305, 215), (300, 265), (215, 330), (170, 315), (160, 290))
"""A line around the scratches at the left of ground_0001.jpg."""


def _steps(places: Sequence[tuple[float, float]], count: int = 10) -> list[tuple[float, float]]:
    """Return the way through some places in short steps."""
    return [
        (x + (right - x) * step / count, y + (below - y) * step / count)
        for (x, y), (right, below) in pairwise(places)
        for step in range(1, count + 1)
    ]
