"""The address of this site as others know it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import current_app, has_request_context, request, url_for


def site_address() -> str:
    """Return the address that is set for this installation, else the one that was asked; without a slash at its end."""
    return str(current_app.config["BEKWAAM"].public_url) or request.url_root.rstrip("/")


def path_to(endpoint: str, **values: Any) -> str:
    """Return the path of a page, as `url_for` does; where keys alone name it, its shape is worked out only once."""
    if endpoint[0] == "." or not has_request_context() or not all(type(value) is UUID for value in values.values()):
        return url_for(endpoint, **values)
    return _shape(request.script_root, endpoint, tuple(values)) % values


@lru_cache(maxsize=2048)
def _shape(_root: str, endpoint: str, names: tuple[str, ...]) -> str:
    """Return the path of a page under that root, with the place of each key left open."""
    stand_ins: dict[str, Any] = {name: UUID(int=number) for number, name in enumerate(names)}
    shape = url_for(endpoint, **stand_ins).replace("%", "%%")
    for name, key in stand_ins.items():
        shape = shape.replace(str(key), f"%({name})s")
    return shape


def lasting_address(endpoint: str, **values: object) -> str:
    """Return the whole address of a page as a mail names it, whoever asks, and where nobody does."""
    settings = current_app.config["BEKWAAM"]
    site = settings.public_url or f"http://{settings.host}:{settings.port}"
    return str(site) + str(current_app.url_map.bind("").build(endpoint, values))
