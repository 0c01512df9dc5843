"""What changes accounts and sessions."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import SignInAttempt, User, UserSession
from lms.accounts.passwords import hash_of
from lms.accounts.queries import WINDOW, hashed, person_by_email
from lms.core.audit import record

SESSION_LASTS = timedelta(hours=14)
"""A long shift and the hand-over after it."""


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    password: str | None,
    by: User | None,
    at: datetime,
    password_is_first: bool = False,
) -> User:
    """Make an account; the e-mail address must not have one yet (`RuleBroken` email_taken).

    A first password is one that somebody else saw: it opens nothing but the page to choose one's own. Who assessed from
    outside under that address keeps what they gave.
    """
    known = person_by_email(session, email)
    if known is not None and not known.outside:
        raise RuleBroken("email_taken", email=email)
    user = known or User(email=email.strip(), created_at=at)
    user.name, user.outside = name, False
    user.password_hash, user.password_is_first = hash_of(password) if password else None, password_is_first
    session.add(user)
    session.flush()
    record(
        session,
        "account.created",
        subject=user.id,
        by=by.id if by else None,
        at=at,
        after={"email": email, "name": name},
    )
    return user


def note_outsider(session: Session, *, email: str, name: str, by: User | None, at: datetime) -> User:
    """Return who is known by an e-mail address; somebody new is noted as from outside, without an account."""
    known = person_by_email(session, email)
    if known is not None:
        return known
    user = User(email=email.strip(), name=name, created_at=at, outside=True)
    session.add(user)
    session.flush()
    facts = {"email": user.email, "name": name}
    record(session, "account.noted", subject=user.id, by=by.id if by else None, at=at, after=facts)
    return user


def name_outsider(session: Session, user: User, *, name: str, at: datetime) -> None:
    """Call somebody from outside as they call themselves; an account keeps its name."""
    if not user.outside or user.name == name:
        return
    before, user.name = user.name, name
    record(session, "account.named", subject=user.id, by=user.id, at=at, before={"name": before}, after={"name": name})


def note_attempt(session: Session, *, email: str, address: str, succeeded: bool, at: datetime) -> None:
    """Remember an attempt to sign in, for the throttle."""
    account, place = hashed(email.strip().lower()), hashed(address)
    session.add(SignInAttempt(account_hash=account, address_hash=place, at=at, succeeded=succeeded))


def open_session(session: Session, user: User, *, device: str, at: datetime) -> tuple[UserSession, str]:
    """Sign the person in on a device; returns the session row and the token that only the cookie keeps."""
    token = secrets.token_urlsafe(32)
    opened = UserSession(
        token_hash=hashed(token), user_id=user.id, device=device[:200], created_at=at, expires_at=at + SESSION_LASTS
    )
    session.add(opened)
    session.flush()
    record(session, "session.opened", subject=user.id, by=user.id, at=at, target=opened.id)
    return opened, token


def revoke_session(session: Session, opened: UserSession, *, by: User, at: datetime) -> None:
    """End one session."""
    opened.revoked_at = at
    record(session, "session.revoked", subject=opened.user_id, by=by.id, at=at, target=opened.id)


def revoke_all_sessions(session: Session, user: User, *, by: User, at: datetime) -> None:
    """End every session of a person, on every device."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    record(session, "session.all_revoked", subject=user.id, by=by.id, at=at)


def choose_language(session: Session, user: User, *, language: str, at: datetime) -> None:
    """Remember the language a person reads in."""
    before, user.language = user.language, language
    record(
        session,
        "account.language_chosen",
        subject=user.id,
        by=user.id,
        at=at,
        before={"language": before},
        after={"language": language},
    )


def change_password(session: Session, user: User, *, password: str, at: datetime) -> None:
    """Give the account a new password and end its sessions; the caller opens a new one."""
    user.password_hash, user.password_is_first = hash_of(password), False
    record(session, "account.password_changed", subject=user.id, by=user.id, at=at)
    revoke_all_sessions(session, user, by=user, at=at)


def forget_old_sign_ins(session: Session, *, at: datetime) -> None:
    """Remove attempts that no throttle looks at any more, and sessions that ended a month ago."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < at - 2 * WINDOW))
    session.execute(delete(UserSession).where(UserSession.expires_at < at - timedelta(days=30)))
