"""The draft of a programme from a framework package: items of one type become EPAs, for people to write on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import Any

from competencies.errors import RuleBroken
from competencies.packages import Node, NodeKind, Package, places_of
from lms.authoring.shapes import part_shape
from lms.exchange.case.texts import OWN
from lms.exchange.package_files import name_of

MOST_EPAS = 200
LONGEST_TITLE = 300
LONGEST_KEY = 60
FORMAT = "bekwaam-curriculum/1"
_NO_KEY = re.compile(r"[^A-Za-z0-9._-]+")


def document_from(package: Package, item_type: str, *, taken: Collection[str] = ()) -> dict[str, Any]:
    """Return a programme whose EPAs are the items of a type ("" for those without one), in the order of the tree.

    A package of ours gives back what it was made of. Of another one the statement becomes the title, and what stands
    right under it the activities; the rest is for people to write. `taken` are keys of programmes that it is not.
    Raises RuleBroken: draft_without_items where no item has that type, draft_too_many_items where there are more than
    anybody trains for.
    """
    chosen = _chosen(package, item_type)
    if not chosen:
        raise RuleBroken("draft_without_items")
    check_number(len(chosen))
    ours = _own(package.rest)
    if ours is not None and all(_own(node.data) is not None for node in chosen):
        return {**ours, "epas": [_own(node.data) for node in chosen]}
    below = _statements_below(package)
    language = language_of(package.document)
    epas = [_epa(node, number, below.get(node.identifier, []), language) for number, node in enumerate(chosen, 1)]
    facts = _programme(package, language) | {"key": _free_key(package.title, taken)}
    return {"schema": FORMAT, "programme": facts, "epas": _with_own_keys(epas)}


def check_number(items: int) -> None:
    """Accept a number of items that can become EPAs; raise RuleBroken for more than anybody trains for."""
    if items > MOST_EPAS:
        raise RuleBroken("draft_too_many_items", items=items, most=MOST_EPAS)


def _chosen(package: Package, item_type: str) -> list[Node]:
    items = {node.identifier: node for node in package.of(NodeKind.ITEM)}
    in_order = (items[place.identifier] for place in places_of(package))
    return [node for node in in_order if (node.text("CFItemType") or "") == item_type]


def _own(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a package of ours says in our own words, or None where it says nothing."""
    extensions = data.get("extensions")
    own = extensions.get(OWN) if isinstance(extensions, Mapping) else None
    return dict(own) if isinstance(own, Mapping) else None


def _statements_below(package: Package) -> dict[str, list[str]]:
    """Return the statements right under each item, in their order."""
    titles = {node.identifier: node.title for node in package.of(NodeKind.ITEM)}
    below: dict[str, list[str]] = {}
    for place in places_of(package):
        if place.parent is not None:
            below.setdefault(place.parent, []).append(titles[place.identifier])
    return below


def language_of(document: Mapping[str, Any]) -> str:
    """Return the language of a package, of those that we have: English where it says so, else Dutch."""
    said = document.get("language")
    return "en" if isinstance(said, str) and said.lower().startswith("en") else "nl"


def _programme(package: Package, language: str) -> dict[str, Any]:
    title = {language: _short(package.title)}
    description = package.document.get("description")
    summary = {"summary": {language: description}} if isinstance(description, str) and description.strip() else {}
    facts: dict[str, Any] = part_shape("programme").empty()
    return (
        facts
        | {"version": "1", "status": "draft", "title": title, "short_title": title, "provenance": "adapted"}
        | (summary)
    )


def _epa(node: Node, number: int, activities: Sequence[str], language: str) -> dict[str, Any]:
    """Return an EPA from an item; its code is marked as ours, because no register gave it."""
    statement, code = node.title, node.text("humanCodingScheme")
    epa: dict[str, Any] = part_shape("epas").empty()
    epa |= {
        "key": _key(code or f"epa-{number}"),
        "local_code": f"CONCEPT-{_key(code or str(number))}",
        "version": "1",
        "order": number,
        "title": {language: _short(statement)},
        "type": "core",
        "provenance": "adapted",
    }
    specification = "\n\n".join(filter(None, [statement if len(statement) > LONGEST_TITLE else "", node.text("notes")]))
    if specification:
        epa["description"]["specification"] = {language: specification}
    if activities:
        epa["description"]["activities"] = {language: list(activities)}
    return epa


def _free_key(title: str, taken: Collection[str]) -> str:
    """Return the key that a title gives, with a number behind it where another programme has it."""
    key = name_of(title)[:LONGEST_KEY].strip("-")
    numbers = (f"{key}-{number}" for number in count(2))
    return key if key not in taken else next(one for one in numbers if one not in taken)


def _key(text: str) -> str:
    return _NO_KEY.sub("-", text).strip("-._")[:LONGEST_KEY] or "x"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _with_own_keys(epas: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the EPAs with a number behind the key, and the code, of each whose key another has already."""
    seen: set[str] = set()
    for epa in epas:
        key, number = epa["key"], 1
        while epa["key"] in seen:
            number += 1
            epa["key"] = f"{key}-{number}"
        if number > 1:
            epa["local_code"] = f"{epa['local_code']}-{number}"
        seen.add(epa["key"])
    return epas
