"""What the tests of reports share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel


@pytest.fixture
def in_english() -> Iterator[None]:
    """Let words be English, without the web or a database."""
    app = Flask("words")
    Babel(app, default_locale="en")
    with app.app_context():
        yield
