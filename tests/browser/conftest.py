"""A real browser and the site it visits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import Site, serving
from tests.browser.visiting import People
from tests.chromium import ARGUMENTS, needed


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a running Chromium.

    It ends with its module: while it runs, its event loop is the one of this thread, and other tests need their own.
    """
    chromium = needed()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def shared_site(copy_of_demonstration: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the site for tests that only read: one for all of them in this process."""
    with serving(copy_of_demonstration(), tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def own_site(copy_of_demonstration: Callable[[], str], tmp_path: Path) -> Iterator[Site]:
    """Return a site of its own for a test that writes."""
    with serving(copy_of_demonstration(), tmp_path) as site:
        yield site


@pytest.fixture(scope="module")
def readers(browser: Browser, shared_site: Site) -> People:
    """Return the demonstration people on the site that is only read."""
    return People(browser, shared_site)


@pytest.fixture
def people(browser: Browser, own_site: Site) -> People:
    """Return the demonstration people on the site of this test."""
    return People(browser, own_site)
