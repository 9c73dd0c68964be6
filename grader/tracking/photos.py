"""A photo as the team keeps it: upright, at most 1600 pixels on its longest side, WebP, and nothing but the picture.

Whatever a phone wrote beside the pixels (place, time, device, thumbnail) is gone. The file may come from anybody.
"""

from __future__ import annotations

import io
import warnings
from functools import cache
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from grader.errors import UsageError
from grader.messages import gettext as _
from grader.tracking.files import open_regular

LONGEST_SIDE = 1600
MAX_BYTES = 64 * 2**20
MAX_PIXELS = 120_000_000
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "BMP", "TIFF")


class PhotoError(UsageError):
    """The file is no picture that can be kept; the message says why."""


@cache
def _formats() -> tuple[str, ...]:
    """The formats that this Pillow reads, phones' HEIC among them."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def webp_of_file(path: Path) -> bytes:
    """As `webp_of`, for a file; raises PhotoError for what is no regular file, too."""
    try:
        with open_regular(path) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PhotoError(
            _("{photo} cannot be read: {reason}").format(photo=path, reason=error.strerror or error)
        ) from error
    return webp_of(content, str(path))


def webp_of(content: bytes, shown: str) -> bytes:
    """The picture in `content` as a small WebP; `shown` names it in messages. Raises PhotoError."""
    if len(content) > MAX_BYTES:
        raise PhotoError(
            _("{photo} is larger than {most} MiB; scale it down first.").format(photo=shown, most=MAX_BYTES >> 20)
        )
    try:
        with warnings.catch_warnings():
            # Pillow warns of bombs at its own bound; ours is checked below, before a pixel is decoded.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=_formats()) as image:
                _check_size(image, shown)
                return _small(image)
    except PhotoError:
        raise
    except Image.DecompressionBombError:
        raise PhotoError(_("{photo} has more pixels than a photo has.").format(photo=shown)) from None
    except UnidentifiedImageError:
        raise PhotoError(
            _("{photo} is no picture that can be read here (JPEG, PNG, HEIC, WebP …).").format(photo=shown)
        ) from None
    except Exception as error:
        # Decoders raise nearly anything on damaged or hostile files: OSError, SyntaxError, struct.error, MemoryError …
        raise PhotoError(_("{photo} is damaged: {reason}").format(photo=shown, reason=type(error).__name__)) from error


def _check_size(image: Image.Image, shown: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PhotoError(_("{photo} has more pixels than a photo has.").format(photo=shown))


def _small(image: Image.Image) -> bytes:
    image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    pixels = _in_srgb(upright, mode)
    # Only pixels go over into the new image: Pillow would otherwise carry profiles and more along in `info`.
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def _in_srgb(image: Image.Image, mode: str) -> Image.Image:
    """In sRGB, because the profile that says otherwise is dropped; a profile that cannot be used is ignored."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            converted = ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode if mode == "RGB" else None
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image.convert(mode)
        if converted is not None:
            return converted.convert(mode)
    return image.convert(mode)
