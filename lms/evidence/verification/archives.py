"""Archives whose list of members is sound: nothing in front, behind or between, nothing that swells or climbs."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from competencies.errors import RuleBroken
from lms.evidence.values import MEGABYTE

MOST_MEMBERS = 2000
LARGEST_UNPACKED = 200 * MEGABYTE
LARGEST_RATIO = 200
SMALL = MEGABYTE
"""A member up to this size may be packed as tightly as it likes: empty sheets are."""
PIECE = 64 * 1024
ENCRYPTED = 0x1
LOCAL_HEADER, END_RECORD = 30, 22
DESCRIPTORS = frozenset({0, 12, 16, 20, 24})
"""The bytes that may stand between two members (APPNOTE 6.3.10, 4.3.9)."""
BROKEN = (BadZipFile, LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@contextmanager
def sound_archive(file: IO[bytes], size: int) -> Iterator[ZipFile]:
    """Open an archive and read it to its end once; raise RuleBroken for one that could swell, climb or hide."""
    try:
        archive = ZipFile(file)
    except BROKEN as failure:
        raise RuleBroken("file_damaged") from failure
    with archive:
        _check_members(archive.infolist())
        try:
            _check_places(archive, file, size)
            for member in archive.infolist():
                _read_through(archive, member)
        except BROKEN as failure:
            raise RuleBroken("file_damaged") from failure
        yield archive


def _check_members(members: list[ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise RuleBroken("file_swells")
    if not members or len(set(names)) < len(names) or any(map(_climbs, names)):
        raise RuleBroken("file_damaged")
    for member in members:
        if member.flag_bits & ENCRYPTED:
            raise RuleBroken("file_password")
        if member.file_size > max(SMALL, member.compress_size * LARGEST_RATIO):
            raise RuleBroken("file_swells")
        if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise RuleBroken("file_damaged")


def _climbs(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ":" in plain.split("/")[0] or ".." in plain.split("/") or "\x00" in plain


def _check_places(archive: ZipFile, file: IO[bytes], size: int) -> None:
    """Find every byte of the file in a member, in the list of members, or in the record at its end."""
    at = 0
    for member in sorted(archive.infolist(), key=lambda one: one.header_offset):
        if member.header_offset - at not in (DESCRIPTORS if at else {0}):
            raise RuleBroken("file_holds_more")
        file.seek(member.header_offset)
        header = file.read(LOCAL_HEADER)
        lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        at = member.header_offset + LOCAL_HEADER + lengths + member.compress_size
    file.seek(max(0, size - END_RECORD))
    if archive.start_dir - at not in DESCRIPTORS or archive.comment or file.read(4) != b"PK\x05\x06":
        raise RuleBroken("file_holds_more")


def _read_through(archive: ZipFile, member: ZipInfo) -> None:
    """Unpack a member piece by piece and keep nothing: its size and its check sum are what the list says."""
    size = 0
    with archive.open(member) as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > max(member.file_size, SMALL):
                raise RuleBroken("file_swells")
