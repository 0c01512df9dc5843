"""Every page for everybody: axe finds nothing at all, on a phone and a laptop, light and dark, in both languages."""

from __future__ import annotations

from itertools import product
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Page

from tests.browser.addresses import NOT_PAGES, PAGES, addresses_of
from tests.browser.serving import Site
from tests.browser.visiting import LAPTOP, PHONE, People, has_sideways_scroll, size

pytestmark = pytest.mark.browser

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RUN_AXE = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("email", PAGES, ids=lambda email: email.partition("@")[0] or "nobody")
def test_every_page_is_for_everybody(readers: People, app: Flask, shared_site: Site, email: str, language: str) -> None:
    addresses = addresses_of(email, app, shared_site.database_url)
    with readers.page_of(email, language) as page:
        found = [line for address in addresses for line in found_on(page, address, language)]
    assert not found, "\n".join(found)


def found_on(page: Page, address: str, language: str) -> list[str]:
    """Return what is wrong with the page at an address, in every window and scheme."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, f"{address}: {answer.status}"
    assert page.url.endswith(address)
    assert page.locator("html").get_attribute("lang") == language
    page.evaluate(AXE_SCRIPT)
    found = []
    for width, scheme in product((LAPTOP, PHONE), SCHEMES):
        page.set_viewport_size(size(width))
        page.emulate_media(color_scheme=scheme)
        found += [f"{address} ({width}, {scheme}): {line}" for line in map(said, page.evaluate(RUN_AXE))]
        if has_sideways_scroll(page):
            found.append(f"{address} ({width}): scrolls sideways")
    return found


def said(violation: dict[str, Any]) -> str:
    """Return one finding of axe in a line."""
    where = "; ".join(" ".join(node["target"]) for node in violation["nodes"][:3])
    return f"{violation['impact']} {violation['id']}: {where}"


def test_every_page_that_can_be_read_is_visited(app: Flask) -> None:
    read = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    visited = {endpoint for pages in PAGES.values() for endpoint in pages}
    assert visited.isdisjoint(NOT_PAGES)
    assert visited | NOT_PAGES == read
