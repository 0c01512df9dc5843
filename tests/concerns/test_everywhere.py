"""A marked concern reaches its trainee by one page, once somebody talked with them and shared it.

That nobody else finds it on any route is walked by `tests/reflections/test_everywhere.py`.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.concerns.concerns import talk
from tests.walking import Found, Walk


def test_a_trainee_finds_what_was_talked_over_and_shared_on_one_page(
    app: Flask, session: Session, today: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    walk = Walk(app, session)
    talk(session, walk.world.here, walk.concern)
    found = {one for one in walk.opened("trainee") if one.mark == "concern"}
    assert found == {Found("concern", "trainee", "GET", "concerns.concern")}
