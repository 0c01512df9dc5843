"""The devices of an account: what a browser calls itself, in words that its owner recognises."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.core.devices import device_name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Mac"),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_a_device_is_named_by_its_browser_and_system(app: Flask, user_agent: str, name: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert device_name(user_agent) == name
