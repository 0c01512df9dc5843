"""Portable documents: whole, and with nothing in them that acts, starts or hides (ISO 32000-2, 7.5 and 12.6)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from mmap import mmap

from competencies.errors import RuleBroken
from lms.evidence.values import MEGABYTE

HEADER = re.compile(rb"%PDF-[12]\.\d[\s%]")
END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF[\s\x00]*\Z")
TABLE = re.compile(rb"\s*(xref|\d{1,10}\s+\d{1,5}\s+obj)\b")
NAME = re.compile(rb"/((?:[A-Za-z0-9._+-]|#[0-9A-Fa-f]{2}){2,60})")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"(?<!end)stream\r?\n")
TAIL = 2048
LARGEST_DICTIONARY = 64 * 1024
LARGEST_INFLATED = 300 * MEGABYTE
PIECE = 256 * 1024
OVERLAP = 200
ACTS = {
    b"JavaScript": "script",
    b"Launch": "launch",
    b"EmbeddedFile": "files",
    b"EmbeddedFiles": "files",
    b"GoToE": "files",
    b"RichMedia": "files",
    b"SubmitForm": "sending",
    b"ImportData": "sending",
    b"Encrypt": "password",
}
"""Names that no harmless document needs, wherever they stand: too long to be there by chance."""
ACTS_OUTSIDE = {b"JS": "script", b"XFA": "script"}
"""Shorter names, which the bytes of a picture may hold by chance: looked for outside of streams only."""
PACKED_OTHERWISE = re.compile(rb"/(LZW|LZWDecode|A85|ASCII85Decode|AHx|ASCIIHexDecode|RL|RunLengthDecode|Crypt)\b")


def check_pdf(data: mmap) -> None:
    """Raise RuleBroken for a document that is not whole, or that can do more than be read."""
    _check_frame(data)
    streams = [match.end() for match in STREAM.finditer(data)]
    _check_names(data, ACTS)
    for outside in _outside(data, streams):
        _check_names(outside, ACTS | ACTS_OUTSIDE)
    left = LARGEST_INFLATED
    for start in streams:
        left -= _check_stream(data, start, left)


def _check_frame(data: mmap) -> None:
    """Find the beginning, the end, and the table that the end points to."""
    if not HEADER.match(data):
        raise RuleBroken("file_damaged")
    end = END.search(data[-TAIL:])
    if end is None and data.rfind(b"%%EOF") >= 0:
        raise RuleBroken("file_holds_more")
    if end is None:
        raise RuleBroken("file_damaged")
    if not TABLE.match(data, int(end[1])) or (data.find(b"/Root") < 0 and data.find(b"/XRef") < 0):
        raise RuleBroken("file_damaged")


def _outside(data: mmap, streams: list[int]) -> Iterator[bytes]:
    """Return what stands between the streams."""
    at = 0
    for start in streams:
        if start < at:
            continue
        yield data[at:start]
        at = data.find(b"endstream", start)
        if at < 0:
            raise RuleBroken("file_damaged")
    yield data[at:]


def _check_names(text: bytes | mmap, refused: dict[bytes, str]) -> None:
    for match in NAME.finditer(text):
        name = ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), match[1])
        if name in refused:
            raise _refusal(refused[name])


def _refusal(what: str) -> RuleBroken:
    return {
        "script": RuleBroken("pdf_script"),
        "launch": RuleBroken("pdf_launch"),
        "files": RuleBroken("pdf_files"),
        "sending": RuleBroken("pdf_sending"),
        "password": RuleBroken("file_password"),
    }[what]


def _check_stream(data: mmap, start: int, left: int) -> int:
    """Look through a stream that may hold objects, and return how many bytes it unpacked to."""
    before = data[max(0, start - LARGEST_DICTIONARY) : start]
    dictionary = ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), before[max(0, before.rfind(b"obj")) :])
    holds_objects = b"/ObjStm" in dictionary or b"/First" in dictionary
    if holds_objects and (PACKED_OTHERWISE.search(dictionary) or b"/Predictor" in dictionary):
        raise RuleBroken("pdf_packed")
    if b"/Image" in dictionary and not holds_objects:
        return 0
    return _check_inflated(data, start, left)


def _check_inflated(data: mmap, start: int, left: int) -> int:
    """Unpack a stream in pieces, as far as it can be, and look for names in each."""
    unpacking, size, kept, at = zlib.decompressobj(), 0, b"", start
    waiting = b""
    try:
        while not unpacking.eof and (waiting or at < len(data)):
            if not waiting:
                waiting, at = data[at : at + PIECE], at + PIECE
            piece = unpacking.decompress(waiting, PIECE)
            waiting = unpacking.unconsumed_tail
            size += len(piece)
            _check_names(kept + piece, ACTS)
            kept = piece[-OVERLAP:]
            if size > left:
                raise RuleBroken("file_swells")
    except zlib.error:
        return size
    return size
