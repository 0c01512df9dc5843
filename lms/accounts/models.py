"""People who sign in or assess from outside, their sessions, and the attempts to sign in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base, Key


class User(Base):
    """A person with an account, or one from outside, who is known by an e-mail address alone and cannot sign in.

    Somebody from outside assesses by a link. The row is what tells one assessor from another, and becomes their account
    once they get one.
    """

    __tablename__ = "users"

    id: Mapped[Key]
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str | None]
    password_is_first: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str | None]
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    outside: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        Index("uq_users_email_lower", text("lower(email)"), unique=True),
        CheckConstraint("NOT outside OR password_hash IS NULL", name="outside_without_password"),
    )


class UserSession(Base):
    """One sign-in on one device, until it expires or is revoked; the cookie's token is stored as its SHA-256 only."""

    __tablename__ = "user_sessions"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    device: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")


class SignInAttempt(Base):
    """One attempt to sign in: for which account and from which address, both as hashes, and whether it succeeded."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[Key]
    account_hash: Mapped[bytes]
    address_hash: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(index=True)
    succeeded: Mapped[bool]

    __table_args__ = (
        Index("ix_sign_in_attempts_account_hash_at", "account_hash", "at"),
        Index("ix_sign_in_attempts_address_hash_at", "address_hash", "at"),
    )
