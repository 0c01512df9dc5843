"""Work that makes much and drops nothing: looking for cyclic garbage meanwhile is time for nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leave the search for cyclic garbage out: a fifth of reading the application, a quarter of a demonstration."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
