"""Photos come out upright, small and without anything but the picture; no file is too hostile for a sentence."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from grader.tracking.photos import LONGEST_SIDE, PhotoError, webp_of, webp_of_file


def saved(kind: str, size: tuple[int, int] = (2000, 1000), mode: str = "RGB", **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    assert image.format == "WEBP"
    return image


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRET PHONE"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (37.0, 33.0, 59.0)
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_it_stands_upright_and_knows_nothing_else(kind: str) -> None:
    content = saved(kind, exif=_exif())
    result = webp_of(content, "photo")
    image = opened(result)
    assert image.size == (800, 1600)
    # Turned by 90 degrees clockwise, the red left half comes to stand on top.
    top, bottom = image.convert("RGB").getpixel((400, 200)), image.convert("RGB").getpixel((400, 1400))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > bottom[0]
    assert not image.getexif()
    assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
    assert b"SECRET" not in result


def test_heic_as_phones_write_it() -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "red")).save(out)
    assert opened(webp_of(out.getvalue(), "IMG.HEIC")).size == (64, 48)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16", "CMYK", "F"])
def test_every_mode_of_colour_is_kept(mode: str) -> None:
    image = Image.new(mode, (30, 20))
    out = io.BytesIO()
    image.save(out, "TIFF")
    assert opened(webp_of(out.getvalue(), "photo")).size == (30, 20)


def test_a_small_one_stays_its_size_and_the_longest_side_is_bounded() -> None:
    assert opened(webp_of(saved("PNG", (10, 7)), "photo")).size == (10, 7)
    assert max(opened(webp_of(saved("PNG", (5000, 40)), "photo")).size) == LONGEST_SIDE


def _png_of(width: int, height: int) -> bytes:
    """A PNG that says it is of this size and holds next to nothing: a decompression bomb."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no picture that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that can be read"),
        (b"%PDF-1.7", "no picture that can be read"),
        (_png_of(60_000, 60_000), "has more pixels than a photo has"),
        (_png_of(11_500, 11_500), "has more pixels than a photo has"),
        (_png_of(100, 100), "is damaged"),
        (saved("JPEG")[:700], "photo"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture that can be read"),
        (b"x" * (64 * 2**20 + 1), "is larger than 64 MiB"),
    ],
)
def test_what_is_no_photo_gets_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(PhotoError) as caught:
        webp_of(content, "photo")
    assert words in str(caught.value)


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "TIFF"]), st.data())
@settings(max_examples=60, deadline=None)
def test_no_damage_raises_anything_else(kind: str, data: st.DataObject) -> None:
    content = bytearray(saved(kind, (40, 30)))
    for _change in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        opened(webp_of(bytes(content), "photo"))
    except PhotoError:
        return


@pytest.mark.parametrize("kind", ["nothing", "folder", "fifo"])
def test_what_is_no_file_is_said_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "photo.jpg"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    with pytest.raises(PhotoError, match=r"photo\.jpg"):
        webp_of_file(path)
