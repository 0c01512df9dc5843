"""A mark that occurs nowhere else, and a search for it in whatever came out, also packed or written otherwise."""

from __future__ import annotations

import gzip
import re
import zlib
from base64 import b64encode, urlsafe_b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from secrets import token_hex
from urllib.parse import unquote_to_bytes
from zipfile import BadZipFile, ZipFile

DEEPEST = 3
"""So many times something is unpacked that came out of a pack."""
PACKED = re.compile(rb"[A-Za-z0-9_-]{16,}")


class Mark:
    """A random word, with every way in which it may be written."""

    def __init__(self) -> None:
        self.word = f"zq{token_hex(12)}"
        word = self.word.encode()
        self._forms = {word, word[::-1], word.hex().encode(), self.word.encode("utf-16-le"), *_in_base64(word)}

    def is_in(self, came_out: bytes | str) -> bool:
        """Return whether the mark is in what came out, in any form and however packed."""
        whole = came_out.encode() if isinstance(came_out, str) else came_out
        return any(self._is_plain_in(piece) for piece in _pieces(whole, DEEPEST))

    def _is_plain_in(self, piece: bytes) -> bool:
        return any(form in piece for form in self._forms)


def marks_in(came_out: bytes, marks: Mapping[str, Mark]) -> set[str]:
    """Return the names of the marks that are in what came out, which is unpacked once for all of them."""
    pieces = list(_pieces(came_out, DEEPEST))
    return {name for name, mark in marks.items() if any(mark._is_plain_in(piece) for piece in pieces)}


def _in_base64(word: bytes) -> Iterator[bytes]:
    """Yield what base64 makes of the word wherever it begins, without the signs that its neighbours take part in."""
    for before in range(3):
        whole = b64encode(b"\0" * before + word)
        first, last = (8 * before + 5) // 6, 8 * (before + len(word)) // 6
        yield whole[first:last]


def _pieces(whole: bytes, deep: int) -> Iterator[bytes]:
    """Yield what there is to look through: the thing itself, lower case, unquoted, and what is packed in it."""
    yield whole
    yield whole.lower()
    if b"%" in whole:
        yield unquote_to_bytes(whole)
    if deep:
        for inner in _unpacked(whole):
            yield from _pieces(inner, deep - 1)


def _unpacked(whole: bytes) -> Iterator[bytes]:
    if whole.startswith(b"PK"):
        with suppress(BadZipFile), ZipFile(BytesIO(whole)) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    if whole.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError, zlib.error):
            yield gzip.decompress(whole)
    if len(whole) < 10_000:  # Cookies and the like: a text in signs, packed or not.
        yield from (inner for signs in PACKED.findall(whole) for inner in _from_signs(signs))


def _from_signs(signs: bytes) -> Iterator[bytes]:
    with suppress(Error):
        plain = urlsafe_b64decode(signs + b"=" * (-len(signs) % 4))
        yield plain
        with suppress(zlib.error):
            yield zlib.decompress(plain)
