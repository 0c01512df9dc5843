"""People who are signed in: their cookie and the token that their forms carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import flask
from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from benchmarks.client import Request
from lms.accounts.actions import open_session
from lms.accounts.models import User
from lms.core import clock, db

LANGUAGE = "nl"


@dataclass(frozen=True, slots=True)
class Reader:
    """A browser that a person is signed in with, or nobody."""

    cookie: str
    token: str

    def get(self, path: str, **headers: str) -> Request:
        """Return the request for a page."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Request(path, self._headers() | named)

    def post(self, path: str, form: Sequence[tuple[str, str]] = ()) -> Request:
        """Return the request that sends a form."""
        return Request(path, self._headers(), (("csrf_token", self.token), *form))

    def _headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Accept-Language": LANGUAGE}


def sign_in(app: Flask, people: Iterable[UUID]) -> Mapping[UUID, Reader]:
    """Return a signed-in reader for each of the people."""
    with app.app_context(), db.transaction() as session:
        users = session.scalars(select(User).where(User.id.in_(set(people))).order_by(User.id)).all()
        tokens = {user.id: open_session(session, user, device="Measurement", at=clock.now())[1] for user in users}
    return {person: _reader(app, {"_user_id": token, "_fresh": True}) for person, token in tokens.items()}


def nobody(app: Flask) -> Reader:
    """Return a reader who did not sign in."""
    return _reader(app, {})


def _reader(app: Flask, kept: Mapping[str, object]) -> Reader:
    """Return the browser whose cookie keeps these values, made by the application's own hand."""
    with app.test_request_context("/"):
        flask.session.permanent = True
        flask.session.update(kept)
        token = generate_csrf()
        answer = app.response_class()
        app.session_interface.save_session(app, flask.session, answer)
    return Reader(answer.headers["Set-Cookie"].partition(";")[0], token)
