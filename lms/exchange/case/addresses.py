"""The addresses of CASE things at a provider, and the identifiers that we give to ours; neither ever changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competencies.packages import stable_identifier

ROOT = "/ims/case/v1p1"


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


def in_programme(key: str, version: str, *names: str) -> str:
    """Return the identifier of what a version of a programme calls so."""
    return stable_identifier("programme", key, version, *names)


def in_framework(key: str, *names: str) -> str:
    """Return the identifier of what a framework calls so that no programme brings along."""
    return stable_identifier("framework", key, *names)
