"""The address of this site as others know it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from flask import current_app, has_request_context, request, url_for


def site_address() -> str:
    """Return the address that is set for this installation, else the one that was asked; without a slash at its end."""
    return str(current_app.config["BEKWAAM"].public_url) or request.url_root.rstrip("/")


def path_to(endpoint: str, **values: Any) -> str:
    """Return the path of a page, as `url_for` does; where keys and texts alone name it, its shape is worked out once.

    A page of the same feature is named by a dot, as for `url_for`.
    """
    if not has_request_context():
        return url_for(endpoint, **values)
    keys, texts = {}, []
    for name, value in values.items():
        if type(value) is UUID:
            keys[name] = value
        elif type(value) is str:
            texts.append((name, value))
        else:
            return url_for(endpoint, **values)
    if endpoint[0] == ".":
        endpoint = f"{request.blueprint}{endpoint}"
    return _shape(request.script_root, endpoint, tuple(keys), tuple(texts)) % keys


@lru_cache(maxsize=4096)
def _shape(_root: str, endpoint: str, names: tuple[str, ...], texts: tuple[tuple[str, str], ...]) -> str:
    """Return the path of a page under that root, with the place of each key left open."""
    stand_ins = {name: uuid4() for name in names}
    values: dict[str, Any] = {**stand_ins, **dict(texts)}
    shape = url_for(endpoint, **values).replace("%", "%%")
    for name, key in stand_ins.items():
        shape = shape.replace(str(key), f"%({name})s")
    return shape


def lasting_address(endpoint: str, **values: object) -> str:
    """Return the whole address of a page as a mail names it, whoever asks, and where nobody does."""
    settings = current_app.config["BEKWAAM"]
    site = settings.public_url or f"http://{settings.host}:{settings.port}"
    return str(site) + str(current_app.url_map.bind("").build(endpoint, values))
