"""`scratchgui infer --watch` as a process of its own, with files that arrive as cameras and copies make them."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from children import eventually
from tiny_model import scratched, write_png

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals there")


class Watching:
    """A process that watches a folder."""

    def __init__(self, child, folder: Path, out: Path) -> None:
        self.child, self.folder, self.out = child, folder, out

    def records(self) -> list[dict[str, Any]]:
        path = self.out / "results.jsonl"
        if not path.exists():
            return []
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def wait_for(self, *names: str) -> None:
        eventually(lambda: [record["image"] for record in self.records()] == list(names), f"no record of {names}")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.child.send_signal(number)
        said, trouble = self.child.communicate(timeout=60)
        return self.child.returncode, said, trouble


@pytest.fixture
def watch(start, tiny_bundle, tmp_path):
    folder, out = tmp_path / "incoming", tmp_path / "out"
    folder.mkdir()

    def watch(*more: object) -> Watching:
        words = ["infer", "--source", folder, "--model", tiny_bundle.folder, "--out", out, "--watch", *more]
        return Watching(start(*words), folder, out)

    return watch


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_images_are_judged_as_they_arrive_until_it_is_ended(watch, number):
    watching = watch()
    write_png(watching.folder / "1.png", scratched(60, 80, (10, 30, 60, 30)))
    watching.wait_for("1.png")
    write_png(watching.folder / "shift 2" / "2.png", scratched(60, 80))
    watching.wait_for("1.png", "shift 2/2.png")
    status, said, trouble = watching.end(number)
    assert status == 0, trouble
    assert said.startswith("2 images: 1 OK, 0 REVIEW, 1 NG; ")
    assert trouble.startswith("Watching ") and len(trouble.splitlines()) == 1
    assert json.loads((watching.out / "summary.json").read_text())["images"] == 2
    assert (watching.out / "masks" / "shift 2" / "2.png").is_file()


def test_tables_are_renewed_while_it_waits(watch):
    watching = watch()
    write_png(watching.folder / "1.png", scratched(60, 80))
    table = watching.out / "images.csv"
    eventually(lambda: table.exists() and "1.png" in table.read_text(encoding="utf-8-sig"), "no table")
    assert watching.child.poll() is None


def test_a_file_that_is_being_written_is_waited_for(watch, tmp_path):
    whole = write_png(tmp_path / "whole.bmp", scratched(200, 300, (10, 30, 260, 30))).read_bytes()
    watching = watch("--settle", "60")
    for part in range(1, 5):
        (watching.folder / "slow.bmp").write_bytes(whole[: part * len(whole) // 5])
        write_png(watching.folder / f"{part}.png", scratched(30, 30))
        watching.wait_for(*(f"{number}.png" for number in range(1, part + 1)))
    (watching.folder / "slow.bmp").write_bytes(whole)
    watching.wait_for("1.png", "2.png", "3.png", "4.png", "slow.bmp")
    status, said, trouble = watching.end()
    assert status == 0, trouble
    assert said.startswith("5 images: 4 OK, 0 REVIEW, 1 NG; ")
    assert "slow" not in trouble


def test_a_file_that_stays_damaged_fails_and_the_next_one_is_judged(watch):
    watching = watch("--settle", "0.2")
    (watching.folder / "damaged.png").write_bytes(b"\x89PNG no more")
    watching.wait_for("damaged.png")
    write_png(watching.folder / "good.png", scratched(30, 30))
    watching.wait_for("damaged.png", "good.png")
    write_png(watching.folder / "damaged.png", scratched(30, 30))
    watching.wait_for("damaged.png", "good.png", "damaged.png")
    assert watching.records()[0]["verdict"] is None
    status, said, trouble = watching.end()
    assert status == 2
    assert said.startswith("2 images: 2 OK, 0 REVIEW, 0 NG; ")
    assert trouble.count("damaged.png") == 1


def test_an_image_that_is_replaced_is_judged_again(watch):
    watching = watch()
    write_png(watching.folder / "latest.png", scratched(60, 80))
    watching.wait_for("latest.png")
    write_png(watching.folder / "other.png", scratched(60, 81, (10, 30, 60, 30)))
    os.replace(watching.folder / "other.png", watching.folder / "latest.png")
    eventually(lambda: [record["verdict"] for record in watching.records()][-1:] == ["NG"], "it was not judged again")
    assert watching.end()[1].startswith("1 image: 0 OK, 0 REVIEW, 1 NG; ")


def test_results_of_images_that_were_taken_away_stay(watch):
    watching = watch()
    write_png(watching.folder / "1.png", scratched(60, 80))
    watching.wait_for("1.png")
    (watching.folder / "1.png").unlink()
    write_png(watching.folder / "2.png", scratched(60, 80))
    watching.wait_for("1.png", "2.png")
    assert watching.end()[1].startswith("2 images: 2 OK")


def test_a_folder_that_is_gone_for_a_while(watch, tmp_path):
    watching = watch("--until-idle", "3")
    write_png(watching.folder / "1.png", scratched(60, 80))
    watching.wait_for("1.png")
    away = watching.folder.rename(tmp_path / "away")
    write_png(away / "2.png", scratched(60, 80))
    # Said once, however often it is tried.
    assert "cannot be listed" in watching.child.stderr.readline() + watching.child.stderr.readline()
    away.rename(watching.folder)
    watching.wait_for("1.png", "2.png")
    said, trouble = watching.child.communicate(timeout=60)
    assert watching.child.returncode == 0 and trouble == ""
    assert said.startswith("2 images: 2 OK")


def test_it_goes_on_after_a_restart_and_ends_when_idle(watch):
    first = watch("--until-idle", "1")
    write_png(first.folder / "1.png", scratched(60, 80))
    said, trouble = first.child.communicate(timeout=60)
    assert first.child.returncode == 0, trouble
    assert said.startswith("1 image: 1 OK")
    write_png(first.folder / "2.png", scratched(60, 80))
    second = watch("--until-idle", "1")
    said, trouble = second.child.communicate(timeout=60)
    assert said.startswith("2 images: 2 OK, 0 REVIEW, 0 NG; 1 judged before; "), trouble
    assert [record["image"] for record in second.records()] == ["1.png", "2.png"]


def test_nothing_ever_came(watch):
    watching = watch("--until-idle", "0.5")
    said, trouble = watching.child.communicate(timeout=60)
    assert watching.child.returncode == 0, trouble
    assert said.startswith("0 images: ")
