"""The file formats that can be read, in the order in which they are asked."""

from __future__ import annotations

from lms.exchange.case.codec import CASE
from lms.exchange.codecs import Codec

CODECS: tuple[Codec, ...] = (CASE,)


def codec_of(content: bytes, name: str) -> Codec | None:
    """Return the format of a file, or None where no format knows it."""
    return next((codec for codec in CODECS if codec.recognises(content, name)), None)


def codec_by(key: str) -> Codec:
    """Return the format with that key."""
    return next(codec for codec in CODECS if codec.key == key)
