"""What axe and the window find wrong with a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.visiting import LAPTOP, PHONE, has_sideways_scroll, size

RUN_AXE = "rules => axe.run({resultTypes: ['violations'], ...rules}).then(found => found.violations)"
CUT_OFF = """
() => [...document.querySelectorAll(".page-actions > *, .form-actions > *")]
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map(one => one.textContent.trim())
"""
"""The names of what stands in a bar of buttons and beside the window: a fixed bar gives the page no scroll."""
EVERY_RULE: dict[str, Any] = {}
RULES_OF_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What axe judges by colours: all that the dark scheme changes; a test of the design system holds that."""


def wrong_with(page: Page) -> list[str]:
    """Return every finding on the page that is open, on a phone and a laptop, light and dark."""
    page.evaluate(AXE_SCRIPT)
    found = []
    for width in (LAPTOP, PHONE):
        page.set_viewport_size(size(width))
        page.emulate_media(color_scheme="light")
        findings = _found_by_axe(page, EVERY_RULE, "light")
        findings += ["it scrolls sideways"] if has_sideways_scroll(page) else []
        findings += [f"the window cuts off “{name}”" for name in page.evaluate(CUT_OFF)]
        page.emulate_media(color_scheme="dark")
        findings += _found_by_axe(page, RULES_OF_COLOUR, "dark")
        found += [f"{page.url} ({width}): {finding}" for finding in findings]
    return found


def _found_by_axe(page: Page, rules: dict[str, Any], scheme: str) -> list[str]:
    return [f"{scheme}: {_said(violation)}" for violation in page.evaluate(RUN_AXE, rules)]


def _said(violation: dict[str, Any]) -> str:
    """Return one finding of axe in a line."""
    where = "; ".join(" ".join(node["target"]) for node in violation["nodes"][:3])
    return f"{violation['impact']} {violation['id']}: {where}"
