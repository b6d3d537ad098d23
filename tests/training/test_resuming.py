"""A training that is cut off goes on: as if nothing had been, or anew where its state is no good."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import nn
from training_runs import Asked, Run

from scratchgui.core.manifest import Manifest
from scratchgui.core.protocol import Note, Paused, Progress, Validated
from training.checkpoint import CheckpointFolder

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "checkpoint"


def weights(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def cut_off(manifest: Manifest, folder: Path, after: int, **settings: object) -> None:
    """Leave the state on disk that a training leaves which is killed after some steps."""
    run = Run(manifest, folder, **settings)
    pausing = Asked(lambda asked: asked > after + 1, lambda asked: asked == after + 1)

    class Killed(BaseException):
        pass

    def die(event: object) -> None:
        if isinstance(event, Paused):
            raise Killed

    trainer = run.trainer(tell=die)
    with pytest.raises(Killed):
        trainer.fit(pausing)


@pytest.mark.parametrize("after", [5, 16, 21])
def test_a_resumed_training_equals_one_that_was_never_cut_off(manifest: Manifest, folder: Path, after: int) -> None:
    settings = {"epochs": 2, "freeze_encoder": 0.3}
    whole = Run(manifest, folder.with_name("other"), **settings).fit()
    cut_off(manifest, folder, after, **settings)
    rest = Run(manifest, folder, **settings)
    result = rest.fit()
    assert rest.resumed == after
    first = next(event for event in rest.events if isinstance(event, Progress))
    assert first.step == after + 1
    expected, got = weights(whole.model), weights(result.model)
    assert all(torch.equal(expected[name], got[name]) for name in expected)
    assert result.steps == whole.steps == 32
    assert [entry["dice"] for entry in result.history] == [entry["dice"] for entry in whole.history]
    assert result.examination == whole.examination


def test_a_training_that_was_cut_off_at_its_end_is_not_trained_again(manifest: Manifest, folder: Path) -> None:
    first = Run(manifest, folder, epochs=1).fit()
    again = Run(manifest, folder, epochs=1)
    second = again.fit()
    assert again.resumed == second.steps == 16
    assert not any(isinstance(event, Progress | Validated) for event in again.events)
    assert second.examination == first.examination and second.history == first.history
    assert all(torch.equal(value, second.model.state_dict()[name]) for name, value in first.model.state_dict().items())


def cut_short(folder: Path) -> None:
    tensors = next(folder.glob("*.safetensors"))
    tensors.write_bytes(tensors.read_bytes()[:-1000])


def flip_a_byte(folder: Path) -> None:
    tensors = next(folder.glob("*.safetensors"))
    content = bytearray(tensors.read_bytes())
    content[-1000] ^= 0x40
    tensors.write_bytes(content)


def lose_the_tensors(folder: Path) -> None:
    next(folder.glob("*.safetensors")).unlink()


def scribble(folder: Path) -> None:
    (folder / "state.json").write_text('{"schema_version": 1, "fing')


def forget_a_key(folder: Path) -> None:
    card = json.loads((folder / "state.json").read_text())
    del card["state"]["learner"]["averaged_steps"]
    (folder / "state.json").write_text(json.dumps(card))


@pytest.mark.parametrize("damage", [cut_short, flip_a_byte, lose_the_tensors, scribble, forget_a_key])
def test_a_damaged_state_is_told_and_the_training_begins_anew(
    manifest: Manifest, folder: Path, damage: Callable[[Path], None]
) -> None:
    cut_off(manifest, folder, 3, epochs=1)
    damage(folder)
    run = Run(manifest, folder, epochs=1)
    result = run.fit()
    notes = [event.text for event in run.events if isinstance(event, Note)]
    assert len(notes) == 1 and "damaged" in notes[0] and "begins anew" in notes[0]
    assert run.resumed == 0 and result.steps == 16
    clean = Run(manifest, folder.with_name("other"), epochs=1).fit()
    assert all(torch.equal(value, result.model.state_dict()[name]) for name, value in weights(clean.model).items())


def test_a_state_of_other_settings_is_not_gone_on_from_and_that_is_told(manifest: Manifest, folder: Path) -> None:
    cut_off(manifest, folder, 3, epochs=1)
    run = Run(manifest, folder, told="other settings", epochs=1)
    assert run.fit().steps == 16 and run.resumed == 0
    notes = [event.text for event in run.events if isinstance(event, Note)]
    assert len(notes) == 1 and "with other settings" in notes[0] and "begins anew" in notes[0]


def test_a_new_state_replaces_the_one_before_only_when_it_is_whole(
    manifest: Manifest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(manifest, folder, 3, epochs=1)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("training.checkpoint.atomic_write_json", no_room)
    run = Run(manifest, folder, epochs=1, checkpoint_seconds=0.01)
    result = run.fit()
    assert result.steps == 16, "a full disk does not end the training"
    notes = [event.text for event in run.events if isinstance(event, Note)]
    assert len(notes) == 1 and "No space left on device" in notes[0]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_pause_saves_waits_and_does_not_count(manifest: Manifest, folder: Path) -> None:
    run = Run(manifest, folder, epochs=1)
    seen: list[bool] = []

    def paused(asked: int) -> bool:
        seen.append((folder / "state.json").exists())
        return 4 <= asked <= 8

    trainer = run.trainer()
    result = trainer.fit(Asked(lambda _: False, paused))
    assert result is not None and result.steps == 16
    assert [event.paused for event in run.events if isinstance(event, Paused)] == [True, False]
    assert seen[:5] == [False] * 4 + [True]
    unpaused = Run(manifest, folder.with_name("other"), epochs=1).fit()
    assert all(torch.equal(value, result.model.state_dict()[name]) for name, value in weights(unpaused.model).items())


def test_stopping_ends_a_pause(manifest: Manifest, folder: Path) -> None:
    run = Run(manifest, folder, epochs=1)
    result = run.trainer().fit(Asked(lambda asked: asked > 2, lambda _: True))
    assert result is not None and result.stopped and result.steps <= 2


@pytest.mark.parametrize(("takes", "pause"), [(0.5, 60.0), (10.0, 200.0)])
def test_writing_takes_a_twentieth_of_the_time_at_most(
    folder: Path, monkeypatch: pytest.MonkeyPatch, takes: float, pause: float
) -> None:
    now = [1000.0]

    def slow_disk(*_: object) -> None:
        now[0] += takes

    monkeypatch.setattr("training.checkpoint.time", SimpleNamespace(monotonic=lambda: now[0], time_ns=time.time_ns))
    monkeypatch.setattr("training.checkpoint.atomic_write_json", slow_disk)
    kept = CheckpointFolder(folder, "these settings", 60.0)
    assert not kept.is_due
    now[0] += 60
    assert kept.is_due
    kept.save({"model.a": torch.zeros(2)}, {})
    now[0] += pause - 1
    assert not kept.is_due
    now[0] += 1
    assert kept.is_due


def test_tensors_that_share_memory_are_kept(folder: Path) -> None:
    both = torch.arange(6.0).reshape(2, 3)
    kept = CheckpointFolder(folder, "these settings", 60.0)
    kept.save({"a": both, "b": both, "c": both.T}, {})
    found = CheckpointFolder(folder, "these settings", 60.0).load()
    assert found is not None
    assert torch.equal(found.tensors["a"], both) and torch.equal(found.tensors["c"], both.T)
