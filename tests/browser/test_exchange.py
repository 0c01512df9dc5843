"""Importing in a real browser: the page follows the worker by itself, and without a script a link does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import warm
from tests.browser.judging import wrong_with
from tests.browser.serving import Site
from tests.browser.steps import LEAD
from tests.browser.visiting import PHONE, People, has_sideways_scroll
from tests.exchange.packages import as_file, small_package
from tests.words import Words, words_in

pytestmark = pytest.mark.browser


@contextmanager
def working(site: Site) -> Iterator[None]:
    """Let a worker of its own do what waits, as long as the block takes."""
    running = warm.started("lms.operations", ["worker"], site.environment, site.folder / "worker.log")
    try:
        yield
    finally:
        warm.stop(running, within=30)


def hand_in(page: Page, said: Words, file: Path) -> None:
    page.goto("/imports")
    page.get_by_label(said("File"), exact=True).set_input_files(file)
    page.get_by_role("button", name=said("Show the preview")).click()
    expect(page.get_by_role("heading", name=said("Waits to be read"))).to_be_visible()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_of_an_import_follows_the_worker(
    people: People, own_site: Site, tmp_path: Path, language: str
) -> None:
    said, file = words_in(language), tmp_path / "framework.json"
    file.write_bytes(as_file(small_package()))
    with people.page_of(LEAD, language, PHONE) as page:
        hand_in(page, said, file)
        found = wrong_with(page)
        with working(own_site):
            page.get_by_role("button", name=said("Import"), exact=True).click()
            expect(page.get_by_role("heading", name=said("This file is imported"))).to_be_visible()
        found += wrong_with(page)
        page.get_by_role("link", name=said("Look at the framework")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Small")
        assert not has_sideways_scroll(page)
    assert not found, "\n".join(found)


def test_importing_needs_no_script(people: People, own_site: Site, tmp_path: Path) -> None:
    said, file = words_in("en"), tmp_path / "framework.json"
    file.write_bytes(as_file(small_package()))
    with people.page_of(LEAD, "en", PHONE, scripts=False) as page, working(own_site):
        page.goto("/imports")
        page.get_by_label(said("File"), exact=True).set_input_files(file)
        page.get_by_role("button", name=said("Show the preview")).click()
        look_until(page, said, page.get_by_role("button", name=said("Import"), exact=True))
        page.get_by_role("button", name=said("Import"), exact=True).click()
        look_until(page, said, page.get_by_role("heading", name=said("This file is imported")))


def look_until(page: Page, said: Words, shown: Locator) -> None:
    """Press the link to look again until that is shown."""
    again = page.get_by_role("link", name=said("Look again"))
    for _look in range(200):
        expect(again.or_(shown)).to_be_visible()
        if shown.is_visible():
            return
        again.click()
    raise AssertionError("the worker did not come to it")
