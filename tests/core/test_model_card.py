from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from scratchgui.core.errors import BundleError
from scratchgui.core.model_card import BUNDLE_FILES, ModelCard, load_bundle, load_card, save_card


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "v2"
    folder.mkdir()
    for name in BUNDLE_FILES:
        (folder / name).write_bytes(name.encode() * 100)
    save_card(
        folder,
        ModelCard(id="v2", name="U-Net B0 · v2", created=datetime(2026, 1, 2, tzinfo=UTC), scores={"dice": None}),
    )
    return folder


def change(folder: Path, **values: object) -> None:
    path = folder / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_complete_bundle_opens(bundle: Path) -> None:
    found = load_bundle(bundle)
    assert (found.folder, found.card.name, found.card.scores) == (bundle, "U-Net B0 · v2", {"dice": None})
    assert set(found.card.files) == set(BUNDLE_FILES)
    assert found.ir_path == bundle / "model.xml"
    assert found.weights_path == bundle / "model.safetensors"


@pytest.mark.parametrize("name", BUNDLE_FILES)
def test_a_changed_file_is_noticed(bundle: Path, name: str) -> None:
    data = bytearray((bundle / name).read_bytes())
    data[50] ^= 1
    (bundle / name).write_bytes(data)
    with pytest.raises(BundleError, match=f"{name} is damaged"):
        load_bundle(bundle)
    assert load_bundle(bundle, verify=False).card.id == "v2"


@pytest.mark.parametrize("name", BUNDLE_FILES)
def test_a_missing_file_is_noticed_without_hashing(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(BundleError, match=f"lacks {name}"):
        load_bundle(bundle, verify=False)


def test_a_folder_without_a_card_is_no_model(bundle: Path) -> None:
    (bundle / "card.json").unlink()
    for folder in (bundle, bundle / "none"):
        with pytest.raises(BundleError, match="no complete model"):
            load_bundle(folder)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
def test_a_damaged_card_is_one_sentence(bundle: Path, content: str) -> None:
    (bundle / "card.json").write_text(content)
    with pytest.raises(BundleError, match="card is damaged"):
        load_card(bundle)


@pytest.mark.parametrize("values", [{"threshold": 1.5}, {"classes": []}, {"mean": [0.5]}, {"created": "yesterday"}])
def test_a_card_without_sense_is_damaged(bundle: Path, values: dict[str, object]) -> None:
    change(bundle, **values)
    with pytest.raises(BundleError, match="card is damaged"):
        load_card(bundle)


def test_a_newer_bundle_is_refused_even_if_nothing_in_it_fits(bundle: Path) -> None:
    change(bundle, schema_version=2, classes="all")
    with pytest.raises(BundleError, match=r"newer.*Update"):
        load_bundle(bundle)


def test_unknown_fields_are_ignored(bundle: Path) -> None:
    change(bundle, color="blue")
    assert load_bundle(bundle).card.id == "v2"


def test_a_card_never_points_out_of_its_folder(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    change(bundle, files={"../secret": "0"})
    with pytest.raises(BundleError, match="lacks"):
        load_bundle(bundle)


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "a\\b", ".hidden", "a b", "a\n"])
def test_an_id_is_always_one_folder_name(name: str) -> None:
    with pytest.raises(ValidationError):
        ModelCard(id=name, name="x", created=datetime.now(UTC))
