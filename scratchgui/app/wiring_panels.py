"""Queue, inspector, start page and top bar."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from scratchgui.core.project import ReviewStatus
from scratchgui.ui.docks.score_text import short_name

if TYPE_CHECKING:
    from pathlib import Path

    from scratchgui.app.workbench import Workbench
    from scratchgui.controllers.judging import Reading
    from scratchgui.core.model_card import ModelCard
    from scratchgui.ui.docks.defect_section import DefectSection

_ZOOM_MARGIN = 40
_MORE = "more_sensitivity"


def connect(bench: Workbench) -> None:
    """Connect the panels with the session and the controllers."""
    session, queue = bench.session, bench.queue
    queue.activated.connect(bench.viewing.choose)
    session.current_changed.connect(queue.set_current)
    session.current_changed.connect(partial(_clear, bench))
    bench.judging.read.connect(partial(_show_reading, bench))
    _connect_project(bench)
    _connect_sensitivity(bench)
    _connect_defects(bench)
    bench.inference.model_changed.connect(partial(_show_model, bench))
    bench.inspector.model.go_back_requested.connect(bench.models.go_back)
    bench.inference_service.engine_ready.connect(bench.inspector.model.set_engine)
    for name, section in bench.inspector.sections.items():
        section.collapsed_changed.connect(partial(_remember_section, bench, name))


def _connect_project(bench: Workbench) -> None:
    project, window = bench.project, bench.window
    project.opening.connect(lambda name: window.start_page.set_busy(f"Opening {name}…"))
    project.opened.connect(partial(_show_project, bench))
    project.failed.connect(lambda: window.start_page.set_busy(""))
    project.kept_away.connect(partial(_say_where, bench))
    project.states_loaded.connect(partial(_show_reviewed, bench))


def _connect_sensitivity(bench: Workbench) -> None:
    section, editor = bench.inspector.sensitivity, bench.editor
    section.cutting_changed.connect(partial(setattr, editor, "cutting"))
    editor.cutting_changed.connect(section.set_cutting)
    section.apply_to_all_requested.connect(bench.inference.apply_cutting_to_all)
    bench.judging.histogram_ready.connect(section.set_histogram)
    section.set_cutting(editor.cutting)
    section.show_more(not bench.store.value.collapsed.get(_MORE, True))
    section.more_toggled.connect(lambda shown: _remember_section(bench, _MORE, not shown))


def _connect_defects(bench: Workbench) -> None:
    section = bench.inspector.defects
    section.hovered.connect(lambda number: bench.canvas.highlight_region(number if number > 0 else None))
    section.chosen.connect(partial(_zoom_to_region, bench))
    section.delete_requested.connect(bench.correction.delete_regions)


def _say_where(bench: Workbench, folder: Path) -> None:
    bench.notices.info(
        f"This folder cannot be written. Corrections are kept in {folder}, the images stay as they are.",
        action_text="Choose another folder…",
        action=bench.actions.action("move_project").trigger,
    )


def _show_project(bench: Workbench) -> None:
    project = bench.session.project
    assert project is not None
    window = bench.window
    window.start_page.set_busy("")
    window.set_project_name(project.file.name)
    window.show_work()
    bench.inspector.sensitivity.set_applied(project.file.cutting)
    bench.viewing.choose_first()
    bench.canvas.setFocus()


def _show_reviewed(bench: Workbench) -> None:
    """Give reviewed images their verdicts, and begin with one that is not reviewed yet."""
    records = bench.session.images.records
    bench.verdicts.judge([record.rel for record in records if record.status is not ReviewStatus.NEW])
    seen = [record for record in records if record.seen]
    if len(seen) == 1 and seen[0].status is ReviewStatus.APPROVED:
        bench.viewing.next_to_review()
    bench.queue.set_current(bench.session.current)


def _clear(bench: Workbench, _: str) -> None:
    bench.inspector.verdict.show_judgement(None, 0)
    bench.inspector.defects.set_regions([])


def _show_reading(bench: Workbench, reading: Reading) -> None:
    inspector = bench.inspector
    counted = reading.judgement.defects if reading.judgement else 0
    inspector.verdict.show_judgement(reading.judgement, counted, _note(bench, reading))
    inspector.defects.set_regions(reading.regions)
    _say_why_empty(inspector.defects, reading)
    record = bench.session.record(reading.rel)
    if record is None or reading.judgement is None or _is_glance(bench, reading):
        return
    found = reading.judgement.verdict, counted
    if (record.verdict, record.defects) != found:
        record.verdict, record.defects = found
        bench.session.images.update(reading.rel)


def _is_glance(bench: Workbench, reading: Reading) -> bool:
    """Tell whether a reading is of what the model saw at first glance."""
    image = bench.session.image
    return not reading.own and image is not None and image.prediction is not None and image.prediction.is_glance


def _note(bench: Workbench, reading: Reading) -> str:
    """Say whose prediction is shown if it is not one of the model in use; nothing for a mask of the inspector's."""
    image = bench.session.image
    if image is None or image.rel != reading.rel or image.prediction is None or reading.own:
        return ""
    if image.prediction.is_glance:
        return "First glance – the model looks closer…"
    if not image.prediction.is_stale:
        return ""
    return f"Prediction of {short_name(bench.inference.freshness.maker(image.prediction))} – renewing…"


def _say_why_empty(section: DefectSection, reading: Reading) -> None:
    if reading.judgement is None:
        section.set_empty_text("Not predicted yet.")
    elif reading.own:
        section.set_empty_text("Nothing is marked.")
    else:
        section.set_empty_text()


def _zoom_to_region(bench: Workbench, number: int) -> None:
    reading = bench.judging.reading
    region = next((item for item in reading.regions if item.number == number), None) if reading else None
    if region is not None:
        bench.canvas.zoom_to(region.box.expanded(_ZOOM_MARGIN))
        bench.canvas.highlight_region(number)


def _show_model(bench: Workbench, card: ModelCard | None, previous: ModelCard | None) -> None:
    bench.window.top_bar.set_model_name(card.name if card else "")
    bench.inspector.model.set_model(card, previous)
    bench.inspector.training.set_model_name(card.name if card else "")
    bench.thumbnails.set_model(card.key if card else None, bench.inference.settings)
    if card is not None:
        bench.inspector.sensitivity.set_default(card.threshold)


def _remember_section(bench: Workbench, name: str, collapsed: bool) -> None:
    bench.store.update(collapsed={**bench.store.value.collapsed, name: collapsed})
