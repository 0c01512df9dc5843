"""Texts in HTML from a Moodle: what stands in them, without anything that a page could run or load."""

from __future__ import annotations

import re
from html import escape, unescape

import nh3

PLAIN, MARKDOWN = "2", "4"
_ENDS = re.compile(r"<(?:/p|/li|/h[1-6]|/div|/tr|br ?/?)>", re.IGNORECASE)
_GAPS = re.compile(r"[ \t\r\f\v]*\n\s*")


def text_of(description: str, description_format: str) -> str:
    """Return the words of a description, a line for each paragraph."""
    if description_format in {PLAIN, MARKDOWN}:
        return description.strip()
    bare = unescape(nh3.clean(_ENDS.sub("\n", description), tags=set()))
    return _GAPS.sub("\n", bare).strip()


def html_of(text: str) -> str:
    """Return a text as HTML, a paragraph for each line."""
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines() if line.strip())
