from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scratchgui.core.errors import TrainingError
from scratchgui.core.model_card import BUNDLE_FILES, ModelCard, save_card
from scratchgui.core.protocol import Failed, Finished, Note, Paused, Progress, Started, Validated
from scratchgui.core.run_folder import EventLog
from scratchgui.core.run_process import running
from scratchgui.workers.training_service import TrainingService


def make_bundle(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in BUNDLE_FILES:
        (folder / name).write_bytes(name.encode())
    save_card(folder, ModelCard(id="m2", name="U-Net B0 · v2", created=datetime.now(UTC)))
    return folder


# Stands for `python -m training`, with the same claim on the folder.
CHILD = """
import os, sys, time
from pathlib import Path
from scratchgui.core.protocol import *
from scratchgui.core.run_folder import EventLog
from scratchgui.core.run_process import ProcessId, claimed
run = Path(sys.argv[sys.argv.index("--run") + 1])
say = EventLog(run).tell
"""


class Heard:
    """What a service said, in order."""

    def __init__(self, service: TrainingService) -> None:
        self.names: list[str] = []
        for name in ("started", "progress", "validated", "stage", "noted", "paused", "finished", "failed"):
            getattr(service, name).connect(lambda *_, name=name: self.names.append(name))


@pytest.fixture
def make_service(runner, tmp_path):
    services: list[TrainingService] = []

    def make(code: str, **options: object) -> TrainingService:
        script = tmp_path / "child.py"
        script.write_text(CHILD + code, encoding="utf-8")
        (tmp_path / "run").mkdir(exist_ok=True)
        services.append(TrainingService(runner, command=[sys.executable, str(script)], **options))
        return services[-1]

    yield make
    for service in services:
        service.close()


def say(*events: object) -> str:
    return "\n".join(f"say({event!r})" for event in events) + "\n"


EVENTS = (
    Started(10, 2, 8, 2, "cpu", 8),
    Progress(1, 10, 1, 2, 0.7, 1e-4, 12.0, 5.0),
    Note("Batches of 4 instead of 8."),
    Paused(True),
    Validated(1, 0.6, None, True),
)


def test_a_training_is_followed_to_its_checked_bundle(make_service, tmp_path, qtbot):
    bundle = make_bundle(tmp_path / "run" / "bundle")
    service = make_service(say(*EVENTS, Finished(str(bundle), True, "Better on 2 of 2 images.")))
    heard = Heard(service)
    with qtbot.waitSignal(service.finished, timeout=20_000) as done:
        service.start(tmp_path / "run")
        assert service.is_running
    assert done.args[0].bundle == str(bundle)
    assert heard.names == ["started", "progress", "noted", "paused", "validated", "finished"]
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
        service.start(tmp_path / "run")
    assert failed.args == ["There is only one image.", "Traceback …"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_training_that_is_killed_is_explained_and_another_can_start(make_service, tmp_path, qtbot):
    service = make_service(say(EVENTS[0]) + "import os; os.kill(os.getpid(), 9)")
    for _ in range(2):
        with qtbot.waitSignal(service.failed, timeout=20_000) as failed:
            service.start(tmp_path / "run")
        assert "memory" in failed.args[0]
        assert "stays" in failed.args[0]


def test_an_unexplained_failure_brings_its_stderr(make_service, tmp_path, qtbot):
    service = make_service("import no_such_module")
    with qtbot.waitSignal(service.failed, timeout=20_000) as failed:
        service.start(tmp_path / "run")
    assert "exit status 1" in failed.args[0]
    assert "no_such_module" in failed.args[1]


UNTIL_STOP = """
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
        service.start(tmp_path / "run")
    with pytest.raises(TrainingError, match="running already"):
        service.start(tmp_path / "run")
    heard = Heard(service)
    service.close()
    assert not service.is_running
    assert heard.names == []


WORKING = """
with claimed(run, ProcessId.of(os.getppid())):
    say(Started(10, 2, 8, 2, "cpu", 8))
"""


def test_a_training_that_does_not_listen_is_ended(make_service, tmp_path, qtbot):
    service = make_service(WORKING + "    time.sleep(600)\n", silence_ms=50)
    with qtbot.waitSignal(service.started, timeout=20_000):
        service.start(tmp_path / "run")
    with qtbot.waitSignal(service.failed, timeout=20_000) as failed:
        service.stop()
    assert failed.args[0].startswith("The training was ended by ScratchGUI.")


def test_a_training_that_computes_in_silence_is_left_alone(make_service, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr("scratchgui.workers.training_service._IDLE_SECONDS", 0.02)
    bundle = make_bundle(tmp_path / "run" / "bundle")
    busy = (
        "    while not (run / 'STOP').exists(): pass\n"
        "    until = time.process_time() + 1.5\n"
        "    while time.process_time() < until: pass\n"
        f"    say(Finished({str(bundle)!r}, True, ''))\n"
    )
    service = make_service(WORKING + busy, silence_ms=500)
    with qtbot.waitSignal(service.started, timeout=20_000):
        service.start(tmp_path / "run")
    with qtbot.waitSignal(service.finished, timeout=20_000):
        service.stop()


def test_another_service_takes_over_what_was_left_running(make_service, tmp_path, qtbot):
    """As when a window is closed and opened again."""
    bundle = make_bundle(tmp_path / "run" / "bundle")
    code = WORKING + "    say(Validated(1, 0.6, None, True))\n" + UNTIL_STOP.replace("\n", "\n    ")
    first = make_service(f"{code}\n    say(Finished({str(bundle)!r}, True, ''))\n")
    with qtbot.waitSignal(first.validated, timeout=20_000):
        first.start(tmp_path / "run")
    first.close(keep=True)
    second = make_service("")
    heard = Heard(second)
    with qtbot.waitSignal(second.validated, timeout=20_000):
        second.attach(tmp_path / "run")
    assert second.is_running
    with qtbot.waitSignal(second.finished, timeout=20_000):
        second.stop()
    assert heard.names == ["started", "validated", "finished"]


def test_a_training_that_has_ended_meanwhile_tells_its_end(make_service, tmp_path, qtbot):
    bundle = make_bundle(tmp_path / "run" / "bundle")
    log = EventLog(tmp_path / "run")
    for event in (*EVENTS, *(Progress(step, 9000, 1, 1, 0.7, 1e-4, 12.0) for step in range(900))):
        log.tell(event)
    log.tell(Finished(str(bundle), True, "Better."))
    service = make_service("")
    heard, steps = Heard(service), []
    service.progress.connect(lambda event: steps.append(event.step))
    with qtbot.waitSignal(service.finished, timeout=20_000):
        service.attach(tmp_path / "run")
    assert heard.names[:6] == ["started", "noted", "paused", "validated", "progress", "progress"]
    assert heard.names[-1] == "finished"
    assert 30 < len(steps) < 50 and steps == sorted(steps) and steps[-1] == 899, "enough for a curve, and its end"


def test_closing_leaves_a_training_alone_that_another_program_looks_after(make_service, tmp_path, qtbot):
    first = make_service(WORKING + "    time.sleep(600)\n")
    with qtbot.waitSignal(first.started, timeout=20_000):
        first.start(tmp_path / "run")
    second = make_service("")
    with qtbot.waitSignal(second.started, timeout=20_000):
        second.attach(tmp_path / "run")
    second.close()
    assert running(tmp_path / "run")
    first.close()
    assert not running(tmp_path / "run")
