"""The addresses of CASE things at a provider, and the identifiers that we give to ours; neither ever changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from competencies.packages import stable_identifier

ROOT = "/ims/case/v1p1"


def provider_of(place_id: UUID | None, *, base: str) -> str:
    """Return the base address of the provider of an organisation or alliance; without one the common provider."""
    return base if place_id is None else f"{base}/providers/{place_id}"


def address(kind: str, identifier: str, *, base: str) -> str:
    """Return the address of a thing, such as of the kind CFItems, at the provider with that base address."""
    return f"{base}{ROOT}/{kind}/{identifier}"


def with_base(value: Any, base: str) -> Any:
    """Return a JSON value in which every address of ours that was stored without its base has it."""
    if isinstance(value, Mapping):
        return {key: _at(key, inner, base) for key, inner in value.items()}
    return [with_base(one, base) for one in value] if isinstance(value, list) else value


def _at(key: str, value: Any, base: str) -> Any:
    if key == "uri" and isinstance(value, str) and value.startswith(ROOT):
        return base + value
    return with_base(value, base)


def written_with_base(content: bytes, base: str) -> bytes:
    """Return a written package in which every address of ours that was stored without its base has it.

    Inside a text every quotation mark has a backslash before it, and before the name of a field stands a space.
    """
    begins, with_its_base = (f' "uri": {json.dumps(start, ensure_ascii=False)[:-1]}' for start in (ROOT, base + ROOT))
    return content.replace(begins.encode(), with_its_base.encode())


def in_programme(key: str, version: str, *names: str) -> str:
    """Return the identifier of what a version of a programme calls so."""
    return stable_identifier("programme", key, version, *names)


def in_framework(key: str, *names: str) -> str:
    """Return the identifier of what a framework calls so that no programme brings along."""
    return stable_identifier("framework", key, *names)
