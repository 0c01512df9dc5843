"""Less searching for garbage: what is imported and collected stays until the end, so nobody needs to look through it.

A pytest plugin: `pytest_plugins = ["tests.garbage"]` in `conftest.py`. What a test leaves behind is found as before.
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Import all tests without a search in between, and leave out of later ones what is there then."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)  # As where pages are served.
        gc.enable()
