"""What is wrong with a model or an image is one sentence in the window too, and the next image is predicted."""

from __future__ import annotations

import numpy as np
import odd_files
import pytest
import tifffile
from odd_models import MODELS
from tiny_model import scratched, write_png


@pytest.mark.parametrize("what", MODELS)
def test_a_model_that_does_not_fit_is_one_sentence_and_another_one_goes_on(service, qtbot, tmp_path, tiny_bundle, what):
    make, device, sentence = MODELS[what]
    folder = tmp_path / "model"
    make(folder)
    service.set_model(folder, device=device)
    with qtbot.waitSignal(service.engine_failed, timeout=30_000) as failed:
        service.request("a.png")
    assert sentence in failed.args[0] and str(folder) in failed.args[0]
    assert "\n" not in failed.args[0]
    assert not (folder / "sprung").exists(), "it was unpickled"
    service.set_model(tiny_bundle.folder)
    with qtbot.waitSignal(service.predicted, timeout=20_000):
        service.request("a.png")


def test_images_that_cannot_be_predicted_are_listed_and_the_others_are_judged(service, qtbot, project):
    folder = project.image_path("a.png").parent
    tifffile.imwrite(folder / "nan.tif", np.full((50, 60), np.nan, np.float32))
    (folder / "cut.png").write_bytes((folder / "a.png").read_bytes()[:100])
    (folder / "empty.jpg").write_bytes(b"")
    odd_files.write_thin(folder, "one pixel.png")
    write_png(folder / "z.png", scratched(60, 80))
    failed: dict[str, str] = {}
    judged: set[str] = set()
    service.failed.connect(failed.__setitem__)
    service.judged.connect(lambda rows: judged.update(row.rel for row in rows))
    with qtbot.waitSignal(service.idle, timeout=20_000):
        service.enqueue_all(["nan.tif", "cut.png", "empty.jpg", "one pixel.png", "z.png"])
    for name, words in {"nan.tif": "holds no numbers", "cut.png": "damaged", "empty.jpg": "empty"}.items():
        assert words in failed[name] and name in failed[name]
        assert "\n" not in failed[name]
    assert judged == {"one pixel.png", "z.png"}
    assert len(failed) == 3
