from __future__ import annotations

from collections.abc import Iterator

import pytest
from tiny_model import make_bundle, scratched, write_png

from scratchgui.core.model_card import Bundle
from scratchgui.core.project import Project
from scratchgui.workers.inference_service import InferenceService
from scratchgui.workers.task import TaskRunner


@pytest.fixture
def reported() -> list[BaseException]:
    """Exceptions that no caller took."""
    return []


@pytest.fixture
def runner(qapp, reported):
    """Pools that are empty and silent when the test ends."""
    runner = TaskRunner(reported.append)
    yield runner
    assert runner.close()


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A real OpenVINO model that marks dark pixels; read-only."""
    return make_bundle(tmp_path_factory.mktemp("bundle") / "tiny")


@pytest.fixture
def project(tmp_path) -> Project:
    """Five small images: a, b and c with a scratch, clean without, broken damaged."""
    images = tmp_path / "images"
    for name in ("a", "b", "c"):
        write_png(images / f"{name}.png", scratched(96, 128, (10, 10, 100, 40)))
    write_png(images / "clean.png", scratched(96, 128))
    (images / "broken.png").write_bytes(b"no image")
    return Project.for_folder(images)


@pytest.fixture
def service(qapp, reported, project, tiny_bundle) -> Iterator[InferenceService]:
    """Predicts the small images by the tiny model; reports no bug."""
    service = InferenceService(reported.append)
    service.set_project(project)
    service.set_model(tiny_bundle.folder)
    yield service
    assert service.close()
    assert reported == []
