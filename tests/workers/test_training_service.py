from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scratchgui.core.errors import TrainingError
from scratchgui.core.model_card import BUNDLE_FILES, ModelCard, save_card
from scratchgui.core.protocol import Failed, Finished, Progress, Started, Validated, encode
from scratchgui.workers.training_service import TrainingService


def make_bundle(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in BUNDLE_FILES:
        (folder / name).write_bytes(name.encode())
    save_card(folder, ModelCard(id="m2", name="U-Net B0 · v2", created=datetime.now(UTC)))
    return folder


class Heard:
    """What a service said, in order."""

    def __init__(self, service: TrainingService) -> None:
        self.names: list[str] = []
        for name in ("started", "progress", "validated", "stage", "finished", "failed"):
            getattr(service, name).connect(lambda *_, name=name: self.names.append(name))


@pytest.fixture
def make_service(runner, tmp_path):
    services: list[TrainingService] = []

    def make(code: str) -> TrainingService:
        # The script stands for `python -m training`; it gets `--run FOLDER` as that does.
        script = tmp_path / "child.py"
        script.write_text(code, encoding="utf-8")
        services.append(TrainingService(runner, command=[sys.executable, "-u", str(script)]))
        return services[-1]

    yield make
    for service in services:
        service.close()


def say(*events: object) -> str:
    return "\n".join(f"print({encode(event)!r})" for event in events) + "\n"


EVENTS = (
    Started(10, 2, 8, 2, "cpu", 8),
    Progress(1, 10, 1, 2, 0.7, 1e-4, 12.0, 5.0),
    Validated(1, 0.5, 0.6, None, True),
)


def test_a_training_is_followed_to_its_checked_bundle(make_service, tmp_path, qtbot):
    bundle = make_bundle(tmp_path / "run" / "bundle")
    service = make_service(say(*EVENTS, Finished(str(bundle), True, "Better on 2 of 2 images.")))
    heard = Heard(service)
    with qtbot.waitSignal(service.finished, timeout=20_000) as done:
        service.start(tmp_path / "run")
        assert service.is_running
    assert done.args[0].bundle == str(bundle)
    assert heard.names == ["started", "progress", "validated", "finished"]
    assert not service.is_running


def test_a_damaged_bundle_is_never_handed_out(make_service, tmp_path, qtbot):
    bundle = make_bundle(tmp_path / "run" / "bundle")
    (bundle / BUNDLE_FILES[0]).write_bytes(b"half")
    service = make_service(say(Finished(str(bundle), True, "Better.")))
    heard = Heard(service)
    with qtbot.waitSignal(service.failed, timeout=20_000) as failed:
        service.start(tmp_path / "run")
    assert "damaged" in failed.args[0]
    assert heard.names == ["failed"]
    assert not service.is_running


def test_a_failure_the_training_explains(make_service, tmp_path, qtbot):
    service = make_service(say(Failed("There is only one image.", "Traceback …")) + "raise SystemExit(1)")
    with qtbot.waitSignal(service.failed, timeout=20_000) as failed:
        service.start(tmp_path)
    assert failed.args == ["There is only one image.", "Traceback …"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_training_that_is_killed_is_explained_and_another_can_start(make_service, tmp_path, qtbot):
    service = make_service(say(EVENTS[0]) + "import os; os.kill(os.getpid(), 9)")
    for _ in range(2):
        with qtbot.waitSignal(service.failed, timeout=20_000) as failed:
            service.start(tmp_path)
        assert "memory" in failed.args[0]
        assert "stays" in failed.args[0]


def test_an_unexplained_failure_brings_its_stderr(make_service, tmp_path, qtbot):
    service = make_service("import no_such_module")
    with qtbot.waitSignal(service.failed, timeout=20_000) as failed:
        service.start(tmp_path)
    assert "exit status 1" in failed.args[0]
    assert "no_such_module" in failed.args[1]


UNTIL_STOP = """
import pathlib, sys, time
run = pathlib.Path(sys.argv[sys.argv.index("--run") + 1])
while not (run / "STOP").exists(): time.sleep(0.01)
"""


def test_stop_keeps_the_best(make_service, tmp_path, qtbot):
    bundle = make_bundle(tmp_path / "run" / "bundle")
    service = make_service(say(EVENTS[0]) + UNTIL_STOP + say(Finished(str(bundle), True, "", stopped=True)))
    with qtbot.waitSignal(service.started, timeout=20_000):
        service.start(tmp_path / "run")
    with qtbot.waitSignal(service.finished, timeout=20_000) as done:
        service.stop()
    assert done.args[0].stopped


def test_two_at_once_are_refused_and_closing_ends_the_first(make_service, tmp_path, qtbot):
    service = make_service(say(EVENTS[0]) + UNTIL_STOP)
    with qtbot.waitSignal(service.started, timeout=20_000):
        service.start(tmp_path)
    with pytest.raises(TrainingError, match="running already"):
        service.start(tmp_path)
    heard = Heard(service)
    service.close()
    assert not service.is_running
    assert heard.names == []
