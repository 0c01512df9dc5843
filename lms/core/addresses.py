"""The address of this site as others know it."""

from __future__ import annotations

from flask import current_app, request


def site_address() -> str:
    """Return the address that is set for this installation, else the one that was asked; without a slash at its end."""
    return str(current_app.config["BEKWAAM"].public_url) or request.url_root.rstrip("/")


def lasting_address(endpoint: str, **values: object) -> str:
    """Return the whole address of a page as a mail names it, whoever asks, and where nobody does."""
    settings = current_app.config["BEKWAAM"]
    site = settings.public_url or f"http://{settings.host}:{settings.port}"
    return str(site) + str(current_app.url_map.bind("").build(endpoint, values))
