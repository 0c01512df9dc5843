"""The order of the tests: random, but those in a browser begin, in each half of the run.

A pytest plugin. Two workers begin with a half each and take from the end of one another's when theirs is done. A test
of a minute that began last would let one of them wait for the other; at the end there should be short tests only.
"""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put half of the long tests before each half of the run; among themselves all keep the order they were given."""
    long = [item for item in items if item.get_closest_marker("browser")]
    short = [item for item in items if not item.get_closest_marker("browser")]
    half = len(long) // 2
    rest = max(0, len(items) // 2 - half)
    items[:] = [*long[:half], *short[:rest], *long[half:], *short[rest:]]
