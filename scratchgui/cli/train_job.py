"""`scratchgui train`: the run folder, the training, and what came of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scratchgui import paths
from scratchgui.cli.console import say
from scratchgui.cli.sources import model_folder, open_project
from scratchgui.cli.training_process import Interrupted, TrainingProcess, how_to_go_on
from scratchgui.cli.training_view import TrainingView, scores_text
from scratchgui.core.errors import TrainingError
from scratchgui.core.files import read_json
from scratchgui.core.manifest import CONFIG_FILE, manifest_from_folder, manifest_from_project, new_run_folder, write_run
from scratchgui.core.model_card import CARD_FILE, load_bundle
from scratchgui.core.run_folder import RunFolder
from scratchgui.core.run_process import AlreadyRunningError, running_among
from scratchgui.inference.engine import STRIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchgui.core.manifest import Manifest
    from scratchgui.core.model_card import Bundle
    from scratchgui.core.project import Project
    from scratchgui.core.protocol import Finished

_INTERRUPTED = 130
_OUT = Path("scratchgui-model")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the images come from, and where the model goes.

    Attributes:
        data: Folder with images and masks.
        project: Project, instead of `data`.
        out: Folder of the new bundle; None for the usual one.
        learn_from_unapproved: As in `manifest_from_project`.
    """

    data: Path | None
    project: Path | None
    out: Path | None
    learn_from_unapproved: bool = True


def train_there(place: Place, settings: Mapping[str, object], start: Mapping[str, object], model: Path | None) -> int:
    """Train, and return the exit status.

    Args:
        place: Images and result.
        settings: Options of the training that need no thought (see `training/config.py`).
        start: `decoder`, `encoder` and `encoder_weights`; None where the user said nothing.
        model: Bundle to start from; None where the user said nothing.

    Raises:
        TrainingError: The training cannot start, or ended without a model.
    """
    anew = {name: value for name, value in start.items() if value is not None}
    if model is not None and anew:
        raise TrainingError(
            "A training starts from a model or anew", hint="Give --model, or --encoder and --decoder, not both."
        )
    if int(str(settings["crop"])) % STRIDE:
        raise TrainingError(f"The crop of {settings['crop']} px is no multiple of {STRIDE}")
    images = _images(place)
    parent = None if anew else str(_absolute(model or images.model))
    if parent is not None:
        load_bundle(Path(parent))
    chosen = {**settings, **_absolute_weights(anew), "parent": parent, "champion": parent, "data": images.words}
    if images.out is not None:
        chosen["out"] = str(images.out)
    if images.project and running_among(images.project.runs_folder):
        raise AlreadyRunningError("A training of this project is running already: wait for its result, or stop it.")
    run = new_run_folder(images.project) if images.project else _run_beside(images.out or _absolute(_OUT))
    write_run(run, images.manifest, chosen)
    return _run(run)


def go_on_there(run: Path) -> int:
    """Go on with a training that was cut off, and return the exit status.

    Args:
        run: Its folder.

    Raises:
        TrainingError: There is nothing to go on from, it runs already, or it ended without a model.
    """
    run = _absolute(run)
    if not RunFolder(run).has_checkpoint:
        raise TrainingError("No training was cut off here", path=run, hint="Start it again.")
    if out := _out_of(run):
        _free_folder(out)  # it may have been filled since
    return _run(run)


def _run(run: Path) -> int:
    try:
        with TrainingView() as view:
            result = TrainingProcess(run).follow(view.show, view.show_stop)
    except Interrupted:
        say(how_to_go_on(run))
        return _INTERRUPTED
    _tell(result, load_bundle(RunFolder(run).bundle_of(result)))
    out = _out_of(run)
    if out and run.parent.name.startswith(_beside(out)):
        shutil.rmtree(run, ignore_errors=True)
        with suppress(OSError):  # other trainings are in it
            run.parent.rmdir()
    return 0


def _out_of(run: Path) -> Path | None:
    """Return the folder that the bundle of a prepared training goes to; None where that is the training's own."""
    out = read_json(run / CONFIG_FILE).get("out")
    return Path(out) if out else None


@dataclass(frozen=True, slots=True)
class _Images:
    """What to learn from, the model in use there, the new bundle's folder (None: in the run's), and it all in words."""

    manifest: Manifest
    model: Path
    out: Path | None
    words: str
    project: Project | None = None


def _images(place: Place) -> _Images:
    if (place.data is None) == (place.project is None):
        raise TrainingError("A training needs images", hint="Give either --data or --project.")
    if place.data is not None:
        if not place.learn_from_unapproved:
            raise TrainingError("What is approved is known of projects alone", hint="Leave --only-approved out.")
        out = _free_folder(place.out or _OUT)
        words = f"Images and masks of the folder {_absolute(place.data).name}."
        return _Images(manifest_from_folder(place.data), paths.starter_bundle(), out, words)
    assert place.project is not None
    project = open_project(place.project)
    chosen = _free_folder(place.out) if place.out else None
    words = f"Images reviewed in the project {project.file.name}."
    manifest = manifest_from_project(project, learn_from_unapproved=place.learn_from_unapproved)
    return _Images(manifest, model_folder(project, paths.starter_bundle()), chosen, words, project)


def _free_folder(out: Path) -> Path:
    """Return the bundle's folder, absolute; it is replaced as a whole, so it must hold nothing but a bundle."""
    out = _absolute(out)
    if out.exists() and not (out / CARD_FILE).is_file() and not (out.is_dir() and not any(out.iterdir())):
        raise TrainingError("There is something else than a model already", path=out, hint="Choose another --out.")
    return out


def _run_beside(out: Path) -> Path:
    """Make the run's folder in one of its own beside the bundle's; both go when the bundle is there."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        run = Path(tempfile.mkdtemp(prefix=_beside(out), dir=out.parent)) / "1"
        run.mkdir()
        return run
    except OSError as error:
        raise TrainingError(f"The training's folder cannot be made ({error.strerror})", path=out.parent) from error


def _beside(out: Path) -> str:
    return f"{out.name}-run-"


def _absolute_weights(anew: Mapping[str, object]) -> dict[str, object]:
    weights = anew.get("encoder_weights")
    if weights is None or weights == "imagenet":
        return dict(anew)
    path = _absolute(Path(str(weights)))
    if not path.is_file():
        raise TrainingError("The encoder's weights are not there", path=path, hint="Give imagenet or another file.")
    return {**anew, "encoder_weights": str(path)}


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _tell(result: Finished, bundle: Bundle) -> None:
    if result.old:
        say(result.reason)
        say(f"before  {scores_text(result.old)}")
    say(f"scores  {scores_text(result.new)}")
    say(f"model   {bundle.card.name} ({bundle.card.id}) in {bundle.folder}")
