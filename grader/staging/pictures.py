"""Members' pictures for the site: scaled, without metadata, in a size known beforehand so that nothing shifts."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from grader.messages import gettext as _

_LARGEST_SVG = 300_000
_LONGEST_SIDE = 10_000
_UNKNOWN_SIZE = (300, 150)
"""As browsers show an SVG that says nothing of its size."""
_ROOT = re.compile(r"<(?:\w+:)?svg\b[^>]*>")
_SIZES = re.compile(r"""(?<![\w-])(width|height|viewBox)\s*=\s*(["'])(.*?)\2""")
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*\Z")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class PictureError(Exception):
    """A picture that can not be shown; the message is for its owner."""


@dataclass(frozen=True)
class Picture:
    """A picture as the site shows it."""

    path: str
    """Where it is staged: `files/sejun/week01/그림.png.webp`; empty for what stands in the page itself."""
    width: int
    height: int
    """In CSS pixels."""
    data_uri: str = ""
    """SVG goes into the page itself: as a file of this site it could be opened, and its scripts would run."""


@dataclass
class Pictures:
    """Converts each picture once and keeps the result in `cache`."""

    cache: Path
    made: dict[str, Path] = field(default_factory=dict)
    """Staged path → converted file, of every picture asked for since the start."""

    def of(self, path: str, file: Path) -> Picture:
        """The picture at vault path `path`; raises PictureError for one that can not be read."""
        try:
            state = file.stat()
        except OSError:
            raise PictureError(_("the file can not be read")) from None
        if file.suffix.lower() == ".svg":
            return _vector(file)
        staged = f"files/{path}.webp"
        key = hashlib.sha256(f"{staged}\0{file}\0{state.st_size}\0{state.st_mtime_ns}".encode()).hexdigest()[:24]
        converted, facts = self.cache / f"{key}.webp", self.cache / f"{key}.json"
        try:
            picture = Picture(**json.loads(facts.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            self.cache.mkdir(parents=True, exist_ok=True)
            width, height = _convert(file, converted)
            picture = Picture(staged, width, height)
            facts.write_text(json.dumps(asdict(picture), ensure_ascii=False), encoding="utf-8")
        self.made[picture.path] = converted
        return picture


def _convert(source: Path, target: Path) -> tuple[int, int]:
    from PIL import Image

    from grader.tracking.photos import PhotoError, webp_of_file

    try:
        target.write_bytes(webp_of_file(source))
    except PhotoError as error:
        raise PictureError(str(error).replace(str(source), source.name)) from None
    with Image.open(target) as made:
        return made.size


def _vector(file: Path) -> Picture:
    data = file.read_bytes()
    if len(data) > _LARGEST_SVG:
        raise PictureError(_("the SVG is larger than {most} bytes").format(most=_LARGEST_SVG))
    width, height = _drawn_size(data.decode("utf-8", "replace"))
    return Picture("", width, height, "data:image/svg+xml;base64," + base64.b64encode(data).decode("ascii"))


def _drawn_size(svg: str) -> tuple[int, int]:
    """What an SVG says of its own size, in pixels; a page that reserves another one moves when the picture is there."""
    root = _ROOT.search(svg)
    said = {name: value for name, _quote, value in _SIZES.findall(root[0])} if root else {}
    sizes = [_LENGTH.match(said.get(side, "")) for side in ("width", "height")]
    box = _NUMBER.findall(said.get("viewBox", ""))
    width, height = (float(size[1]) if size else 0.0 for size in sizes)
    if len(box) == 4:
        across, down = float(box[2]), float(box[3])
        width = width or (height * across / down if height and down else across)
        height = height or (width * down / across if across else down)
    fits = 1 <= width <= _LONGEST_SIDE and 1 <= height <= _LONGEST_SIDE
    return (round(width), round(height)) if fits else _UNKNOWN_SIZE
