"""A package as CASE 1.1: the same content always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from competencies.packages import Package
from lms.exchange.case.names import DEFINITION_LISTS, DEFINITIONS, DOCUMENT, LIST_OF, place_of


def case_of(package: Package) -> dict[str, Any]:
    """Return a package as the JSON value of a CFPackage, with everything that its source held."""
    lists: dict[str, list[Any]] = {}
    for node in package.nodes:
        lists.setdefault(LIST_OF[node.kind], []).append(node.data)
    definitions = {name: nodes for name, nodes in lists.items() if name in DEFINITION_LISTS}
    whole = {**package.rest, DOCUMENT: package.document}
    whole |= {name: nodes for name, nodes in lists.items() if name not in DEFINITION_LISTS}
    if definitions:
        whole[DEFINITIONS] = {**(whole.get(DEFINITIONS) or {}), **definitions}
    ordered: dict[str, Any] = in_order(whole)
    return ordered


def in_order(value: Any) -> Any:
    """Return a JSON value with the keys of every object in our order; lists stay as they are."""
    if isinstance(value, Mapping):
        return {key: in_order(value[key]) for key in sorted(value, key=place_of)}
    return [in_order(one) for one in value] if isinstance(value, list | tuple) else value


def written(package: Package) -> bytes:
    """Return a package as a file of CASE 1.1, in UTF-8."""
    return as_file(case_of(package))


def as_file(whole: Mapping[str, Any]) -> bytes:
    """Return the JSON value of a package as a file."""
    return (json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()
