"""What axe and the window find wrong with a page."""

from __future__ import annotations

from itertools import product
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.visiting import LAPTOP, PHONE, has_sideways_scroll, size

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RUN_AXE = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"


def wrong_with(page: Page) -> list[str]:
    """Return every finding on the page that is open, on a phone and a laptop, light and dark."""
    page.evaluate(AXE_SCRIPT)
    found = []
    for width, scheme in product((LAPTOP, PHONE), SCHEMES):
        page.set_viewport_size(size(width))
        page.emulate_media(color_scheme=scheme)
        findings = [_said(violation) for violation in page.evaluate(RUN_AXE)]
        findings += ["it scrolls sideways"] if has_sideways_scroll(page) else []
        found += [f"{page.url} ({width}, {scheme}): {finding}" for finding in findings]
    return found


def _said(violation: dict[str, Any]) -> str:
    """Return one finding of axe in a line."""
    where = "; ".join(" ".join(node["target"]) for node in violation["nodes"][:3])
    return f"{violation['impact']} {violation['id']}: {where}"
