"""The fields of a form as they stand on a page, and what can be chosen in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str | None]


@dataclass(slots=True)
class Field:
    """A field by what stands in it and what it offers."""

    standing: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)


class FormReader(HTMLParser):
    """Reads the one form of a page that is sent by POST and holds a field of a given name."""

    def __init__(self, holding: str) -> None:
        super().__init__()
        self._holding = holding
        self._now: dict[str, Field] = {}
        self._select: str | None = None
        self.found: dict[str, Field] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a field or an option."""
        given = dict(attrs)
        if tag == "form":
            self._now = {}
        elif tag == "select":
            self._select = given.get("name")
        elif tag == "option" and self._select:
            self._take(self._select, given, stands="selected" in given)
        elif tag == "input" and given.get("name") and given.get("type") not in {"submit", "button"}:
            choice = given.get("type") in {"radio", "checkbox"}
            self._take(str(given["name"]), given, stands="checked" in given or not choice)
        elif tag == "textarea" and given.get("name"):
            self._take(str(given["name"]), {"value": ""}, stands=True)

    def handle_endtag(self, tag: str) -> None:
        """Keep the form when it is the one."""
        if tag == "select":
            self._select = None
        if tag == "form" and self._holding in self._now:
            self.found = self._now

    def _take(self, name: str, given: Attributes, *, stands: bool) -> None:
        place = self._now.setdefault(name, Field())
        value = given.get("value") or ""
        place.offered.append(value)
        if stands:
            place.standing.append(value)


def form_on(page: str, *, holding: str) -> dict[str, Field]:
    """Return the fields of the form that holds a field of that name; raise `LookupError` when the page has none."""
    reader = FormReader(holding)
    reader.feed(page)
    if reader.found is None:
        raise LookupError(f"The page has no form with the field {holding}")
    return reader.found


def filled(fields: dict[str, Field], typed: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return what the form sends with these values typed over what stands in it, else over the first choice of each."""
    values = {name: place.standing or place.offered[:1] for name, place in fields.items()}
    chosen = {name: values[name] for name in values if name != "csrf_token"} | typed
    return [(name, value) for name, several in chosen.items() for value in several]
