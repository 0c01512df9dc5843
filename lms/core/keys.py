"""Keys: UUIDs that sort by the time they were made."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from uuid import UUID

_RANDOM_BYTES = 10
_VERSION_7 = 0x7000
_VARIANT_RFC = 0x8000_0000_0000_0000
_source: ContextVar[Callable[[], UUID] | None] = ContextVar("source", default=None)


@contextmanager
def keys_from(source: Callable[[], UUID]) -> Iterator[None]:
    """Take every new key from there for a while, so that what our own actions generate repeats."""
    before = _source.set(source)
    try:
        yield
    finally:
        _source.reset(before)


def uuid7(milliseconds: int | None = None, randomness: bytes | None = None) -> UUID:
    """Return a UUID of version 7 (RFC 9562, section 5.7).

    `milliseconds` since the Unix epoch and ten bytes of `randomness` may be given, so that generated data repeats;
    within `keys_from` a key without either comes from there.
    """
    source = _source.get()
    if source is not None and milliseconds is None and randomness is None:
        return source()
    moment = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    noise = os.urandom(_RANDOM_BYTES) if randomness is None else randomness
    high = (moment << 16) | _VERSION_7 | (int.from_bytes(noise[:2]) & 0x0FFF)
    low = _VARIANT_RFC | (int.from_bytes(noise[2:]) & 0x3FFF_FFFF_FFFF_FFFF)
    return UUID(int=(high << 64) | low)


def derived(key: UUID, number: int = 0) -> UUID:
    """Return the key that follows from one of version 7, always the same; `number` tells several apart.

    What a browser names by a key that it made is stored under the one derived from it. So the same key never makes two,
    and nobody can choose a stored key, such as that of something else.
    """
    mark = sha256(key.bytes + number.to_bytes(4)).digest()
    return uuid7(key.int >> 80, mark[:_RANDOM_BYTES])
