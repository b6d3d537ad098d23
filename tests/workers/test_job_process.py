from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scratchgui.core.protocol import Progress, Stage, encode
from scratchgui.workers.job_process import JobProcess
from scratchgui.workers.outcome import Outcome

unix = pytest.mark.skipif(sys.platform == "win32", reason="signals")


class FakeJob:
    """A job whose child is a few lines of Python."""

    def __init__(self, code: str, **options: object) -> None:
        self.events: list[object] = []
        self.process = JobProcess([sys.executable, "-u", "-c", code], what="The job", **options)
        self.process.reported.connect(self.events.append)

    def run(self, qtbot) -> Outcome:
        with qtbot.waitSignal(self.process.finished, timeout=20_000) as ended:
            self.process.start()
        return ended.args[0]


@pytest.fixture
def fake_job(qapp):
    jobs: list[FakeJob] = []

    def make(code: str, **options: object) -> FakeJob:
        jobs.append(FakeJob(code, **options))
        return jobs[-1]

    yield make
    for job in jobs:
        job.process.kill_and_wait()


def test_events_arrive_in_order_and_before_the_end(fake_job, qtbot):
    events = [Stage("export", "Größe wird exportiert"), Stage("compare", "…")]
    lines = [encode(event) for event in events]
    job = fake_job(f"print({lines[0]!r}); print('noise'); print({lines[1]!r}, end='')")
    outcome = job.run(qtbot)
    assert job.events == events
    assert outcome.is_success
    assert "noise" in outcome.stderr
    assert not job.process.is_running


def test_ten_thousand_events_are_not_lost(fake_job, qtbot):
    line = encode(Progress(1, 2, 3, 4, 0.5, 1e-4, 6.0))
    job = fake_job(f"for _ in range(10_000): print({line!r})")
    job.run(qtbot)
    assert len(job.events) == 10_000


def test_a_failure_keeps_the_end_of_stderr(fake_job, qtbot):
    outcome = fake_job("import sys\nfor i in range(1000): print(i, file=sys.stderr)\nsys.exit(3)").run(qtbot)
    assert outcome.exit_code == 3
    assert str(outcome) == "The job failed (exit status 3)."
    assert outcome.stderr.endswith("999")
    assert outcome.stderr.count("\n") == 199


def test_running_out_of_memory_is_said(fake_job, qtbot):
    assert "out of memory" in str(fake_job("raise MemoryError").run(qtbot))


def test_a_program_that_is_not_there(qapp, qtbot):
    process = JobProcess(["/no/such/program"], what="The job")
    with qtbot.waitSignal(process.finished) as ended:
        process.start()
    assert str(ended.args[0]).startswith("The job could not be started")
    assert not ended.args[0].is_success


@unix
@pytest.mark.parametrize(
    ("number", "words"),
    [(signal.SIGKILL, "memory"), (signal.SIGSEGV, "crashed (SIGSEGV)"), (signal.SIGTERM, "from outside (SIGTERM)")],
)
def test_a_signal_from_outside_is_explained(fake_job, qtbot, number, words):
    outcome = fake_job(f"import os; os.kill(os.getpid(), {int(number)})").run(qtbot)
    assert outcome.signal == number
    assert outcome.exit_code is None
    assert words in str(outcome)


WAIT_FOR_STOP = """
import os, sys, time
print('{"event": "stage", "name": "ready", "text": ""}')
while not os.path.exists(sys.argv[1] if len(sys.argv) > 1 else STOP): time.sleep(0.01)
print('{"event": "stage", "name": "stopped", "text": ""}')
"""


def test_stop_is_asked_for_by_a_file(fake_job, qtbot, tmp_path):
    stop = tmp_path / "STOP"
    job = fake_job(f"STOP = {str(stop)!r}\n{WAIT_FOR_STOP}", stop_file=stop)
    with qtbot.waitSignal(job.process.reported):
        job.process.start()
    with qtbot.waitSignal(job.process.finished, timeout=20_000) as ended:
        job.process.stop()
    assert ended.args[0].is_success
    assert [event.name for event in job.events] == ["ready", "stopped"]


DEAF = 'import time\nprint(\'{"event": "stage", "name": "ready", "text": ""}\')\ntime.sleep(600)'


def test_a_child_that_does_not_listen_is_killed(fake_job, qtbot, tmp_path):
    job = fake_job(DEAF, stop_file=tmp_path / "STOP", silence_ms=50)
    with qtbot.waitSignal(job.process.reported):
        job.process.start()
    with qtbot.waitSignal(job.process.finished) as ended:
        job.process.stop()
    assert ended.args[0].killed
    assert str(ended.args[0]) == "The job was ended by ScratchGUI."


def test_the_child_is_gone_when_the_window_closes(fake_job, qtbot):
    job = fake_job(DEAF)
    with qtbot.waitSignal(job.process.reported):
        job.process.start()
    with qtbot.waitSignal(job.process.finished) as ended:
        job.process.kill_and_wait()
    assert not job.process.is_running
    assert ended.args[0].killed


def test_the_child_is_offline_and_finds_the_packages(fake_job, qtbot, tmp_path):
    out = tmp_path / "seen.txt"
    code = (
        "import os, scratchgui.core, training\n"
        "names = 'PYTHONUNBUFFERED', 'NO_ALBUMENTATIONS_UPDATE', 'HF_HUB_OFFLINE'\n"
        f"open({str(out)!r}, 'w').write(' '.join(os.environ[name] for name in names))"
    )
    outcome = fake_job(code).run(qtbot)
    assert outcome.stderr == ""
    assert Path(out).read_text() == "1 1 1"


@unix
def test_the_child_gives_way_to_the_window(fake_job, qtbot):
    job = fake_job(DEAF)
    with qtbot.waitSignal(job.process.reported):
        job.process.start()
    pid = job.process._process.processId()
    assert os.getpriority(os.PRIO_PROCESS, pid) >= 10


QUITTING_PARENT = """
import sys
from PySide6.QtCore import QCoreApplication
from scratchgui.workers.job_process import JobProcess
app = QCoreApplication([])
job = JobProcess([sys.executable, "-c", "import time; time.sleep(600)"], what="The job")
def quit():
    print(job._process.processId(), flush=True)
    app.quit()
job.started.connect(quit)
job.start()
app.exec()
"""


@unix
def test_the_child_does_not_outlive_the_program():
    root = Path(__file__).parent.parent.parent
    parent = subprocess.run(
        [sys.executable, "-c", QUITTING_PARENT], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert parent.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(parent.stdout), 0)


UNTIL_STDIN_ENDS = """
import sys
print('{"event": "stage", "name": "ready", "text": ""}')
sys.stdin.read()
"""


def test_stdin_stays_open_while_the_program_lives(fake_job, qtbot):
    job = fake_job(UNTIL_STDIN_ENDS)
    with qtbot.waitSignal(job.process.reported):
        job.process.start()
    with qtbot.assertNotEmitted(job.process.finished, wait=100):
        pass
    job.process._process.closeWriteChannel()
    with qtbot.waitSignal(job.process.finished) as ended:
        pass
    assert ended.args[0].is_success
