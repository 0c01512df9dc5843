"""What is asked about accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, LargeBinary, Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from lms.accounts.models import SignInAttempt, User, UserSession
from lms.core.clock import day_of

WINDOW = timedelta(minutes=15)
ADDRESS_FACTOR = 10
"""Behind one hospital address many people sign in: it may fail ten times as often as one account."""


def hashed(secret: str) -> bytes:
    """Return the SHA-256 (32 bytes) under which a token, an account or an address is stored."""
    return hashlib.sha256(secret.encode()).digest()


def user_by_email(session: Session, email: str) -> User | None:
    """Return the account of an e-mail address, however it is capitalised; somebody from outside has none."""
    return session.scalar(_with_email(email).where(User.outside.is_(False)))


def person_by_email(session: Session, email: str) -> User | None:
    """Return who is known by an e-mail address, with an account or from outside."""
    return session.scalar(_with_email(email))


def _with_email(email: str) -> Select[User]:
    return select(User).where(func.lower(User.email) == email.strip().lower())


def live_session(*known: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Select the live session of a token, its person loaded, with what else is known of that person.

    The columns of `known` hang on `User` and may name the parameter `today`.
    """
    return (
        select(UserSession, *known)
        .join(UserSession.user)
        .where(
            UserSession.token_hash == bindparam("token_hash", type_=LargeBinary),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > bindparam("now", type_=DateTime(timezone=True)),
            User.disabled_at.is_(None),
            User.outside.is_(False),
        )
        .options(contains_eager(UserSession.user))
    )


def session_by_token(
    session: Session, asked: Select[*tuple[Any, ...]], token: str, *, at: datetime
) -> Row[*tuple[Any, ...]] | None:
    """Return what `live_session` selects for a cookie's token; None when its session expired or was revoked."""
    values = {"token_hash": hashed(token), "now": at, "today": day_of(at)}
    return session.execute(asked, values).one_or_none()


def live_sessions(session: Session, user: User, *, at: datetime) -> Sequence[UserSession]:
    """Return the sessions by which the person is signed in, the newest first."""
    return session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None), UserSession.expires_at > at)
        .order_by(UserSession.created_at.desc())
    ).all()


def one_session(session: Session, session_id: UUID, user: User) -> UserSession | None:
    """Return one of the person's own sessions."""
    return session.scalar(select(UserSession).where(UserSession.id == session_id, UserSession.user_id == user.id))


def is_throttled(session: Session, *, email: str, address: str, limit: int, at: datetime) -> bool:
    """Whether too many attempts failed lately, for the account or from the address."""
    account, place = hashed(email.strip().lower()), hashed(address)
    failed = (
        select(
            func.count().filter(SignInAttempt.account_hash == account),
            func.count().filter(SignInAttempt.address_hash == place),
        )
        .where(SignInAttempt.at > at - WINDOW, SignInAttempt.succeeded.is_(False))
        .where(or_(SignInAttempt.account_hash == account, SignInAttempt.address_hash == place))
    )
    of_account, of_address = session.execute(failed).one()
    return of_account >= limit or of_address >= limit * ADDRESS_FACTOR
