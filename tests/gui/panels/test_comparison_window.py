"""Two models side by side, and the images that change."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel

from scratchgui.core.comparison import ComparedImage, ComparedMetric, ComparedModel, Comparison
from scratchgui.ui.dialogs.comparison_window import MOST_IMAGES, ComparisonWindow


def image(key: str, *, marks: tuple[float, float], verdicts: str = "NG NG", changed: bool = True) -> ComparedImage:
    before, after = verdicts.split()
    return ComparedImage(
        key=key,
        image=f"/parts/{key}",
        champion_mark=marks[0],
        challenger_mark=marks[1],
        verdict_champion=before,
        verdict_challenger=after,
        changed=changed,
    )


def comparison(*images: ComparedImage, **changes: object) -> Comparison:
    usual = {
        "champion": ComparedModel(id="a", name="U-Net B0 · v1"),
        "challenger": ComparedModel(id="b", name="U-Net B0 · v2"),
        "rule": "The better one is used.",
        "better": True,
        "reason": "Better on 2 of 3 validation images.",
        "metrics": [
            ComparedMetric(name="auroc"),
            ComparedMetric(name="dice", champion=0.71, challenger=0.76, champion_interval=(0.6, 0.8)),
            ComparedMetric(name="false_alarm_rate", champion=0.04, challenger=0.1),
            ComparedMetric(name="of_the_future", champion=1.0, challenger=1.0),
        ],
        "images": list(images),
    }
    return Comparison.model_validate(usual | changes)


@pytest.fixture
def window(qtbot) -> ComparisonWindow:
    window = ComparisonWindow()
    qtbot.addWidget(window)
    window.open_window()
    return window


def numbers(window: ComparisonWindow) -> dict[str, str]:
    """Accessible names of the table's numbers, with whether they are the better ones."""
    return {item.accessibleName(): item.property("role") for item in window.table.findChildren(QLabel)}


def test_scores_stand_side_by_side_and_undefined_ones_say_why(window: ComparisonWindow):
    window.show_comparison(comparison())
    found = numbers(window)
    assert found["Dice: 0.76"] == "strong"
    assert found["Dice: 0.71"] == ""
    assert found["False alarms: 4%"] == "strong"
    assert found["of_the_future: 1.00"] == ""
    assert "AUROC: Undefined: it needs validation images with a defect and clean ones." in found
    texts = [item.text() for item in window.table.findChildren(QLabel)]
    assert texts.count("–") == 2
    assert "0.60 … 0.80" in texts


def test_another_comparison_replaces_the_first(qtbot, window: ComparisonWindow):
    window.show_comparison(comparison(image("a.png", marks=(0.1, 0.2))))
    window.show_comparison(comparison(metrics=[ComparedMetric(name="dice", champion=0.1, challenger=0.2)]))
    qtbot.waitUntil(lambda: "Dice: 0.71" not in numbers(window))
    assert window.gallery.cards == {}
    assert window.count.text() == "0 of 0 validation images change"


def test_images_whose_verdict_changes_come_first(window: ComparisonWindow):
    window.show_comparison(
        comparison(
            image("little.png", marks=(0.5, 0.55)),
            image("same.png", marks=(0.5, 0.5), changed=False),
            image("much.png", marks=(0.5, 0.9)),
            image("verdict.png", marks=(0.5, 0.51), verdicts="NG OK"),
        )
    )
    assert list(window.gallery.cards) == ["verdict.png", "much.png", "little.png"]
    assert window.gallery.cards["verdict.png"].accessibleName() == "verdict.png, NG → OK"
    assert window.count.text() == "3 of 4 validation images change"


def test_a_click_or_the_keyboard_opens_an_image(qtbot, window: ComparisonWindow):
    window.show_comparison(comparison(image("a.png", marks=(0.1, 0.2)), image("b.png", marks=(0.1, 0.3))))
    with qtbot.waitSignal(window.image_chosen) as chosen:
        qtbot.mouseClick(window.gallery.cards["a.png"], Qt.MouseButton.LeftButton)
    assert chosen.args == ["a.png"]
    window.gallery.cards["b.png"].setFocus()
    with qtbot.waitSignal(window.image_chosen) as chosen:
        qtbot.keyClick(window.gallery.cards["b.png"], Qt.Key.Key_Space)
    assert chosen.args == ["b.png"]


def test_pictures_appear_in_their_card(window: ComparisonWindow):
    window.show_comparison(comparison(image("a.png", marks=(0.1, 0.2))))
    card = window.gallery.cards["a.png"]
    pictures = [QImage(90, 90, QImage.Format.Format_RGB888) for _ in range(2)]
    for picture, color in zip(pictures, ("#ff0000", "#00ff00"), strict=True):
        picture.fill(QColor(color))
    card.set_pictures(*pictures)
    shown = card.grab().toImage()
    assert shown.pixelColor(60, 60) == QColor("#ff0000")
    assert shown.pixelColor(card.width() - 60, 60) == QColor("#00ff00")


def test_too_few_images_to_prove_a_gain_is_said_plainly(window: ComparisonWindow):
    window.show_comparison(comparison(too_small="Too few to prove a gain."))
    assert window.warning.isVisible()
    window.show_comparison(comparison())
    assert not window.warning.isVisible()


def test_only_the_largest_changes_of_many_are_shown(window: ComparisonWindow):
    many = [image(f"{n:03}.png", marks=(0.0, n / 200)) for n in range(200)]
    window.show_comparison(comparison(*many))
    assert len(window.gallery.cards) == MOST_IMAGES
    assert next(iter(window.gallery.cards)) == "199.png"
    assert window.hint.text().startswith("The 60 that change most.")
