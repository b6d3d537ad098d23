from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import odd_files
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_files import COLOR_FILES, REFUSED_FILES, RISING_FILES, THIN_FILES
from PIL import Image

from scratchgui.core.errors import ImageReadError
from scratchgui.core.image_decoding import page_count
from scratchgui.core.image_header import size_in_header
from scratchgui.core.images import (
    as_gray,
    as_rgb,
    decode_preview,
    is_image_name,
    natural_key,
    read_image,
    read_thumbnail,
    scan_images,
)

RED = (255, 0, 0)


def quarters(height: int = 40, width: int = 60) -> np.ndarray:
    """RGB picture with a red top left quarter, a green bottom right one, and black elsewhere."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2] = RED
    picture[height // 2 :, width // 2 :] = (0, 255, 0)
    return picture


def noise(height: int = 80, width: int = 120) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)


def encoded(picture: np.ndarray, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.tif", "a.TIFF", "a.PNG"])
def test_color_is_rgb_without_loss(tmp_path: Path, name: str) -> None:
    kind = {".png": "PNG", ".bmp": "BMP"}.get(Path(name).suffix.lower(), "TIFF")
    (tmp_path / name).write_bytes(encoded(quarters(), kind))
    image = read_image(tmp_path / name)
    assert np.array_equal(image, quarters())
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous


def test_jpeg_is_rgb(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded(quarters(), "JPEG", quality=95, subsampling=0))
    assert np.allclose(read_image(tmp_path / "a.jpg")[5, 5], RED, atol=6)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.tif"])
def test_gray_stays_gray(tmp_path: Path, name: str) -> None:
    kind = {".png": "PNG", ".jpg": "JPEG", ".bmp": "BMP", ".tif": "TIFF"}[Path(name).suffix]
    (tmp_path / name).write_bytes(encoded(np.full((8, 9), 77, np.uint8), kind))
    image = read_image(tmp_path / name)
    assert image.shape == (8, 9)
    assert np.allclose(image, 77, atol=1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_held_sideways_gives_an_upright_image(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    (tmp_path / "a.jpg").write_bytes(encoded(quarters(400, 600), "JPEG", quality=95, subsampling=0, exif=exif))
    with Image.open(tmp_path / "a.jpg") as file:
        from PIL import ImageOps

        upright = np.asarray(ImageOps.exif_transpose(file))
    image = read_image(tmp_path / "a.jpg")
    assert image.shape == upright.shape
    assert np.abs(image.astype(int) - upright).mean() < 2
    small = read_thumbnail(tmp_path / "a.jpg", 60)
    assert small.shape == ((60, 40, 3) if orientation >= 5 else (40, 60, 3))
    corners = small[3::33, 3::33].astype(int)
    assert (
        np.abs(corners - cv2.resize(upright, small.shape[1::-1], interpolation=cv2.INTER_AREA)[3::33, 3::33]).max() < 12
    )


def test_palette_and_transparency(tmp_path: Path) -> None:
    Image.fromarray(quarters()).convert("P").save(tmp_path / "palette.png")
    assert np.array_equal(read_image(tmp_path / "palette.png"), quarters())
    for name, alpha in (("glass.png", 128), ("opaque.png", 255), ("opaque.tif", 255)):
        Image.fromarray(np.dstack([quarters(), np.full((40, 60), alpha, np.uint8)])).save(tmp_path / name)
        assert np.array_equal(read_image(tmp_path / name), quarters())


def test_one_bit_is_black_and_white(tmp_path: Path) -> None:
    bits = np.eye(9, dtype=bool)
    for name in ("bits.png", "bits.tif"):
        Image.fromarray(bits).save(tmp_path / name)
        assert np.array_equal(as_gray(read_image(tmp_path / name)), bits * 255)


@pytest.mark.parametrize("name", ["deep.png", "deep.tif"])
def test_sixteen_bits_use_the_whole_range_of_gray(tmp_path: Path, name: str) -> None:
    ramp = np.linspace(1000, 5000, 64 * 64).astype(np.uint16).reshape(64, 64)
    cv2.imwrite(str(tmp_path / name), ramp)
    image = read_image(tmp_path / name)
    assert (image.min(), image.max()) == (0, 255)
    assert (np.diff(image.ravel().astype(int)) >= 0).all()


def test_a_hot_pixel_does_not_darken_a_deep_image(tmp_path: Path) -> None:
    ramp = np.linspace(1000, 2000, 100 * 100).astype(np.uint16).reshape(100, 100)
    ramp[50, 50] = 65535
    cv2.imwrite(str(tmp_path / "hot.png"), ramp)
    assert read_image(tmp_path / "hot.png")[99, 90] > 240


def test_sixteen_bit_color(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), quarters()[..., ::-1].astype(np.uint16) * 200)
    assert np.array_equal(read_image(tmp_path / "a.png"), quarters())


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_holes_in_a_height_map_are_black_and_do_not_hide_the_rest(tmp_path: Path, hole: float) -> None:
    heights = np.linspace(1000, 1001, 50 * 50, dtype=np.float32).reshape(50, 50)
    heights[:10] = hole
    tifffile.imwrite(tmp_path / "h.tif", heights)
    image = read_image(tmp_path / "h.tif")
    assert not image[:10].any()
    assert image[-1, -1] == 255
    assert len(np.unique(image)) > 200


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_image_without_a_number_is_refused(tmp_path: Path, value: float) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.full((600, 7), value, np.float32))
    with pytest.raises(ImageReadError, match=r"no numbers.*a\.tif"):
        read_image(tmp_path / "a.tif")


def test_one_number_at_the_very_end_is_enough(tmp_path: Path) -> None:
    pixels = np.full((600, 7), np.nan, np.float32)
    pixels[-1, -1] = 3
    tifffile.imwrite(tmp_path / "a.tif", pixels)
    assert not read_image(tmp_path / "a.tif").any()


def test_more_pixels_than_opencv_reads_are_a_sentence(tmp_path: Path) -> None:
    data = bytearray(cv2.imencode(".png", np.zeros((8, 8), np.uint8))[1].tobytes())
    data[16:24] = (40_000).to_bytes(4, "big") + (30_000).to_bytes(4, "big")
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(ImageReadError, match=r"too large.*\(40,000 × 30,000 px\)"):
        read_image(tmp_path / "a.png")


def test_too_little_memory_is_not_taken_for_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        error = cv2.error("Failed to allocate 400000000 bytes")
        error.code = cv2.Error.StsNoMem
        raise error

    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((8, 8), np.uint8))
    monkeypatch.setattr(cv2, "imread", refuse)
    with pytest.raises(MemoryError):
        read_image(tmp_path / "a.png")


@pytest.mark.parametrize("value", [0.0, 7.5])
def test_a_flat_deep_image_is_black(tmp_path: Path, value: float) -> None:
    tifffile.imwrite(tmp_path / "flat.tif", np.full((6, 7), value, np.float64))
    assert np.array_equal(read_image(tmp_path / "flat.tif"), np.zeros((6, 7), np.uint8))


@pytest.mark.parametrize(
    ("pixels", "options"),
    [
        (np.arange(300, dtype=np.uint16).reshape(15, 20), {"compression": "zlib", "bigtiff": True}),
        (np.arange(300, dtype=np.int32).reshape(15, 20), {}),
        (np.arange(600, dtype=np.float64).reshape(2, 15, 20), {"photometric": "minisblack"}),
        (np.zeros((3, 15, 20), np.uint8), {"photometric": "rgb", "planarconfig": "separate"}),
        (np.zeros((15, 20, 5), np.uint8), {"photometric": "minisblack", "planarconfig": "contig"}),
    ],
    ids=["BigTIFF", "32 bit", "pages", "planar", "five channels"],
)
def test_unusual_tiff(tmp_path: Path, pixels: np.ndarray, options: dict[str, object]) -> None:
    tifffile.imwrite(tmp_path / "a.tif", pixels, **options)
    assert read_image(tmp_path / "a.tif").shape[:2] == (15, 20)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.bmp", "a.tif"])
def test_a_cut_off_file_is_refused(tmp_path: Path, name: str, share: float) -> None:
    kind = {".png": "PNG", ".jpg": "JPEG", ".bmp": "BMP", ".tif": "TIFF"}[Path(name).suffix]
    data = encoded(noise(), kind)
    (tmp_path / name).write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ImageReadError, match="damaged"):
        read_image(tmp_path / name)
    with pytest.raises(ImageReadError, match="damaged"):
        read_thumbnail(tmp_path / name, 32)


def test_a_cut_off_jpeg_with_a_whole_preview_is_refused(tmp_path: Path) -> None:
    data = encoded(noise(), "JPEG")
    preview = b"Exif\0\0" + encoded(noise(16, 16), "JPEG")
    whole = data[:2] + b"\xff\xe1" + (len(preview) + 2).to_bytes(2, "big") + preview + data[2:]
    (tmp_path / "whole.jpg").write_bytes(whole)
    (tmp_path / "half.jpg").write_bytes(whole[: len(whole) * 3 // 4])
    assert read_image(tmp_path / "whole.jpg").shape == (80, 120, 3)
    for read in (read_image, lambda path: read_thumbnail(path, 16)):
        with pytest.raises(ImageReadError, match="damaged"):
            read(tmp_path / "half.jpg")


def test_padding_after_a_jpeg_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded(noise(), "JPEG") + bytes(4096))
    assert read_image(tmp_path / "a.jpg").shape == (80, 120, 3)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.bmp", "a.tif"])
@pytest.mark.parametrize(
    ("content", "why"), [(b"", "empty"), (b"This is a text.\n" * 50, "damaged or of an unknown kind")]
)
def test_what_is_no_image_is_one_sentence(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    for read in (read_image, lambda path: read_thumbnail(path, 32)):
        with pytest.raises(ImageReadError, match=f"{why}.*{name}"):
            read(tmp_path / name)


def test_a_deleted_image_and_a_folder_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImageReadError, match="no longer there"):
        read_image(tmp_path / "gone.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ImageReadError, match="Cannot read the image"):
        read_image(tmp_path / "folder.png")


@pytest.mark.parametrize(
    "name", ["表面 – Kratzer.png", "naïve 🔩.png", "a" * 251 + ".png", "漢" * 83 + ".png", "a'b\"c;$(d).png"]
)
def test_any_name_can_be_listed_and_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(encoded(quarters(), "PNG"))
    assert scan_images(tmp_path) == [name]
    assert read_image(tmp_path / name).shape == (40, 60, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have Unicode names only")
def test_a_name_that_is_not_unicode_is_left_out_and_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "good.png").write_bytes(encoded(quarters(), "PNG"))
    with open(os.fsencode(tmp_path) + b"/bad\xff.png", "wb"):
        pass
    with caplog.at_level(logging.WARNING):
        assert scan_images(tmp_path) == ["good.png"]
    assert "not Unicode" in caplog.text


@pytest.mark.parametrize(
    ("height", "width", "size"), [(600, 900, 96), (900, 600, 96), (30, 20, 96), (5000, 2, 64), (64, 64, 64)]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_thumbnail_keeps_the_proportions(tmp_path: Path, height: int, width: int, size: int, kind: str) -> None:
    path = tmp_path / ("a.jpg" if kind == "JPEG" else "a.png")
    path.write_bytes(encoded(np.full((height, width), 120, np.uint8), kind))
    small = read_thumbnail(path, size)
    assert small.dtype == np.uint8
    assert small.ndim == 3
    scale = min(1, size / max(height, width))
    assert small.shape[0] == pytest.approx(max(1, height * scale), abs=1)
    assert small.shape[1] == pytest.approx(max(1, width * scale), abs=1)
    assert np.allclose(small, 120, atol=2)


def test_gray_and_color_turn_into_each_other() -> None:
    gray = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert np.array_equal(as_gray(as_rgb(gray)), gray)
    assert as_rgb(quarters()) is not None
    assert as_gray(gray) is gray


def test_a_folder_is_listed_in_natural_order(images: Path) -> None:
    (images / "notes.txt").write_text("no image")
    (images / "thumbs.db").write_bytes(b"")
    (images / ".hidden.png").write_bytes(b"")
    (images / ".cache").mkdir()
    (images / ".cache" / "x.png").write_bytes(b"")
    (images / "folder.png").mkdir()
    assert scan_images(images) == ["a1.png", "a2.png", "a10.png", "b.jpg", "c.bmp", "line 2/d.tif"]
    assert scan_images(images, recursive=False) == ["a1.png", "a2.png", "a10.png", "b.jpg", "c.bmp"]
    assert scan_images(images, skip=[images / "line 2"]) == ["a1.png", "a2.png", "a10.png", "b.jpg", "c.bmp"]


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_loop_of_links_is_not_followed_and_a_dead_link_is_no_image(images: Path) -> None:
    (images / "loop").symlink_to(images)
    (images / "dead.png").symlink_to(images / "none.png")
    (images / "linked.png").symlink_to(images / "a1.png")
    assert scan_images(images) == ["a1.png", "a2.png", "a10.png", "b.jpg", "c.bmp", "line 2/d.tif", "linked.png"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImageReadError, match="Cannot list the folder"):
        scan_images(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "is_image"),
    [("a.JPG", True), ("a.b.jpeg", True), (".png", False), ("png", False), ("a.png.txt", False), (".a.png", False)],
)
def test_which_names_are_images(name: str, is_image: bool) -> None:
    assert is_image_name(name) is is_image


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert len(sorted(names, key=natural_key)) == len(names)


def test_numbers_sort_by_value_and_case_does_not_count() -> None:
    ordered = ["A1", "a2", "a02b", "a10", "a11", "b", "img_9 (2)", "img_9 (10)", "img_10"]
    shuffled = ordered[::2] + ordered[1::2]
    assert sorted(shuffled, key=natural_key) == ordered


@pytest.mark.parametrize("name", COLOR_FILES)
def test_odd_color_files_look_as_they_should(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(COLOR_FILES[name]())
    expected = odd_files.quarters()
    image = read_image(tmp_path / name)
    assert image.shape == expected.shape
    assert np.abs(image.astype(int) - expected).max() < 40  # JPEG, at the borders of colors
    assert np.abs(image.astype(int) - expected).mean() < 1


@pytest.mark.parametrize("name", RISING_FILES)
def test_odd_gray_files_rise_from_black_to_white(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(RISING_FILES[name]())
    image = as_gray(read_image(tmp_path / name))
    assert image.shape == (120, 160)
    first = 1 if "holes" in name else 0
    assert (np.diff(image[first:].ravel().astype(int)) >= 0).all()
    assert image[0].max() <= 2
    assert image[-1, -1] == 255
    assert len(np.unique(image)) > 250


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_odd_files_that_cannot_be_read_are_one_sentence(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(REFUSED_FILES[name]())
    for read in (read_image, lambda path: read_thumbnail(path, 64)):
        with pytest.raises(ImageReadError, match=r"^The image [^.:]+: .*\.$"):
            read(tmp_path / name)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", THIN_FILES)
def test_thin_files(tmp_path: Path, name: str) -> None:
    path = odd_files.write_thin(tmp_path, name)
    image = read_image(path)
    assert image.shape[:2] == THIN_FILES[name]
    assert np.allclose(image, 77, atol=1)
    assert max(read_thumbnail(path, 64).shape[:2]) <= 64


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_float_tiff_is_turned_upright_as_opencv_turns_others(tmp_path: Path, orientation: int) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (5, 7), np.uint8)
    picture[0, :2] = 0, 255
    tag = [(274, "H", 1, orientation, False)]
    tifffile.imwrite(tmp_path / "bytes.tif", picture, extratags=tag)
    tifffile.imwrite(tmp_path / "floats.tif", picture.astype(np.float32), extratags=tag)
    tifffile.imwrite(tmp_path / "words.tif", picture.astype(np.uint16), extratags=tag)
    upright = read_image(tmp_path / "bytes.tif").astype(int)
    assert np.abs(read_image(tmp_path / "floats.tif") - upright).max() <= 2
    assert np.abs(read_image(tmp_path / "words.tif") - upright).max() <= 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_coarse_picture_is_upright_and_tells_the_full_size(tmp_path: Path, orientation: int) -> None:
    (tmp_path / "a.jpg").write_bytes(odd_files.turned(orientation, 2000, 2400))
    image = read_image(tmp_path / "a.jpg")
    preview = decode_preview(np.fromfile(tmp_path / "a.jpg", np.uint8))
    assert preview is not None
    assert (preview.height, preview.width) == image.shape[:2] == (2000, 2400)
    small = cv2.resize(image, preview.pixels.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(preview.pixels.astype(int) - small).mean() < 2


def test_there_is_a_coarse_picture_of_large_jpegs_alone() -> None:
    for picture, kind in ((noise(100, 100), "JPEG"), (noise(2100, 2100), "PNG"), (noise(2100, 2100), "TIFF")):
        assert decode_preview(np.frombuffer(encoded(picture, kind), np.uint8)) is None
    whole = encoded(noise(2100, 2100), "JPEG")
    assert decode_preview(np.frombuffer(whole, np.uint8)) is not None
    for damaged in (whole[: len(whole) // 2], whole[:300], b"\xff\xd8" + bytes(300)):
        assert decode_preview(np.frombuffer(damaged, np.uint8)) is None


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "JPEG"), ("RGB", "JPEG"), ("CMYK", "JPEG"), ("L", "PNG"), ("RGB", "PNG"), ("RGBA", "PNG")]
)
def test_the_header_tells_the_size(mode: str, kind: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (123, 45)).save(file, kind)
    size = size_in_header(np.frombuffer(file.getvalue(), np.uint8))
    assert size == (123, 45, 1 if mode == "L" else 3)


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0"]))
def test_any_bytes_have_a_size_or_none(content: bytes, head: bytes) -> None:
    data = np.frombuffer(head + content, np.uint8)
    size = size_in_header(data)
    assert size is None or size.pixels >= 0
    assert decode_preview(data) is None


def test_pages_are_counted(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "three.tif", np.zeros((3, 20, 30), np.uint8), photometric="minisblack")
    Image.new("L", (3, 3)).save(tmp_path / "one.png")
    (tmp_path / "cut.tif").write_bytes(b"II*\0")
    assert [page_count(tmp_path / name) for name in ("three.tif", "one.png", "cut.tif", "gone.tif")] == [3, 1, 1, 1]


def test_reading_can_be_stopped_before_decoding(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded(noise(), "PNG"))

    def stop(content: np.ndarray) -> None:
        assert size_in_header(content) == (120, 80, 3)
        raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        read_image(tmp_path / "a.png", stop)


def test_a_large_image_is_decoded_without_a_second_copy(tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("this system does not tell the peak of a process's memory")
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((8000, 8000), np.uint8))
    code = (
        "import sys, pathlib; from scratchgui.core.images import read_image\n"
        "def peak(): return int(next(x for x in open('/proc/self/status') if x.startswith('VmHWM')).split()[1])\n"
        "before = peak(); image = read_image(pathlib.Path(sys.argv[1])); print((peak() - before) * 1024 / image.nbytes)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.png")], capture_output=True, check=True)
    assert float(done.stdout) < 1.4


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_never_raise_anything_but_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.tif"
    name = data.draw(st.sampled_from(["16 bit.tif", "pages.tif", "holes, 32 bit float.tif", "alpha.png", "cmyk.jpg"]))
    content = bytearray((RISING_FILES | COLOR_FILES)[name]())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, min(len(content), 400) - 1) | st.integers(len(content) - 400, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with contextlib.suppress(ImageReadError, MemoryError):
        assert read_image(path).dtype == np.uint8
