"""The current standing of a trainee on an EPA, and the EPAs of earlier versions that it takes in."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import Base
from lms.curriculum.models import Epa


class Standing(Base):
    """What the history of one enrolment on one EPA comes down to; rebuilt and proven equal by `bekwaam check`.

    The level is that of the newest decision whatever its dates: whether it is in force on a day follows from
    `decided_on` and `valid_until`. `decision_id` names that decision.

    The last rating is the one on the scale of the EPA whose activity was the latest (`last_rated_on`), and of several
    of that day the one that was answered last (`last_answered_at`).

    After a move to another version of the programme, a standing on a new EPA takes in what was given on the old ones
    that it carries. An old one says so: `is_carried` when its evidence counts on, `is_recognised` when its decision
    holds on.
    """

    __tablename__ = "standings"

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"), primary_key=True)
    decision_id: Mapped[UUID | None]
    level_code: Mapped[str | None]
    level_rank: Mapped[int | None]
    decided_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    rating_count: Mapped[int] = mapped_column(default=0)
    last_rating_code: Mapped[str | None]
    last_rating_rank: Mapped[int | None]
    last_rated_on: Mapped[date | None]
    last_answered_at: Mapped[datetime | None]
    waiting_count: Mapped[int] = mapped_column(default=0)
    is_carried: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_recognised: Mapped[bool] = mapped_column(default=False, server_default=false())

    epa: Mapped[Epa] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("rating_count >= 0 AND waiting_count >= 0", name="counts"),
        CheckConstraint(
            "num_nonnulls(decision_id, level_code, level_rank, decided_on) IN (0, 4)", name="decision_whole"
        ),
    )


class CarriedEpa(Base):
    """An EPA of the version that a trainee follows, and an earlier one whose evidence counts for it.

    The rows of an enrolment are those of its last move; `bekwaam check` proves them equal to it.
    """

    __tablename__ = "carried_epas"

    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    from_epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"), primary_key=True)
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"), primary_key=True)

    __table_args__ = (CheckConstraint("from_epa_id <> epa_id", name="another"),)
