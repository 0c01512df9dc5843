"""Assessments: asked for by a trainee, answered by an assessor; and what an assessor typed and did not give yet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.util import immutabledict

from competencies.invitations import Identity
from competencies.observations import AssessmentStatus
from competencies.scales import Direction
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.db import Base, Key, one_of
from lms.curriculum.models import AssessmentForm, AssessmentInstrument, Epa, InstrumentForm, RatingScale
from lms.logbook.models import Activity


def _when_asked(context: Any) -> datetime:
    """Return since when the first holder of a request has it."""
    asked: datetime = context.get_current_parameters()["requested_at"]
    return asked


class Assessment(Base):
    """One assessor's view of one activity for one EPA, with one instrument.

    What an answer holds follows from the instrument: a level on `scale`, passed or not, a confirmed quantity, or the
    facts of a project; a comment always may. A rating keeps its direction: retrospective and prospective never mix.
    One assessor answers once with the same form about the same act; only a feedback round is answered by oneself too.

    The form that was filled in is the programme's (`form`) or the version that the instrument had (`instrument_form`);
    `answers` holds what was answered to its items beside the result, by their keys.

    Who was `invited` needs no role to answer. `identity` says by what it is known who answered, and `stated_role` what
    somebody without an account said to be.

    `started` says that its assessor began it, unasked: it never waits.

    While it waits `assessor_id` names who holds it, since `held_since`; `remind_on` is the day of the next reminder and
    `expires_on` the last one on which it can be answered. Neither touches `version`: who is answering sees nothing new.
    """

    __tablename__ = "assessments"

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), index=True)
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"))
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    instrument_key: Mapped[str] = mapped_column(ForeignKey("instruments.key"))
    form_key: Mapped[str | None]
    scale_id: Mapped[UUID | None] = mapped_column(ForeignKey("scales.id"))
    direction: Mapped[Direction] = mapped_column(one_of(Direction, "direction"))
    status: Mapped[AssessmentStatus] = mapped_column(one_of(AssessmentStatus, "assessment_status"))
    requested_at: Mapped[datetime]
    held_since: Mapped[datetime] = mapped_column(default=_when_asked)
    expires_on: Mapped[date | None]
    extended_at: Mapped[datetime | None]
    remind_on: Mapped[date | None]
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")
    answered_at: Mapped[datetime | None]
    level_code: Mapped[str | None]
    level_rank: Mapped[int | None]
    passed: Mapped[bool | None]
    quantity: Mapped[int | None]
    facts: Mapped[dict[str, int] | None]
    comment: Mapped[str] = mapped_column(default="")
    decline_reason: Mapped[str] = mapped_column(default="")
    instrument_form_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument_forms.id"))
    form_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment_forms.id"))
    answers: Mapped[dict[str, Any] | None]
    invited: Mapped[bool] = mapped_column(default=False, server_default=false())
    identity: Mapped[Identity] = mapped_column(
        one_of(Identity, "identity"), default=Identity.ACCOUNT, server_default=Identity.ACCOUNT.value
    )
    stated_role: Mapped[str] = mapped_column(default="", server_default="")
    started: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)

    activity: Mapped[Activity] = relationship(lazy="raise")
    enrolment: Mapped[Enrolment] = relationship(lazy="raise")
    trainee: Mapped[User] = relationship(lazy="raise", foreign_keys=[trainee_id])
    assessor: Mapped[User] = relationship(lazy="raise", foreign_keys=[assessor_id])
    epa: Mapped[Epa] = relationship(lazy="raise")
    scale: Mapped[RatingScale | None] = relationship(lazy="raise")
    instrument: Mapped[AssessmentInstrument] = relationship(lazy="raise")
    instrument_form: Mapped[InstrumentForm | None] = relationship(lazy="raise")
    form: Mapped[AssessmentForm | None] = relationship(lazy="raise")

    __table_args__ = (
        ForeignKeyConstraint(["activity_id", "epa_id"], ["activity_epas.activity_id", "activity_epas.epa_id"]),
        ForeignKeyConstraint(["scale_id", "level_code"], ["scale_levels.scale_id", "scale_levels.code"]),
        CheckConstraint("(status = 'requested') = (answered_at IS NULL)", name="answered_when_not_waiting"),
        CheckConstraint("(level_code IS NULL) = (level_rank IS NULL)", name="level_whole"),
        CheckConstraint(
            "level_code IS NULL OR (status IN ('submitted', 'disowned') AND scale_id IS NOT NULL)",
            name="level_submitted",
        ),
        CheckConstraint("identity = 'account' OR invited", name="known_by_link_when_invited"),
        CheckConstraint("NOT (started AND invited)", name="started_or_invited"),
        CheckConstraint("status <> 'declined' OR decline_reason <> ''", name="declined_with_reason"),
        CheckConstraint("assessor_id <> trainee_id OR instrument_key = 'msf'", name="never_ones_own"),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity_sensible"),
        Index("ix_assessments_remind_on", "remind_on", postgresql_where=text("status = 'requested'")),
        Index("ix_assessments_expires_on", "expires_on", postgresql_where=text("status = 'requested'")),
        Index("ix_assessments_enrolment_id_epa_id", "enrolment_id", "epa_id"),
        Index("ix_assessments_trainee_id", "trainee_id"),
        Index(
            "ix_assessments_waiting", "assessor_id", "requested_at", "id", postgresql_where=text("status = 'requested'")
        ),
        Index("ix_assessments_assessor_id_answered_at", "assessor_id", "answered_at", "id"),
        Index(
            "uq_assessments_asked",
            "activity_id",
            "epa_id",
            "assessor_id",
            "instrument_key",
            text("coalesce(form_key, '')"),
            unique=True,
            postgresql_where=text("status IN ('requested', 'submitted')"),
        ),
    )
    __mapper_args__ = immutabledict({"version_id_col": version})


class AnswerDraft(Base):
    """What an assessor typed into the form of a request and has not given yet; it is theirs alone.

    `typed` holds the fields of the form as text; `revision` counts how often it was saved, so that two tabs or devices
    find out about one another. It is gone once the request is closed.
    """

    __tablename__ = "answer_drafts"

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessments.id"), primary_key=True)
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    typed: Mapped[dict[str, Any]]
    revision: Mapped[int]
    saved_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("revision >= 1", name="revision_positive"),)


class StartDraft(Base):
    """What an assessor typed into the form of an assessment that nobody asked for; it is theirs alone.

    As `AnswerDraft`, by the enrolment that it is about. It is gone once the assessment is given, or after two weeks.
    """

    __tablename__ = "start_drafts"

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    typed: Mapped[dict[str, Any]]
    revision: Mapped[int]
    saved_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("revision >= 1", name="revision_positive"),)


class SelfRating(Base):
    """A trainee's own level for an act on one EPA, given before any assessor's is in; it counts nowhere.

    It is a table of its own, so that no query of ratings can mistake it for one. It goes with an EPA that is taken out
    of the activity.
    """

    __tablename__ = "self_ratings"

    id: Mapped[Key]
    activity_id: Mapped[UUID]
    epa_id: Mapped[UUID]
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    scale_id: Mapped[UUID]
    level_code: Mapped[str]
    direction: Mapped[Direction] = mapped_column(one_of(Direction, "direction"))
    comment: Mapped[str]
    rated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("activity_id", "epa_id"),
        ForeignKeyConstraint(
            ["activity_id", "epa_id"], ["activity_epas.activity_id", "activity_epas.epa_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["scale_id", "level_code"], ["scale_levels.scale_id", "scale_levels.code"]),
    )


class HandOn(Base):
    """That a request went from one assessor to another; append-only, so that every holder stays to be seen."""

    __tablename__ = "assessment_hand_ons"

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessments.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    held_since: Mapped[datetime]
    at: Mapped[datetime]

    from_: Mapped[User] = relationship(lazy="raise", foreign_keys=[from_id])
    to: Mapped[User] = relationship(lazy="raise", foreign_keys=[to_id])

    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="to_another"),
        CheckConstraint("at >= held_since", name="held_before"),
        UniqueConstraint("assessment_id", "to_id"),
    )


class RequestLimit(Base):
    """The most requests that may wait for one person: chosen by themselves, or by an organisation for its trainers."""

    __tablename__ = "request_limits"

    id: Mapped[Key]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), unique=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), unique=True)
    most: Mapped[int]

    __table_args__ = (
        CheckConstraint("num_nonnulls(user_id, organisation_id) = 1", name="of_one"),
        CheckConstraint("most BETWEEN 1 AND 99", name="sensible"),
    )
