"""What is asked about accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from lms.accounts.models import SignInAttempt, User, UserSession

WINDOW = timedelta(minutes=15)
ADDRESS_FACTOR = 10
"""Behind one hospital address many people sign in: it may fail ten times as often as one account."""


def hashed(secret: str) -> bytes:
    """Return the SHA-256 (32 bytes) under which a token, an account or an address is stored."""
    return hashlib.sha256(secret.encode()).digest()


def user_by_email(session: Session, email: str) -> User | None:
    """Return the account of an e-mail address, however it is capitalised."""
    return session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def session_by_token(session: Session, token: str, *, at: datetime) -> UserSession | None:
    """Return the live session of a cookie's token, its person loaded; None when it expired or was revoked."""
    return session.scalar(
        select(UserSession)
        .join(User)
        .where(
            UserSession.token_hash == hashed(token),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > at,
            User.disabled_at.is_(None),
        )
        .options(joinedload(UserSession.user))
    )


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
