"""Who is asking, and what people may do to accounts."""

from __future__ import annotations

from typing import Any, cast

from flask import g
from flask_login import current_user
from sqlalchemy import Row

from lms.accounts.models import User, UserSession
from lms.core.links import is_by_link
from lms.core.publishing import is_published


class SignedIn:
    """The person of this request with the session they came by, as Flask-Login wants to see them.

    `known` is what was asked of the person together with the session: see `accounts.queries.live_session`.
    """

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, known: Row[*tuple[Any, ...]], token: str) -> None:
        self.known = known
        self.session: UserSession = known[0]
        self.user: User = self.session.user
        self._token = token

    def get_id(self) -> str:
        """Return the token of the session row: the cookie holds nothing else."""
        return self._token


def me() -> User:
    """Return the person who is asking; only behind the gate `signed_in`."""
    return cast(SignedIn, current_user).user


def known_of_me() -> Any:
    """Return what was asked of the person who is asking when they were let in, by the names of its columns."""
    return cast(SignedIn, current_user).known


def my_session() -> UserSession:
    """Return the session by which the person is asking."""
    return cast(SignedIn, current_user).session


def someone() -> User | None:
    """Return the person who is asking; None where nobody signed in, nobody is known, or a failure makes it so."""
    if g.get("reader_unknown") or is_published() or is_by_link():
        return None
    return cast(SignedIn, current_user).user if current_user and current_user.is_authenticated else None


def can_revoke(user: User, session: UserSession) -> bool:
    """Whether the person may end that session: their own only."""
    return session.user_id == user.id
