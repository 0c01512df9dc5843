"""The map of the public pages, as search engines read it (sitemaps.org, with the languages of each page)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def as_xml(pages: Iterable[Mapping[str, str]]) -> bytes:
    """Return the map of pages, each with its address by language."""
    whole = Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for addresses in pages:
        for address in addresses.values():
            page = SubElement(whole, "url")
            SubElement(page, "loc").text = address
            for language, alternate in addresses.items():
                SubElement(page, "xhtml:link", {"rel": "alternate", "hreflang": language, "href": alternate})
    written: bytes = tostring(whole, encoding="utf-8", xml_declaration=True)
    return written
