"""The file formats that can be read, in the order in which they are asked."""

from __future__ import annotations

from lms.exchange.case.codec import CASE
from lms.exchange.codecs import Codec
from lms.exchange.moodle.codec import MOODLE
from lms.exchange.own.codec import JSON, YAML
from lms.exchange.xlsx.codec import WORKBOOKS

CODECS: tuple[Codec, ...] = (WORKBOOKS, CASE, JSON, MOODLE, YAML)


def codec_of(content: bytes, name: str) -> Codec | None:
    """Return the format of a file, or None where no format knows it."""
    return next((codec for codec in CODECS if codec.recognises(content, name)), None)


def codec_by(key: str) -> Codec:
    """Return the format with that key."""
    return next(codec for codec in CODECS if codec.key == key)
