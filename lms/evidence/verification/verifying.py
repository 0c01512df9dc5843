"""Taking a file in: measured while it comes, told by its first bytes, verified as its kind."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from mmap import ACCESS_READ, mmap
from typing import IO, BinaryIO, NamedTuple
from zipfile import is_zipfile

import puremagic

from competencies.errors import RuleBroken
from lms.evidence.values import LARGEST_FILE, MEGABYTE, FileKind, Verified
from lms.evidence.verification.images import plain_image
from lms.evidence.verification.office import office_kind
from lms.evidence.verification.pdf import check_pdf

PIECE = 64 * 1024
SIGNATURES = {
    b"%PDF-": FileKind.PDF,
    b"\xff\xd8\xff": FileKind.JPEG,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
}
PHOTO_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Given(NamedTuple):
    """A file as it came in, on disk and nameless."""

    content: BinaryIO
    size: int
    digest: bytes


def read_pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Return what a stream holds in pieces of a fixed size."""
    return iter(lambda: stream.read(PIECE), b"")


def taken_in(pieces: Iterable[bytes], opened: ExitStack) -> Given:
    """Write a file to a nameless place on disk while it comes; raise RuleBroken once it is too large, or if empty.

    It stays until `opened` closes.
    """
    content = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - `opened` closes it.
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        size += len(piece)
        if size > LARGEST_FILE:
            raise RuleBroken("file_too_large", most=LARGEST_FILE // MEGABYTE)
        digest.update(piece)
        content.write(piece)
    if not size:
        raise RuleBroken("file_empty")
    content.flush()
    return Given(content, size, digest.digest())


def verified(given: Given, opened: ExitStack) -> Verified:
    """Return the file as it will be kept; raise RuleBroken for what is none of the kinds, or hides something."""
    with mmap(given.content.fileno(), 0, access=ACCESS_READ) as data:
        if data[:4] == b"PK\x03\x04":
            return _as_it_came(office_kind(given.content), given)
        kind = _kind_of(data[:PIECE])
        if is_zipfile(given.content):
            raise RuleBroken("file_holds_more")
        if kind is FileKind.PDF:
            check_pdf(data)
            return _as_it_came(kind, given)
        image = plain_image(given.content, data, kind, opened)
    again = taken_in(read_pieces(image), opened)
    return Verified(kind, again.content, again.size, again.digest, given.digest)


def _as_it_came(kind: FileKind, given: Given) -> Verified:
    return Verified(kind, given.content, given.size, given.digest, given.digest)


def _kind_of(head: bytes) -> FileKind:
    """Return the kind that the first bytes tell; raise RuleBroken with what it seems to be instead."""
    for signature, kind in SIGNATURES.items():
        if head.startswith(signature):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return FileKind.WEBP
    for is_so, refusal in NOT_TAKEN:
        if is_so(head):
            raise refusal()
    raise RuleBroken("file_kind_unknown", found=_guessed(head))


def _is_photo_of_phone(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in PHOTO_BRANDS


def _is_old_office(head: bytes) -> bool:
    return head.startswith(OLD_OFFICE)


def _is_markup(head: bytes) -> bool:
    lower = head[:4096].lower()
    return any(sign in lower for sign in (b"<svg", b"<html", b"<!doctype html", b"<script", b"<?xml"))


def _is_late_pdf(head: bytes) -> bool:
    return b"%PDF-" in head


NOT_TAKEN: tuple[tuple[Callable[[bytes], bool], Callable[[], RuleBroken]], ...] = (
    (_is_photo_of_phone, lambda: RuleBroken("file_heic")),
    (_is_old_office, lambda: RuleBroken("file_old_office")),
    (_is_markup, lambda: RuleBroken("file_markup")),
    (_is_late_pdf, lambda: RuleBroken("file_holds_more")),
)
"""What is not taken but can be told, with what to do about it."""


def _guessed(head: bytes) -> str:
    """Return what a file seems to be, as its media type or ending; a question mark where nobody knows."""
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return "?"
    best = guesses[0] if guesses else None
    return (best.mime_type or best.extension or "?") if best else "?"
