"""Pictures: decoded whole and written anew, so that nothing of the file stays but what can be seen."""

from __future__ import annotations

import re
import struct
import tempfile
import warnings
import zlib
from contextlib import ExitStack
from mmap import mmap
from typing import IO, BinaryIO

from PIL import Image, ImageOps

from competencies.errors import RuleBroken
from lms.evidence.values import FileKind

MOST_POINTS = 50_000_000
"""The most points of a picture: more than a phone makes, and what they take in memory stays bounded."""
MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])", re.DOTALL)
END_OF_IMAGE, START_OF_IMAGE = 0xD9, 0xD8
BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, struct.error, zlib.error)
"""What a picture that is none can make its reader raise."""
QUALITY = {FileKind.JPEG: 90, FileKind.WEBP: 90}


def plain_image(file: IO[bytes], data: mmap, kind: FileKind, opened: ExitStack) -> BinaryIO:
    """Return the picture written anew, turned as it was held, without any remark, place or profile.

    Raises RuleBroken for one that is damaged, moves, has too many points, or drags something else along.
    """
    _check_rest(data[END_OF[kind](data) :])
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(file, formats=[kind.value.upper()]) as picture:
                _check_shape(picture, kind)
                return _written(picture, kind, opened)
        except Image.DecompressionBombError as failure:
            raise RuleBroken("image_too_many_points", most=MOST_POINTS // 1_000_000) from failure
        except BROKEN as failure:
            raise RuleBroken("file_damaged") from failure


def _check_shape(picture: Image.Image, kind: FileKind) -> None:
    if picture.width * picture.height > MOST_POINTS:
        raise RuleBroken("image_too_many_points", most=MOST_POINTS // 1_000_000)
    if kind is not FileKind.JPEG and getattr(picture, "n_frames", 1) > 1:
        raise RuleBroken("image_moves")


def _written(picture: Image.Image, kind: FileKind, opened: ExitStack) -> BinaryIO:
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    turned = picture if kind is not FileKind.JPEG or picture.mode in {"L", "RGB"} else picture.convert("RGB")
    turned.info = {name: fact for name, fact in turned.info.items() if name == "transparency"}
    content = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - `opened` closes it.
    options = {"quality": QUALITY[kind]} if kind in QUALITY else {}
    turned.save(content, kind.value.upper(), **options)
    content.seek(0)
    return content


def _check_rest(rest: bytes) -> None:
    """Accept behind a picture nothing, or what a phone puts there: a second picture, a short film, its own remarks.

    None of it is kept. Anything else is a file that wants to be two things.
    """
    rest = rest.strip(b"\x00")
    if rest and not (rest.startswith(b"\xff\xd8\xff") or b"ftyp" in rest[:8] or rest.endswith(b"SEFT")):
        raise RuleBroken("file_holds_more")


def _end_of_jpeg(data: mmap) -> int:
    """Return where the first picture ends (ISO/IEC 10918-1, annex B)."""
    at = 2
    while found := MARKER.search(data, at):
        code = found[1][0]
        if code == END_OF_IMAGE:
            return found.end()
        if code in {START_OF_IMAGE, 0x01}:
            at = found.end()
            continue
        at = found.end() + max(2, int.from_bytes(data[found.end() : found.end() + 2]))
    raise RuleBroken("file_damaged")


def _end_of_png(data: mmap) -> int:
    """Return where the chunk IEND ends (ISO/IEC 15948, 5.3)."""
    at = 8
    while at + 12 <= len(data):
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        at += 12 + size
        if name == b"IEND" and at <= len(data):
            return at
    raise RuleBroken("file_damaged")


def _end_of_webp(data: mmap) -> int:
    """Return where the container ends (RFC 9649, 2.3)."""
    size = int.from_bytes(data[4:8], "little") + 8
    if size > len(data):
        raise RuleBroken("file_damaged")
    return size + size % 2


END_OF = {FileKind.JPEG: _end_of_jpeg, FileKind.PNG: _end_of_png, FileKind.WEBP: _end_of_webp}
"""What finds the end of a picture in its file."""
