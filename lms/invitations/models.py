"""Invitations: links by which somebody without an account answers one request for an assessment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.invitations import Identity
from lms.assessments.models import Assessment
from lms.core.db import Base, Key, one_of
from lms.logbook.models import Activity


class Invitation(Base):
    """A link that opens one request, once; of its tokens only the SHA-256 is kept.

    One that was sent belongs to a request (`assessment_id`) to a known address. One behind a code on the trainee's
    phone gets its request with the answer, as only then it is known who answers; until then `nonce` lets the code be
    drawn again. The browser that first sends something is the only one from then on (`browser_hash`). `receipt_hash`
    is of the link by which who answered can say that it was not them.
    """

    __tablename__ = "invitations"

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"))
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessments.id"), unique=True)
    identity: Mapped[Identity] = mapped_column(one_of(Identity, "identity"))
    instrument_key: Mapped[str] = mapped_column(ForeignKey("instruments.key"))
    form_key: Mapped[str | None]
    scale_id: Mapped[UUID | None] = mapped_column(ForeignKey("scales.id"))
    stated_role: Mapped[str] = mapped_column(default="")
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    nonce: Mapped[bytes | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    browser_hash: Mapped[bytes | None]
    withdrawn_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    receipt_hash: Mapped[bytes | None] = mapped_column(unique=True)

    activity: Mapped[Activity] = relationship(lazy="raise")
    assessment: Mapped[Assessment | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("identity <> 'account'", name="by_link"),
        CheckConstraint("identity <> 'known_address' OR assessment_id IS NOT NULL", name="sent_for_a_request"),
        CheckConstraint("answered_at IS NULL OR assessment_id IS NOT NULL", name="answered_request"),
        CheckConstraint("(answered_at IS NULL) = (receipt_hash IS NULL)", name="receipt_of_answer"),
        CheckConstraint("nonce IS NULL OR identity = 'shown_code'", name="nonce_of_code"),
        CheckConstraint("expires_at > made_at", name="lasts"),
    )
