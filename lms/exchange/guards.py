"""What a file from outside may not do to us: swell, nest, hide, or be no text at all; each a refusal in plain words."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Problem

MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 50 * MEGABYTE
LARGEST_UNPACKED = 200 * MEGABYTE
LARGEST_RATIO = 200
SMALL = MEGABYTE
"""A member up to this size may be packed as tightly as it likes: empty sheets are."""

MOST_MEMBERS = 2000
ENCRYPTED = 0x1
CHUNK = 64 * 1024

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def refused(name: str, message: str, *, line: int | None = None, path: str = "") -> CurriculumRefused:
    """Return the refusal of a file for one reason."""
    return CurriculumRefused([Problem(name, line, path, message)])


def text_of(content: bytes, name: str, *, also: tuple[str, ...] = ()) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 or UTF-32 where it begins by saying so.

    `also` names older encodings to try after that, such as cp1252 for tables from Excel; a byte that has no meaning
    there refuses the file too. Raises CurriculumRefused, with the line, for what is no text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], name, (encoding,))
    return _decoded(content, name, ("utf-8", *also))


def _decoded(content: bytes, name: str, encodings: tuple[str, ...]) -> str:
    failure: UnicodeDecodeError | None = None
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as wrong:
            failure = failure or wrong
            continue
        if "\x00" in text:
            raise refused(name, _("This is not a text file: it holds bytes that no text has."))
        return text
    line = content[: failure.start].count(b"\n") + 1 if failure else None
    if b"\x00" in content[:CHUNK]:
        raise refused(name, _("This is not a text file: it holds bytes that no text has."))
    raise refused(name, _("This is not text in UTF-8. Save the file as UTF-8 and hand it in again."), line=line)


@contextmanager
def opened_zip(content: bytes, name: str) -> Iterator[ZipFile]:
    """Open an archive whose list of members is sound; raise CurriculumRefused for one that could swell or hide."""
    try:
        archive = ZipFile(BytesIO(content))
    except (BadZipFile, LargeZipFile, ValueError, NotImplementedError) as failure:
        raise refused(name, _("This file is damaged: it cannot be unpacked.")) from failure
    with archive:
        _check_members(archive.infolist(), name)
        yield archive


def _check_members(members: list[ZipInfo], name: str) -> None:
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise refused(name, _("This file would swell to more than we unpack. Hand in a smaller one."))
    for member in members:
        if member.flag_bits & ENCRYPTED:
            raise refused(name, _("This file is protected with a password. Save it without one and hand it in again."))
        if member.file_size > max(SMALL, member.compress_size * LARGEST_RATIO):
            raise refused(name, _("This file would swell to more than we unpack. Hand in a smaller one."))
        if member.filename.startswith(("/", "\\")) or ".." in member.filename.replace("\\", "/").split("/"):
            raise refused(name, _("This file names places outside itself, which no workbook does."))


def read_member(archive: ZipFile, member: str, name: str) -> bytes:
    """Return a member of an archive; raise CurriculumRefused where it is damaged or larger than the archive said."""
    info = archive.getinfo(member)
    whole = bytearray()
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                whole += chunk
                if len(whole) > max(info.file_size, SMALL):
                    raise refused(name, _("This file would swell to more than we unpack. Hand in a smaller one."))
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as failure:
        raise refused(name, _("This file is damaged: it cannot be unpacked.")) from failure
    return bytes(whole)
